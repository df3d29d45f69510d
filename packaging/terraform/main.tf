# What template.yaml makes, as resources of Terraform's. The tests compare the two.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # What the template calls conditions.
  create_bucket   = var.bucket_name == ""
  has_kms_key     = var.upload_sse_kms_key != ""
  may_read        = var.upload_downloads == "on" || nonsensitive(var.upload_receipt_secret != "")
  signs_as_role   = var.upload_access_key_id == ""
  may_tag         = var.upload_tags != "" || var.upload_profiles != "" || var.upload_ask_url != ""
  has_jwt         = var.jwt_issuer != ""
  has_login       = var.upload_login_origin != "" || var.upload_login_client_id != ""
  has_iam         = var.iam_auth == "on"
  has_authorizer  = var.authorizer_arn != ""
  notifies        = var.notify_url != "" # a precondition below sees to the secret, which may not be known yet
  has_alarm_topic = var.alarm_topic_arn != ""
  scans           = var.malware_scan == "on" && local.create_bucket

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  suffix    = data.aws_partition.current.dns_suffix
  region    = data.aws_region.current.id

  zip        = var.zip_path != "" ? var.zip_path : "${path.module}/../countersign-${var.architecture}.zip"
  bucket     = local.create_bucket ? aws_s3_bucket.upload[0].id : var.bucket_name
  bucket_arn = "arn:${local.partition}:s3:::${local.bucket}"
  # What upload_key has before its first {.
  prefix  = split("{", var.upload_key)[0]
  api_url = "https://${aws_apigatewayv2_api.upload.id}.execute-api.${local.region}.${local.suffix}"
}

# ---- The function ----

# Made once and then left as it is. Terraform's state has it, as it has the function's environment. It is there with a
# secret of the user's too: whether there is one may not be known when Terraform plans.
resource "random_password" "seal" {
  length  = 64
  special = false
}

