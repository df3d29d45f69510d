# The parameters of template.yaml, in snake_case. Its patterns are here as far as RE2 has them; what looks ahead in them is
# a regex of its own.

# ---- What may be uploaded ----

variable "upload_origins" {
  type        = string
  description = "The origins whose pages may upload, such as https://app.example.com or https://*.example.com. * for any."
  default     = "*"
  nullable    = false
  validation {
    condition     = can(regex("^(\\*|[a-z][a-z0-9.-]*://(\\*|[A-Za-z0-9])[A-Za-z0-9.-]*(:[0-9]+)?(,[a-z][a-z0-9.-]*://(\\*|[A-Za-z0-9])[A-Za-z0-9.-]*(:[0-9]+)?)*)$", var.upload_origins))
    error_message = "upload_origins must be * or origins such as https://app.example.com or https://*.example.com, with commas between and no spaces."
  }
}

variable "upload_types" {
  type        = string
  description = "The content types that may be uploaded, such as image/*,application/pdf. Empty for any."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^(\\*/\\*|[A-Za-z0-9!#$%&'+.^_`|~-]+/(\\*|[A-Za-z0-9!#$%&'+.^_`|~-]+))( *, *(\\*/\\*|[A-Za-z0-9!#$%&'+.^_`|~-]+/(\\*|[A-Za-z0-9!#$%&'+.^_`|~-]+)))*$", var.upload_types))
    error_message = "upload_types must be empty or content types with commas between, such as image/*,application/pdf."
  }
}

variable "upload_max_bytes" {
  type        = string
  description = "The largest upload. With it, whoever asks for a signed PUT must say the size; forms and multipart uploads are held to it without. Empty for S3's own limits, 5 GiB for a PUT or a form."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[1-9][0-9]{0,13}$", var.upload_max_bytes))
    error_message = "upload_max_bytes must be empty or a number of bytes, of at most 54975581388800 (50 TiB)."
  }
}

variable "upload_require" {
  type        = string
  description = "What a request must declare about the file."
  default     = ""
  nullable    = false
  validation {
    condition     = contains(["", "size", "sha256", "size,sha256"], var.upload_require)
    error_message = "upload_require must be one of '', 'size', 'sha256', 'size,sha256'."
  }
}

variable "upload_expires_seconds" {
  type        = number
  description = "For how long a signed URL can be used."
  default     = 300
  nullable    = false
  validation {
    condition     = floor(var.upload_expires_seconds) == var.upload_expires_seconds && var.upload_expires_seconds >= 1 && var.upload_expires_seconds <= 604800
    error_message = "upload_expires_seconds must be a whole number from 1 to 604800."
  }
}

variable "upload_seal_secret" {
  type        = string
  description = "Seals multipart uploads. Empty for a random secret, which Terraform's state has. Or one of yours, as openssl rand -hex 32 makes; two with a comma between for a rotation: the first seals, both open. off for no multipart uploads."
  default     = ""
  nullable    = false
  sensitive   = true
  validation {
    condition     = can(regex("^$|^off$|^[!-+.-~-]{32}[!-+.-~-]{0,992}(,[!-+.-~-]{32}[!-+.-~-]{0,992})?$", var.upload_seal_secret))
    error_message = "upload_seal_secret must be empty, off, or 32 to 1024 characters without spaces, or two of these with a comma between."
  }
}

variable "upload_profiles" {
  type        = string
  description = "Several kinds of upload, as JSON such as {\"avatar\":{\"types\":\"image/*\",\"max_bytes\":2097152}}. A profile's name goes before the route, as in /avatar/signed_url. Empty for one kind."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^\\s*\\{\\s*\"[a-z0-9_-]{1,32}\"\\s*:\\s*\\{[\\s\\S]*\\}\\s*\\}\\s*$", var.upload_profiles))
    error_message = "upload_profiles must be empty or JSON such as {\"avatar\":{\"types\":\"image/*\",\"max_bytes\":2097152}}, whose names have 1 to 32 of a-z, 0-9, - and _."
  }
  validation {
    condition     = length(var.upload_profiles) <= 3072
    error_message = "upload_profiles must have 3072 characters at most."
  }
}

