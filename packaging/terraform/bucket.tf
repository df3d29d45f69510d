# The bucket, unless bucket_name names one. Terraform deletes no bucket that has files in it.

resource "aws_s3_bucket" "upload" {
  count         = local.create_bucket ? 1 : 0
  bucket_prefix = "${lower(var.name)}-"
}

resource "aws_s3_bucket_public_access_block" "upload" {
  count                   = local.create_bucket ? 1 : 0
  bucket                  = aws_s3_bucket.upload[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "upload" {
  count  = local.create_bucket ? 1 : 0
  bucket = aws_s3_bucket.upload[0].id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "upload" {
  count  = local.create_bucket ? 1 : 0
  bucket = aws_s3_bucket.upload[0].id
  rule {
    bucket_key_enabled = local.has_kms_key ? true : null
    apply_server_side_encryption_by_default {
      sse_algorithm     = local.has_kms_key ? "aws:kms" : "AES256"
      kms_master_key_id = local.has_kms_key ? var.upload_sse_kms_key : null
    }
  }
}

# Parts of an upload that was never completed are paid for and can't be seen in a listing.
resource "aws_s3_bucket_lifecycle_configuration" "upload" {
  count  = local.create_bucket ? 1 : 0
  bucket = aws_s3_bucket.upload[0].id
  rule {
    id     = "abort-incomplete-multipart-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "upload" {
  count  = local.create_bucket ? 1 : 0
  bucket = aws_s3_bucket.upload[0].id
  cors_rule {
    # GET and DELETE are of Uppy 6's signRequest, which lists and aborts multipart uploads from the browser. No object can
    # be deleted: the role may not, and such a request is never signed.
    allowed_methods = ["PUT", "POST", "GET", "DELETE"]
    allowed_origins = split(",", join(",", compact([var.upload_origins, var.upload_page_origin])))
    allowed_headers = ["Content-Type", "Content-Disposition", "Cache-Control", "If-None-Match", "x-amz-*"]
    # Upload clients read both; some wait for ever without ETag.
    expose_headers  = ["ETag", "Location"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_accelerate_configuration" "upload" {
  count  = local.create_bucket && var.upload_accelerate == "on" ? 1 : 0
  bucket = aws_s3_bucket.upload[0].id
  status = "Enabled"
}

# All events, to the account's own bus, where rules choose.
resource "aws_s3_bucket_notification" "upload" {
  count       = local.create_bucket && (local.notifies || local.scans) ? 1 : 0
  bucket      = aws_s3_bucket.upload[0].id
  eventbridge = true
}

resource "aws_s3_bucket_policy" "upload" {
  count  = local.create_bucket ? 1 : 0
  bucket = aws_s3_bucket.upload[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in [
      {
        Sid       = "DenyPlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.upload[0].arn, "${aws_s3_bucket.upload[0].arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      # So that not even a leaked signer's credentials make an upload URL that lives for a week.
      var.cap_signature_age != "on" ? null : {
        Sid       = "DenyOldSignedUrls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.upload[0].arn}/*"
        Condition = {
          StringEquals = { "s3:authType" = "REST-QUERY-STRING" }
          # Milliseconds.
          NumericGreaterThan = { "s3:signatureAge" = "${var.upload_expires_seconds}000" }
        }
      },
      # Nor may anybody take the tag off what is malware, which putting other tags would do.
      !local.scans ? null : {
        Sid       = "DenyMalware"
        Effect    = "Deny"
        Principal = "*"
        Action = [
          "s3:GetObject",
          "s3:GetObjectVersion",
          "s3:PutObjectTagging",
          "s3:PutObjectVersionTagging",
          "s3:DeleteObjectTagging",
          "s3:DeleteObjectVersionTagging",
        ]
        Resource = "${aws_s3_bucket.upload[0].arn}/*"
        Condition = {
          StringEquals = { "s3:ExistingObjectTag/GuardDutyMalwareScanStatus" = "THREATS_FOUND" }
          ArnNotEquals = { "aws:PrincipalArn" = aws_iam_role.scan[0].arn }
        }
      },
      !local.scans ? null : {
        Sid       = "DenyScanTagOfOthers"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:PutObjectTagging", "s3:PutObjectVersionTagging"]
        Resource  = "${aws_s3_bucket.upload[0].arn}/*"
        Condition = {
          "ForAnyValue:StringEquals" = { "s3:RequestObjectTagKeys" = "GuardDutyMalwareScanStatus" }
          ArnNotEquals               = { "aws:PrincipalArn" = aws_iam_role.scan[0].arn }
        }
      },
    ] : statement if statement != null]
  })
  depends_on = [aws_s3_bucket_public_access_block.upload]
}

# ---- Looking for malware, with malware_scan ----

resource "aws_guardduty_malware_protection_plan" "upload" {
  count = local.scans ? 1 : 0
  role  = aws_iam_role.scan[0].arn
  protected_resource {
    s3_bucket {
      bucket_name = aws_s3_bucket.upload[0].id
      # Without a prefix it is the whole bucket.
      object_prefixes = local.prefix != "" ? [local.prefix] : null
    }
  }
  actions {
    tagging {
      status = "ENABLED"
    }
  }
  # GuardDuty tries the bucket and the role when the plan is made, and nothing else may change them at that time.
  depends_on = [aws_s3_bucket_policy.upload, aws_s3_bucket_notification.upload, aws_iam_role_policy.scan]
}

resource "aws_iam_role" "scan" {
  count       = local.scans ? 1 : 0
  name_prefix = "${var.name}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "malware-protection-plan.guardduty.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# What GuardDuty documents that such a role needs.
resource "aws_iam_role_policy" "scan" {
  count = local.scans ? 1 : 0
  name  = "scan"
  role  = aws_iam_role.scan[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in [
      # The rule that tells GuardDuty of new objects, which EventBridge keeps for it.
      {
        Effect    = "Allow"
        Action    = ["events:PutRule", "events:DeleteRule", "events:PutTargets", "events:RemoveTargets"]
        Resource  = "arn:${local.partition}:events:${local.region}:${local.account}:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*"
        Condition = { StringEquals = { "events:ManagedBy" = "malware-protection-plan.guardduty.amazonaws.com" } }
      },
      {
        Effect   = "Allow"
        Action   = ["events:DescribeRule", "events:ListTargetsByRule"]
        Resource = "arn:${local.partition}:events:${local.region}:${local.account}:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*"
      },
      # That the bucket is the account's own, and that it sends its events.
      {
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:GetBucketNotification", "s3:PutBucketNotification"]
        Resource = aws_s3_bucket.upload[0].arn
      },
      # An object that is put to see whether all this works.
      {
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = "${aws_s3_bucket.upload[0].arn}/malware-protection-resource-validation-object"
      },
      {
        Effect = "Allow"
        Action = [
          "s3:GetObject",
          "s3:GetObjectVersion",
          "s3:GetObjectTagging",
          "s3:GetObjectVersionTagging",
          "s3:PutObjectTagging",
          "s3:PutObjectVersionTagging",
        ]
        Resource = "${aws_s3_bucket.upload[0].arn}/*"
      },
      local.has_kms_key ? {
        Effect    = "Allow"
        Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource  = var.upload_sse_kms_key
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${local.suffix}" } }
      } : null,
    ] : statement if statement != null]
  })
}