resource "aws_lambda_function" "upload" {
  function_name    = var.name
  filename         = local.zip
  source_code_hash = filebase64sha256(local.zip)
  handler          = "bootstrap"
  runtime          = "provided.al2023"
  architectures    = [var.architecture]
  memory_size      = var.memory_size
  # S3 may take many seconds to join thousands of parts; an HTTP API waits for 30 and no longer.
  timeout = 29
  role    = aws_iam_role.upload.arn

  logging_config {
    log_group  = aws_cloudwatch_log_group.function.name
    log_format = "JSON"
  }

  environment {
    variables = {
      UPLOAD_BUCKET          = local.bucket
      UPLOAD_KEY             = var.upload_key
      UPLOAD_EXPIRES_SECONDS = var.upload_expires_seconds
      UPLOAD_MAX_BYTES       = var.upload_max_bytes
      UPLOAD_TYPES           = var.upload_types
      UPLOAD_ORIGINS         = var.upload_origins
      UPLOAD_REQUIRE         = var.upload_require
      UPLOAD_OVERWRITE       = var.upload_overwrite
      UPLOAD_FORM            = var.upload_form
      UPLOAD_DOWNLOADS       = var.upload_downloads
      UPLOAD_PAGE            = var.upload_page
      UPLOAD_PAGE_ORIGIN     = var.upload_page_origin
      UPLOAD_LOGIN_ISSUER    = local.has_login ? var.jwt_issuer : ""
      UPLOAD_LOGIN_CLIENT_ID = var.upload_login_client_id != "" ? var.upload_login_client_id : local.has_login ? split(",", var.jwt_audience)[0] : ""
      UPLOAD_LOGIN_ORIGIN    = var.upload_login_origin
      # So that a function URL or a second API, made some day and forgotten, is no way around the authorizer.
      UPLOAD_CALLER            = length(local.authorizers) > 0 ? "required" : "any"
      UPLOAD_CREDENTIALS       = var.upload_credentials
      UPLOAD_SEAL_SECRET       = var.upload_seal_secret == "off" ? "" : var.upload_seal_secret == "" ? random_password.seal.result : var.upload_seal_secret
      UPLOAD_PROFILES          = var.upload_profiles
      UPLOAD_ASK_URL           = var.upload_ask_url
      UPLOAD_ASK_TIMEOUT_MS    = var.upload_ask_timeout_ms
      UPLOAD_WEBHOOK_SECRET    = var.upload_webhook_secret
      UPLOAD_RECEIPT_SECRET    = var.upload_receipt_secret
      UPLOAD_RECEIPT_SUBJECT   = var.upload_receipt_subject
      UPLOAD_TAGS              = var.upload_tags
      UPLOAD_DISPOSITION       = var.upload_disposition
      UPLOAD_CACHE_CONTROL     = var.upload_cache_control
      UPLOAD_SSE               = var.upload_sse
      UPLOAD_SSE_KMS_KEY       = var.upload_sse_kms_key
      UPLOAD_ACCELERATE        = var.upload_accelerate
      UPLOAD_ADDRESSING        = var.upload_addressing
      AWS_ENDPOINT_URL_S3      = var.endpoint_url
      UPLOAD_REGION            = var.upload_region
      UPLOAD_ACCESS_KEY_ID     = var.upload_access_key_id
      UPLOAD_SECRET_ACCESS_KEY = var.upload_secret_access_key
    }
  }

  # What one variable's validation can't say. Terraform checks these before it makes anything.
  lifecycle {
    precondition {
      condition     = var.upload_sse_kms_key == "" || contains(["aws:kms", "aws:kms:dsse"], var.upload_sse)
      error_message = "upload_sse_kms_key needs upload_sse to be aws:kms or aws:kms:dsse."
    }
    precondition {
      condition     = var.upload_credentials != "on" || var.upload_origins != "*"
      error_message = "upload_credentials needs upload_origins to name the origins whose pages may send cookies."
    }
    precondition {
      condition     = var.upload_accelerate != "on" || var.endpoint_url == ""
      error_message = "upload_accelerate does not go with an endpoint_url."
    }
    precondition {
      condition     = var.upload_accelerate != "on" || var.upload_addressing != "path"
      error_message = "upload_accelerate does not go with upload_addressing path."
    }
    precondition {
      condition     = var.upload_region == "" || var.bucket_name != ""
      error_message = "upload_region needs bucket_name, for the stack's own bucket is in the stack's region."
    }
    precondition {
      condition     = var.upload_access_key_id == "" || var.upload_secret_access_key != ""
      error_message = "upload_access_key_id needs upload_secret_access_key."
    }
    precondition {
      condition     = var.upload_access_key_id == "" || var.bucket_name != ""
      error_message = "upload_access_key_id needs bucket_name, for the stack can't make a bucket at another store."
    }
    precondition {
      condition     = var.upload_secret_access_key == "" || var.upload_access_key_id != ""
      error_message = "upload_secret_access_key needs upload_access_key_id."
    }
    precondition {
      condition     = (var.jwt_issuer != "" || var.iam_auth != "off" || var.authorizer_arn != "") || var.open_to_anybody == "yes"
      error_message = "Anybody who knows the URL could upload. Set open_to_anybody=yes if that is meant, or let callers in by jwt_issuer and jwt_audience, by iam_auth or by authorizer_arn."
    }
    precondition {
      condition     = var.jwt_issuer == "" || var.jwt_audience != ""
      error_message = "jwt_issuer needs jwt_audience, or any token of that issuer would do."
    }
    precondition {
      condition     = !local.has_login || var.jwt_issuer != ""
      error_message = "upload_login_origin and upload_login_client_id need jwt_issuer, where the page signs its user in."
    }
    precondition {
      condition     = var.jwt_audience == "" || var.jwt_issuer != ""
      error_message = "jwt_audience needs jwt_issuer, or the API would be open to anybody."
    }
    precondition {
      condition     = var.iam_auth != "on" || var.jwt_issuer == ""
      error_message = "iam_auth and jwt_issuer are two ways to let callers in; set one of them."
    }
    precondition {
      condition     = var.authorizer_arn == "" || var.jwt_issuer == ""
      error_message = "authorizer_arn and jwt_issuer are two ways to let callers in; set one of them."
    }
    precondition {
      condition     = var.authorizer_arn == "" || var.iam_auth == "off"
      error_message = "authorizer_arn and iam_auth are two ways to let callers in; set one of them."
    }
    precondition {
      condition     = var.upload_ask_url == "" || var.upload_webhook_secret != ""
      error_message = "upload_ask_url needs upload_webhook_secret, or the app could not tell who asks."
    }
    precondition {
      condition     = var.upload_receipt_subject == "" || var.upload_receipt_secret != ""
      error_message = "upload_receipt_subject needs upload_receipt_secret, for there are no receipts without."
    }
    precondition {
      condition     = var.notify_url == "" || var.notify_secret != ""
      error_message = "notify_url needs notify_secret, or anybody could tell the app that something is stored."
    }
    precondition {
      condition     = var.notify_url == "" || var.upload_region == ""
      error_message = "notify_url does not go with an upload_region, for a stack hears of its own region's buckets alone."
    }
    precondition {
      condition     = var.notify_url == "" || var.endpoint_url == ""
      error_message = "notify_url does not go with an endpoint_url, for only S3 tells of what it stores."
    }
    precondition {
      condition     = var.notify_secret == "" || var.notify_url != ""
      error_message = "notify_secret needs notify_url."
    }
    precondition {
      condition     = var.malware_scan != "on" || var.bucket_name == ""
      error_message = "malware_scan is of the stack's own bucket, so bucket_name must be empty."
    }
  }
}