# ---- Where it goes ----

variable "bucket_name" {
  type        = string
  description = "An existing bucket to upload to, in this region or upload_region. Empty makes a new one."
  default     = ""
  nullable    = false
  validation {
    condition = var.bucket_name == "" || (
      can(regex("^[A-Za-z0-9._-]{3,255}$", var.bucket_name)) &&
      !can(regex("(-s3alias|--ol-s3|--x-s3|\\.mrap)$|^([0-9]+\\.){3}[0-9]+$", var.bucket_name))
    )
    error_message = "bucket_name must be empty or the name of a bucket (not an ARN, not an access point's alias)."
  }
}

variable "upload_key" {
  type        = string
  description = "How a key is made. {claim:...} gives each caller a folder, such as {claim:sub} with jwt_issuer or {claim:cognitoIdentityId} with iam_auth. The function may write only under what stands before the first {."
  default     = "uploads/{id}/{name}"
  nullable    = false
  validation {
    condition = (
      can(regex("\\{(id|name)\\}", var.upload_key)) &&
      can(regex("^([A-Za-z0-9!_.'()/=@+,-]|\\{(id|name|date|claim:[A-Za-z0-9_.:-]{1,64})\\})+$", var.upload_key)) &&
      !can(regex("^/|(^|/)\\.\\.?(/|$)|[^/]\\{claim:|\\{claim:[^}]*\\}([^/]|$)", var.upload_key))
    )
    error_message = "upload_key must have {id} or {name}, may have {date}, {claim:...} as a folder, letters, digits and !_.'()/=@+,- and must not start with / or have a part between slashes that is . or ..."
  }
  validation {
    condition     = length(var.upload_key) <= 512
    error_message = "upload_key must have 512 characters at most."
  }
}

variable "upload_overwrite" {
  type        = string
  description = "deny makes S3 refuse an upload to a key that exists."
  default     = "allow"
  nullable    = false
  validation {
    condition     = contains(["allow", "deny"], var.upload_overwrite)
    error_message = "upload_overwrite must be one of 'allow', 'deny'."
  }
}

variable "upload_tags" {
  type        = string
  description = "Tags that every upload gets, such as project=web&stage=prod."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^([A-Za-z0-9._+:/@-]|%[0-9A-Fa-f]{2})+=([A-Za-z0-9._+:/@=-]|%[0-9A-Fa-f]{2})*(&([A-Za-z0-9._+:/@-]|%[0-9A-Fa-f]{2})+=([A-Za-z0-9._+:/@=-]|%[0-9A-Fa-f]{2})*){0,9}$", var.upload_tags))
    error_message = "upload_tags must be empty or at most ten tags such as project=web&stage=prod, percent-encoded."
  }
}

variable "upload_disposition" {
  type        = string
  description = "attachment makes a browser that opens an object save it; inline shows it. Empty leaves it to the caller."
  default     = ""
  nullable    = false
  validation {
    condition     = contains(["", "attachment", "inline"], var.upload_disposition)
    error_message = "upload_disposition must be one of '', 'attachment', 'inline'."
  }
}

variable "upload_cache_control" {
  type        = string
  description = "The Cache-Control of every upload, such as private, max-age=3600. Empty leaves it to the caller."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[A-Za-z0-9!#$%&'*+.^_`|~-]+(=[A-Za-z0-9!#$%&'*+.^_`|~-]+)?(, ?[A-Za-z0-9!#$%&'*+.^_`|~-]+(=[A-Za-z0-9!#$%&'*+.^_`|~-]+)?)*$", var.upload_cache_control)) && length(var.upload_cache_control) <= 256
    error_message = "upload_cache_control must be empty or directives with commas between, such as private, max-age=3600."
  }
}

