#include "check_settings.h"

#include <string.h>

#include "bucket_settings.h"

static const char uploads_item[] = "incomplete uploads";

static void tell_change(check_list *list, text_slice bucket, bool has_none, text_slice says) {
  static const check_rule rule = {
      "put-bucket-lifecycle-configuration", "--lifecycle-configuration", "Rules",
      TEXT_INITIALIZER("{\"ID\":\"abort-incomplete-multipart-uploads\",\"Status\":\"Enabled\","
                       "\"Filter\":{\"Prefix\":\"\"},\"AbortIncompleteMultipartUpload\":{"
                       "\"DaysAfterInitiation\":7}}")};
  check_list_change(list, uploads_item, says, TEXT_LITERAL("add a rule for the whole bucket:"));
  check_list_rule(list, bucket, &rule, has_none);
}

void check_lifecycle(check_list *list, const bucket_caller *caller) {
  bucket_head head;
  bucket_settings settings = {0};
  const outgoing_answer answer = bucket_call_get(caller, TEXT_LITERAL("lifecycle"), &head);
  const bool none = text_slice_equal(check_list_code(list, &answer),
                                     TEXT_LITERAL("NoSuchLifecycleConfiguration"));
  const bool read =
      answer.status == 200 && bucket_settings_read(&settings, answer.body, list->arena);
  if (!none && !read) {
    check_list_refused(list, uploads_item, &answer, "s3:GetLifecycleConfiguration");
  } else if (settings.abort_days.size == 0) {
    tell_change(list, caller->endpoint->bucket, none,
                TEXT_LITERAL("no lifecycle rule aborts them; their parts are paid for and no "
                             "listing of objects shows them"));
  } else if (settings.aborts_only_some) {
    tell_change(list, caller->endpoint->bucket, none,
                TEXT_LITERAL("a lifecycle rule aborts those of some keys only"));
  } else {
    check_list_ok(list, uploads_item,
                  WORDS(list->arena, "are aborted after {} days", settings.abort_days));
  }
}

/* AWS's own key for S3 needs no permission of the signer in the same account. */
static bool is_own_key(text_slice key) {
  return key.size > 0 && !text_slice_ends_with(key, TEXT_LITERAL("alias/aws/s3"));
}

/* What the template's UploadSseKmsKey takes: its role's policy names the key. */
static text_slice key_arn(const check_list *list, text_slice key) {
  const bool is_arn = text_slice_starts_with(key, TEXT_LITERAL("arn:")) &&
                      memmem(key.data, key.size, ":key/", 5) != NULL;
  return is_arn ? key
                : WORDS(list->arena,
                        "(the ARN of {}: aws kms describe-key --key-id {} --query "
                        "KeyMetadata.Arn)",
                        key, key);
}

/* Nothing here shows whether the function's role may use it. */
static void tell_key(const check_list *list, const char *item, const bucket_settings *settings) {
  check_list_note(list, item,
                  WORDS(list->arena, "the bucket encrypts with the KMS key {} ({})",
                        settings->kms_key, settings->encryption),
                  WORDS(list->arena,
                        "the signer's role needs kms:GenerateDataKey and kms:Decrypt on it: "
                        "UploadSse={} UploadSseKmsKey={} of the template (UPLOAD_SSE, "
                        "UPLOAD_SSE_KMS_KEY)",
                        settings->encryption, key_arn(list, settings->kms_key)));
}

void check_encryption(check_list *list, const bucket_caller *caller) {
  static const char item[] = "encryption";
  bucket_head head;
  bucket_settings settings = {0};
  const outgoing_answer answer = bucket_call_get(caller, TEXT_LITERAL("encryption"), &head);
  const bool none =
      text_slice_equal(check_list_code(list, &answer),
                       TEXT_LITERAL("ServerSideEncryptionConfigurationNotFoundError"));
  if (answer.status == 200 && bucket_settings_read(&settings, answer.body, list->arena) &&
      is_own_key(settings.kms_key)) {
    tell_key(list, item, &settings);
  } else if (none || settings.encryption.size > 0) {
    check_list_ok(list, item, TEXT_LITERAL("the bucket's encryption needs nothing of the signer"));
  } else {
    check_list_refused(list, item, &answer, "s3:GetEncryptionConfiguration");
  }
}

bucket_lock check_object_lock(check_list *list, const bucket_caller *caller) {
  static const char item[] = "object lock";
  bucket_head head;
  bucket_settings settings = {0};
  const outgoing_answer answer = bucket_call_get(caller, TEXT_LITERAL("object-lock"), &head);
  const bool none = text_slice_equal(check_list_code(list, &answer),
                                     TEXT_LITERAL("ObjectLockConfigurationNotFoundError"));
  const bool read =
      answer.status == 200 && bucket_settings_read(&settings, answer.body, list->arena);
  if (!none && !read) {
    check_list_refused(list, item, &answer, "s3:GetBucketObjectLockConfiguration");
    return LOCK_NOT_KNOWN;
  }
  if (settings.lock_mode.size > 0) {
    check_list_note(list, item,
                    WORDS(list->arena,
                          "the bucket locks what is uploaded (a default retention, {}), and S3 "
                          "takes no upload into it without a checksum",
                          settings.lock_mode),
                    TEXT_LITERAL("UploadRequire=sha256 of the template (UPLOAD_REQUIRE) lets no "
                                 "upload be signed without one"));
    return LOCK_ALL;
  }
  check_list_ok(list, item, TEXT_LITERAL("no default retention, so uploads need no checksum"));
  return settings.lock.size > 0 ? LOCK_ON_REQUEST : LOCK_NONE;
}