# A signed URL can do what its signer may do, and no more: this is what a leaked one is worth.
resource "aws_iam_role" "upload" {
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.upload.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
      # Terraform's ARN of a log group ends before the :* that stands for its streams.
      Resource = "${aws_cloudwatch_log_group.function.arn}:*"
    }]
  })
}

# With keys of another store the role signs nothing, so it may do nothing there.
resource "aws_iam_role_policy" "uploads" {
  count = local.signs_as_role ? 1 : 0
  name  = "uploads"
  role  = aws_iam_role.upload.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in [
      {
        Effect = "Allow"
        Action = concat(
          # By its tags the function sees whether an object is there, and no byte of it.
          ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:GetObjectTagging"],
          local.may_read ? ["s3:GetObject"] : [],
          local.may_tag ? ["s3:PutObjectTagging"] : [],
        )
        Resource = "${local.bucket_arn}/${local.prefix}*"
      },
      # A URL that puts an object shall not copy another one there.
      {
        Effect    = "Deny"
        Action    = ["s3:PutObject"]
        Resource  = "*"
        Condition = { Null = { "s3:x-amz-copy-source" = "false" } }
      },
      # S3 asks KMS for a data key at each upload, and to decrypt when it joins a multipart one.
      local.has_kms_key ? {
        Effect   = "Allow"
        Action   = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource = var.upload_sse_kms_key
        Condition = {
          StringEquals = { "kms:ViaService" = "s3.${var.upload_region != "" ? var.upload_region : local.region}.${local.suffix}" }
        }
      } : null,
    ] : statement if statement != null]
  })
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

# ---- The API ----