variable "upload_sse" {
  type        = string
  description = "Encryption that every upload asks for. Empty for the bucket's default."
  default     = ""
  nullable    = false
  validation {
    condition     = contains(["", "AES256", "aws:kms", "aws:kms:dsse"], var.upload_sse)
    error_message = "upload_sse must be one of '', 'AES256', 'aws:kms', 'aws:kms:dsse'."
  }
}

variable "upload_sse_kms_key" {
  type        = string
  description = "The KMS key, when upload_sse is one of the aws:kms. Empty for the account's aws/s3 key."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.upload_sse_kms_key))
    error_message = "upload_sse_kms_key must be empty or the ARN of a KMS key (not of an alias)."
  }
}

variable "upload_accelerate" {
  type        = string
  description = "on sends files by the nearest of AWS's edge locations (S3 Transfer Acceleration), which costs more."
  default     = "off"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.upload_accelerate)
    error_message = "upload_accelerate must be one of 'on', 'off'."
  }
}

variable "cap_signature_age" {
  type        = string
  description = "on makes the new bucket refuse a signed PUT URL older than upload_expires_seconds, whoever signed it. It does nothing to an existing bucket."
  default     = "on"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.cap_signature_age)
    error_message = "cap_signature_age must be one of 'on', 'off'."
  }
}

variable "malware_scan" {
  type        = string
  description = "on has GuardDuty scan what is uploaded to the new bucket and tag it; what it finds to be malware, nobody can read. GuardDuty charges for each GB and each object."
  default     = "off"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.malware_scan)
    error_message = "malware_scan must be one of 'on', 'off'."
  }
}

# ---- A store other than S3 ----

variable "endpoint_url" {
  type        = string
  description = "Another S3 endpoint to sign for (AWS_ENDPOINT_URL_S3). Empty for the region's own."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^https?://(([A-Za-z0-9_-]+\\.)*[A-Za-z_-][A-Za-z0-9_-]*|([0-9]{1,3}\\.){3}[0-9]{1,3}|\\[[0-9A-Fa-f:]+\\])(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~-]+)*/*$", var.endpoint_url)) && !can(regex("/\\.{1,2}(/|$)", var.endpoint_url))
    error_message = "endpoint_url must be empty or http(s)://host[:port][/path], without a user, a query and what needs encoding."
  }
}

variable "upload_region" {
  type        = string
  description = "The region to sign for, such as auto for Cloudflare R2. Empty for the stack's own."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.upload_region))
    error_message = "upload_region must be empty or a region such as us-east-1 or auto."
  }
}

variable "upload_access_key_id" {
  type        = string
  description = "An access key of another store, such as Cloudflare R2, to sign with. Empty for the function's role."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[!-~]{1,128}$", var.upload_access_key_id))
    error_message = "upload_access_key_id must be empty or 1 to 128 characters without spaces."
  }
}

variable "upload_secret_access_key" {
  type        = string
  description = "The secret of upload_access_key_id."
  default     = ""
  nullable    = false
  sensitive   = true
  validation {
    condition     = can(regex("^$|^[!-~]{1,256}$", var.upload_secret_access_key))
    error_message = "upload_secret_access_key must be empty or 1 to 256 characters without spaces."
  }
}

variable "upload_form" {
  type        = string
  description = "What /s3/params answers; put is for stores without POST Object, such as Cloudflare R2."
  default     = "post"
  nullable    = false
  validation {
    condition     = contains(["post", "put"], var.upload_form)
    error_message = "upload_form must be one of 'post', 'put'."
  }
}

variable "upload_addressing" {
  type        = string
  description = "Where a URL has the bucket, in the host name or in the path. auto follows the bucket's name."
  default     = "auto"
  nullable    = false
  validation {
    condition     = contains(["auto", "virtual", "path"], var.upload_addressing)
    error_message = "upload_addressing must be one of 'auto', 'virtual', 'path'."
  }
}

