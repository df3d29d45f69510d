# Telling the app what was stored, with a notify_url; and the alarms.

resource "aws_cloudwatch_event_rule" "notify" {
  count       = local.notifies ? 1 : 0
  name_prefix = "${var.name}-"
  description = "Tells the app of each object that is stored where uploads go."
  # Keys come here unencoded.
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [local.bucket] }
      object = { key = [{ prefix = local.prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "notify" {
  count     = local.notifies ? 1 : 0
  rule      = aws_cloudwatch_event_rule.notify[0].name
  target_id = "app"
  arn       = aws_cloudwatch_event_api_destination.notify[0].arn
  role_arn  = aws_iam_role.notify[0].arn
  # The longest that EventBridge tries, with pauses that grow.
  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
  dead_letter_config {
    arn = aws_sqs_queue.failures[0].arn
  }
}

resource "aws_cloudwatch_event_api_destination" "notify" {
  count               = local.notifies ? 1 : 0
  name                = var.name
  connection_arn      = aws_cloudwatch_event_connection.notify[0].arn
  http_method         = "POST"
  invocation_endpoint = var.notify_url
}

# EventBridge keeps the secret in Secrets Manager, at no cost.
resource "aws_cloudwatch_event_connection" "notify" {
  count              = local.notifies ? 1 : 0
  name               = var.name
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = var.notify_header
      value = var.notify_secret
    }
  }
}

resource "aws_iam_role" "notify" {
  count       = local.notifies ? 1 : 0
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "notify" {
  count = local.notifies ? 1 : 0
  name  = "tell"
  role  = aws_iam_role.notify[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["events:InvokeApiDestination"]
      Resource = aws_cloudwatch_event_api_destination.notify[0].arn
    }]
  })
}

# What the app did not take within a day, for as long as a queue can keep it.
resource "aws_sqs_queue" "failures" {
  count                     = local.notifies ? 1 : 0
  name_prefix               = "${var.name}-"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "failures" {
  count     = local.notifies ? 1 : 0
  queue_url = aws_sqs_queue.failures[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = aws_sqs_queue.failures[0].arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.notify[0].arn } }
    }]
  })
}

# ---- Alarms: the queue's always, the others with an alarm_topic_arn ----

locals {
  alarms = merge(
    local.notifies ? {
      notify = {
        description = "The app was not told of something that is stored. The queue of the dimension has the events."
        namespace   = "AWS/SQS"
        metric      = "ApproximateNumberOfMessagesVisible"
        dimensions  = { QueueName = aws_sqs_queue.failures[0].name }
        statistic   = "Maximum"
      }
    } : {},
    local.has_alarm_topic ? {
      function-errors = {
        description = "The function could not start, crashed or ran out of time. Its log says which."
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = { FunctionName = aws_lambda_function.upload.function_name }
        statistic   = "Sum"
      }
      function-throttles = {
        description = "Lambda ran no more of the function at once, for it or the account is at its limit."
        namespace   = "AWS/Lambda"
        metric      = "Throttles"
        dimensions  = { FunctionName = aws_lambda_function.upload.function_name }
        statistic   = "Sum"
      }
      api-errors = {
        description = "The API answered with 500 or above, or the function did. The access log has the requests."
        namespace   = "AWS/ApiGateway"
        metric      = "5xx"
        dimensions  = { ApiId = aws_apigatewayv2_api.upload.id }
        statistic   = "Sum"
      }
    } : {},
  )
}

resource "aws_cloudwatch_metric_alarm" "upload" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  # Nothing is counted while nobody asks, and an empty queue has no data after some hours.
  treat_missing_data = "notBreaching"
  alarm_actions      = compact([var.alarm_topic_arn])
}