locals {
  integration = {
    x-amazon-apigateway-integration = {
      type                 = "aws_proxy"
      httpMethod           = "POST"
      payloadFormatVersion = "2.0"
      uri                  = aws_lambda_function.upload.invoke_arn
    }
  }

  page    = ["page.css", "page.js", "page.json", "messages.js", "login.js", "countersign.js", "sha256_worker.js"]
  profile = { name = "profile", in = "path", required = true, schema = { type = "string" } }
  # The page and its files, without an authorizer: a browser loads them without a token. With the page off the function
  # answers 404.
  page_paths = merge(
    { for path in concat([""], local.page) : "/${path}" => { get = local.integration } },
    { for path in concat(["index.html"], local.page) :
    "/{profile}/${path}" => { parameters = [local.profile], get = local.integration } },
  )
  other_paths = {
    # Every other path: the function matches the end of the path, and answers 404 and 405 itself.
    "/{proxy+}" = {
      parameters = [{ name = "proxy+", in = "path", required = true, schema = { type = "string" } }]
      x-amazon-apigateway-any-method = merge(
        { security = [for name in keys(local.authorizers) : { (name) = [] }] }, local.integration
      )
      # A preflight carries no token, so it never has an authorizer. The function answers it.
      options = local.integration
    }
  }

  # The one that there is, if any.
  authorizers = { for name, scheme in {
    jwt = local.has_jwt ? {
      type = "oauth2"
      x-amazon-apigateway-authorizer = {
        type           = "jwt"
        identitySource = "$request.header.Authorization"
        jwtConfiguration = {
          issuer   = var.jwt_issuer
          audience = split(",", var.jwt_audience)
        }
      }
    } : null
    iam = local.has_iam ? {
      type                         = "apiKey"
      name                         = "Authorization"
      in                           = "header"
      x-amazon-apigateway-authtype = "awsSigv4"
    } : null
    lambda = local.has_authorizer ? {
      type = "apiKey"
      name = var.authorizer_identity_header
      in   = "header"
      x-amazon-apigateway-authorizer = {
        type                           = "request"
        authorizerPayloadFormatVersion = "2.0"
        enableSimpleResponses          = true
        identitySource                 = "$request.header.${var.authorizer_identity_header}"
        authorizerResultTtlInSeconds   = var.authorizer_ttl_seconds
        authorizerUri                  = "arn:${local.partition}:apigateway:${local.region}:lambda:path/2015-03-31/functions/${var.authorizer_arn}/invocations"
      }
    } : null
  } : name => scheme if scheme != null }
}

resource "aws_apigatewayv2_api" "upload" {
  name          = var.name
  protocol_type = "HTTP"
  body = jsonencode({
    openapi    = "3.0.1"
    info       = { title = var.name, version = "1" }
    paths      = merge(local.other_paths, local.page_paths)
    components = { for name, schemes in { securitySchemes = local.authorizers } : name => schemes if length(schemes) > 0 }
  })
}

resource "aws_apigatewayv2_stage" "upload" {
  api_id      = aws_apigatewayv2_api.upload.id
  name        = "$default"
  auto_deploy = true
  default_route_settings {
    throttling_rate_limit  = var.throttle_rate
    throttling_burst_limit = var.throttle_burst
  }
  # The path, but not the query: it holds the names of people's files.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format = join(" ", [
      "{\"time\":\"$context.requestTime\",\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",",
      "\"method\":\"$context.httpMethod\",\"path\":\"$context.path\",\"status\":\"$context.status\",",
      "\"milliseconds\":\"$context.responseLatency\",\"error\":\"$context.error.message\",",
      "\"authorizer\":\"$context.authorizer.error\",\"integration\":\"$context.integrationErrorMessage\"}",
    ])
  }
}

resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.upload.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.upload.execution_arn}/*"
}

# Of any authorizer of this API, and nothing else of API Gateway's.
resource "aws_lambda_permission" "authorizer" {
  count  = local.has_authorizer ? 1 : 0
  action = "lambda:InvokeFunction"
  # The provider reads an alias or a version back beside the name: within it, each plan would make the permission anew.
  function_name = join(":", slice(split(":", var.authorizer_arn), 0, 7))
  qualifier     = try(split(":", var.authorizer_arn)[7], null)
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.upload.execution_arn}/authorizers/*"
}

resource "aws_cloudwatch_log_group" "api" {
  # This beginning keeps the account's policy for log delivery short (it has a size limit).
  name              = "/aws/vendedlogs/apis/${var.name}"
  retention_in_days = var.log_retention_days
}