# ---- Who may upload ----

variable "open_to_anybody" {
  type        = string
  description = "yes lets anybody who knows the URL upload, from any page of upload_origins. Needed as long as there is no jwt_issuer, no iam_auth and no authorizer_arn; with one of these it changes nothing."
  default     = ""
  nullable    = false
  validation {
    condition     = contains(["", "yes"], var.open_to_anybody)
    error_message = "open_to_anybody must be one of '', 'yes'."
  }
}

variable "jwt_issuer" {
  type        = string
  description = "Whose tokens let a caller in (the tokens' iss, to the letter). Empty for another way, or open_to_anybody."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^https://[^\\s?#]+$", var.jwt_issuer))
    error_message = "jwt_issuer must be empty or an https URL."
  }
}

variable "jwt_audience" {
  type        = string
  description = "The tokens' aud or client_id, one or more, with commas between."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[^\\s,]+(,[^\\s,]+)*$", var.jwt_audience))
    error_message = "jwt_audience must be empty or audiences with commas between and no spaces."
  }
}

variable "iam_auth" {
  type        = string
  description = "on lets only callers in who sign with AWS credentials and have execute-api:Invoke. Instead of jwt_issuer."
  default     = "off"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.iam_auth)
    error_message = "iam_auth must be one of 'on', 'off'."
  }
}

variable "authorizer_arn" {
  type        = string
  description = "A Lambda function of yours, in this account and region, that lets callers in and may narrow what each may upload. Instead of jwt_issuer and iam_auth."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,140}(:[A-Za-z0-9_-]{1,128})?$", var.authorizer_arn))
    error_message = "authorizer_arn must be empty or the ARN of a Lambda function, or of a version or an alias of one."
  }
}

variable "authorizer_identity_header" {
  type        = string
  description = "The header that authorizer_arn knows callers by, such as Cookie. A request without it is refused before."
  default     = "Authorization"
  nullable    = false
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.authorizer_identity_header))
    error_message = "authorizer_identity_header must be the name of a header such as Authorization or Cookie."
  }
}

variable "authorizer_ttl_seconds" {
  type        = number
  description = "Seconds that the API keeps an answer of authorizer_arn for the same header. 0 asks for each request: with more, the answer must not depend on the path or the query, and a caller that is shut out may go on for so long."
  default     = 0
  nullable    = false
  validation {
    condition     = floor(var.authorizer_ttl_seconds) == var.authorizer_ttl_seconds && var.authorizer_ttl_seconds >= 0 && var.authorizer_ttl_seconds <= 3600
    error_message = "authorizer_ttl_seconds must be a whole number from 0 to 3600."
  }
}

variable "upload_credentials" {
  type        = string
  description = "on lets pages of upload_origins send cookies. No * there then, but for labels before a domain."
  default     = "off"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.upload_credentials)
    error_message = "upload_credentials must be one of 'on', 'off'."
  }
}

variable "upload_downloads" {
  type        = string
  description = "on lets a caller get URLs that read what it could have uploaded. A profile's downloads need it too."
  default     = "off"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.upload_downloads)
    error_message = "upload_downloads must be one of 'on', 'off'."
  }
}

variable "upload_page" {
  type        = string
  description = "on serves a page to upload with at the API's URL. Everybody may load it, with a jwt_issuer too."
  default     = "on"
  nullable    = false
  validation {
    condition     = contains(["on", "off"], var.upload_page)
    error_message = "upload_page must be one of 'on', 'off'."
  }
}

variable "upload_page_origin" {
  type        = string
  description = "Where browsers find the page, if that is a CDN in front of the API. Empty for the API's own domains."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[a-z][a-z0-9.-]*://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?(,[a-z][a-z0-9.-]*://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?)*$", var.upload_page_origin))
    error_message = "upload_page_origin must be empty or origins such as https://upload.example.com, with commas between and no spaces or *."
  }
}

