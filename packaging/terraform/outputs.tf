output "api_url" {
  description = "The API. Every route works below any path of it."
  value       = local.api_url
}

output "page_url" {
  description = "A page to upload with. Open it in a browser. With profiles, add one of their names and /index.html."
  value       = var.upload_page == "on" ? "${local.api_url}/" : null
}

output "signed_url_example" {
  description = "Try this one first. With an authorizer it needs the header that says who calls; with profiles, one before the route."
  value       = "${local.api_url}/signed_url?file_name=test.txt&file_type=text/plain"
}

output "bucket_name" {
  description = "Where uploads land."
  value       = local.bucket
}

output "notify_failures_url" {
  description = "The queue of what the app at notify_url did not take within a day."
  value       = one(aws_sqs_queue.failures[*].id)
}

output "function_name" {
  description = "The function, for `aws logs tail` and `aws lambda invoke`."
  value       = aws_lambda_function.upload.function_name
}

output "role_arn" {
  description = "The role that signs: no URL can do what this role may not."
  value       = aws_iam_role.upload.arn
}