variable "upload_login_origin" {
  type        = string
  description = "Has the page sign its user in at jwt_issuer, whose tokens come from this origin: with Amazon Cognito the user pool's domain, such as https://my-app.auth.eu-west-1.amazoncognito.com. Empty for no login."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9][0-9]{0,4})?$", var.upload_login_origin))
    error_message = "upload_login_origin must be empty or an origin such as https://my-app.auth.eu-west-1.amazoncognito.com, without a slash at the end."
  }
}

variable "upload_login_client_id" {
  type        = string
  description = "The client id by which the page signs its user in; jwt_audience needs it as well. Empty for the first of jwt_audience, if there is an upload_login_origin. Alone it is for providers whose tokens come from the issuer's own origin."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^[!-~]{0,256}$", var.upload_login_client_id))
    error_message = "upload_login_client_id must be empty or a client id of at most 256 characters without spaces."
  }
}

variable "throttle_rate" {
  type        = number
  description = "Requests per second that the API lets through; above it callers get 429."
  default     = 50
  nullable    = false
  validation {
    condition     = floor(var.throttle_rate) == var.throttle_rate && var.throttle_rate >= 1
    error_message = "throttle_rate must be a whole number, 1 or more."
  }
}

variable "throttle_burst" {
  type        = number
  description = "Requests that the API lets through at one moment."
  default     = 100
  nullable    = false
  validation {
    condition     = floor(var.throttle_burst) == var.throttle_burst && var.throttle_burst >= 1
    error_message = "throttle_burst must be a whole number, 1 or more."
  }
}

# ---- What the app decides and learns ----

variable "upload_ask_url" {
  type        = string
  description = "Where the app says whether an upload may be, by a signed POST before each, such as https://app.example.com/may-upload. Needs upload_webhook_secret. Empty to ask nobody."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^(https://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])|http://(localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1\\]))(:[1-9][0-9]{0,4})?([/?][!\"$-~]*)?$", var.upload_ask_url))
    error_message = "upload_ask_url must be empty or an https URL without a user, a fragment and spaces."
  }
  validation {
    condition     = length(var.upload_ask_url) <= 2048
    error_message = "upload_ask_url must have 2048 characters at most."
  }
}

variable "upload_ask_timeout_ms" {
  type        = number
  description = "Milliseconds that the app at upload_ask_url has to answer. Later is no answer, and nothing is signed."
  default     = 3000
  nullable    = false
  validation {
    condition     = floor(var.upload_ask_timeout_ms) == var.upload_ask_timeout_ms && var.upload_ask_timeout_ms >= 100 && var.upload_ask_timeout_ms <= 25000
    error_message = "upload_ask_timeout_ms must be a whole number from 100 to 25000."
  }
}

variable "upload_webhook_secret" {
  type        = string
  description = "Signs what the app at upload_ask_url is asked (Standard Webhooks), such as whsec_ and what openssl rand -base64 32 makes. Two with a comma between for a rotation: both sign."
  default     = ""
  nullable    = false
  sensitive   = true
  validation {
    condition     = can(regex("^$|^whsec_(([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?|([A-Za-z0-9+/]{4}){21}([A-Za-z0-9+/][AQgw]==)?)(,whsec_(([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?|([A-Za-z0-9+/]{4}){21}([A-Za-z0-9+/][AQgw]==)?))?$", var.upload_webhook_secret))
    error_message = "upload_webhook_secret must be empty, or whsec_ and 24 to 64 bytes in base64, or two of these with a comma between."
  }
}

variable "upload_receipt_secret" {
  type        = string
  description = "Signs receipts, by which the app sees what was stored (a random text, such as openssl rand -hex 32 makes). Two with a comma between for a rotation: the first signs, both verify. Empty for no receipts."
  default     = ""
  nullable    = false
  sensitive   = true
  validation {
    condition     = can(regex("^$|^[!-+.-~-]{32}[!-+.-~-]{0,992}(,[!-+.-~-]{32}[!-+.-~-]{0,992})?$", var.upload_receipt_secret))
    error_message = "upload_receipt_secret must be empty, or 32 to 1024 characters without spaces, or two of these with a comma between."
  }
}

variable "upload_receipt_subject" {
  type        = string
  description = "The caller's claim that a receipt names as its sub; callers without it are refused. Empty for sub, if it is there."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^[A-Za-z0-9_.:-]{1,64}$", var.upload_receipt_subject))
    error_message = "upload_receipt_subject must be empty or the name of a claim such as sub."
  }
}

variable "notify_url" {
  type        = string
  description = "Where the app is told what was stored, by a POST of S3's event for each, such as https://app.example.com/stored. Needs notify_secret. Empty to tell nobody."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^https://[A-Za-z0-9.-]+(:[1-9][0-9]{0,4})?(/([A-Za-z0-9._~!$&'()+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\\?([A-Za-z0-9._~!$&'()+,;=:@/-]|%[0-9A-Fa-f]{2})+)?$", var.notify_url))
    error_message = "notify_url must be empty or an https URL without a user, a fragment, spaces and *."
  }
  validation {
    condition     = length(var.notify_url) <= 2048
    error_message = "notify_url must have 2048 characters at most."
  }
}

variable "notify_header" {
  type        = string
  description = "The header that has notify_secret in it."
  default     = "x-notify-secret"
  nullable    = false
  validation {
    condition     = can(regex("^([Xx]-[A-Za-z0-9-]{1,62}|[Aa]uthorization)$", var.notify_header))
    error_message = "notify_header must be authorization or a header's name that begins with x-."
  }
}

variable "notify_secret" {
  type        = string
  description = "By which the app at notify_url knows who tells it (a random text, such as openssl rand -hex 32 makes)."
  default     = ""
  nullable    = false
  sensitive   = true
  validation {
    condition     = can(regex("^$|^[!-9;-~]{16,512}$", var.notify_secret))
    error_message = "notify_secret must be empty or 16 to 512 characters without spaces and colons."
  }
}

# ---- The function ----

variable "architecture" {
  type        = string
  description = "The function's processor."
  default     = "arm64"
  nullable    = false
  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be one of 'arm64', 'x86_64'."
  }
}

variable "memory_size" {
  type        = number
  description = "Megabytes for the function. It uses a few; more memory also means a larger share of a processor."
  default     = 128
  nullable    = false
  validation {
    condition     = floor(var.memory_size) == var.memory_size && var.memory_size >= 128 && var.memory_size <= 10240
    error_message = "memory_size must be a whole number from 128 to 10240."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that the function's and the API's logs are kept."
  default     = 30
  nullable    = false
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of '1', '3', '5', '7', '14', '30', '60', '90', '120', '150', '180', '365', '400', '545', '731', '1096', '1827', '3653'."
  }
}

variable "alarm_topic_arn" {
  type        = string
  description = "The SNS topic that hears of the function's errors and throttles, of the API's answers of 500 and above, and of what the app at notify_url did not take within a day. Empty for no alarms but this last one, which tells nobody."
  default     = ""
  nullable    = false
  validation {
    condition     = can(regex("^$|^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be empty or the ARN of an SNS topic."
  }
}

# ---- What only this module has ----

variable "name" {
  type        = string
  description = "What is named, or begins, with this: the function, the API, the logs, roles and alarms. Another for each use of the module."
  default     = "countersign"
  nullable    = false
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,29}$", var.name))
    error_message = "name must have 1 to 30 letters, digits and hyphens, and no hyphen first."
  }
}

variable "zip_path" {
  type        = string
  description = "The function's zip. Empty for the one beside this folder, as a release has it."
  default     = ""
  nullable    = false
}
