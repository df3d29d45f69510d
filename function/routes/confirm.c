#include "confirm.h"

#include "function/admission/json_body.h"
#include "receipts.h"
#include "reply_body.h"
#include "stored.h"

static const http_error none = {0};

struct confirmation {
  text_slice token;
  upload_receipt granted;
  stored_object object;
};

static const json_body_field fields[] = {
    {"receipt", offsetof(struct confirmation, token), false},
};

static http_error read_receipt(const function_call *call, struct confirmation *confirmation) {
  static const char example[] = "{\"receipt\":\"...\"}";
  const cJSON *body = NULL;
  http_error error = json_body_read(&body, call->request, example, call->arena);
  if (error.status == 0) {
    error = json_body_read_fields(confirmation, fields, 1, body, call->arena);
  }
  return error.status != 0 || confirmation->token.size > 0
             ? error
             : http_error_make(call->arena, 400, "MissingParameter",
                               "receipt is required: the one of the reply that granted the upload");
}

static http_error open_receipt(const function_call *call, struct confirmation *confirmation) {
  switch (receipt_open(call->receipt_keys, confirmation->token, call->time_seconds,
                       &confirmation->granted, call->arena)) {
  case RECEIPT_OK:
    return none;
  case RECEIPT_EXPIRED:
    return http_error_make(call->arena, 403, "ReceiptExpired",
                           "the upload was granted too long ago to be confirmed");
  default:
    return http_error_make(call->arena, 403, "InvalidReceipt",
                           "receipt must be one of a reply that granted an upload here, as it was");
  }
}

/* A receipt is good for one bucket, one profile and one caller. */
static http_error check_use(const function_call *call, const upload_receipt *granted) {
  text_slice subject;
  const http_error error = receipts_subject(call, &subject);
  if (error.status != 0) {
    return error;
  }
  const char *other = !text_slice_equal(granted->bucket, call->config->bucket)    ? "bucket"
                      : !text_slice_equal(granted->profile, call->rules->profile) ? "profile"
                      : !text_slice_equal(granted->subject, subject)              ? "caller"
                                                                                  : NULL;
  return other == NULL ? none
                       : http_error_make(call->arena, 403, "ReceiptOfOther",
                                         "the upload was granted for another %s", other);
}

static http_error not_stored(const function_call *call) {
  return http_error_make(call->arena, 404, "NotStored", "the file is not stored, or not yet");
}

/* Without the right to list the bucket S3 answers 403 for what is not there, as it does where the
 * role lacks a right. Only when another right, for the object's tags, finds nothing either is it
 * not there: a client that hears so wrongly would send it again. */
static http_error not_seen(const function_call *call, text_slice key) {
  const http_error by_tags = stored_look_at_tags(call, key);
  if (stored_is_missing(by_tags)) {
    return not_stored(call);
  }
  if (by_tags.status == 0) {
    call_log(call, "the role lacks s3:GetObject, without which nothing can be confirmed (or "
                   "kms:Decrypt of the object's key)");
  } else {
    call_log(call, "S3 does not let the function look at objects: %s", by_tags.code);
  }
  return http_error_make(call->arena, 502, "StoreError",
                         "S3 does not let the function look at what is stored: the function's log "
                         "says more");
}

static http_error look(const function_call *call, struct confirmation *confirmation) {
  const upload_receipt *granted = &confirmation->granted;
  const http_error error =
      stored_look(call, granted->key, granted->sha256.size > 0, &confirmation->object);
  if (error.status == 403) {
    return not_seen(call, granted->key);
  }
  return error.status == 404 ? not_stored(call) : error;
}

static http_error compare(const function_call *call, const struct confirmation *confirmation) {
  const upload_receipt *granted = &confirmation->granted;
  const stored_object *object = &confirmation->object;
  if (receipt_is_of_earlier(granted, object)) {
    return http_error_make(call->arena, 404, "NotStored",
                           "the file is not stored: what is there is older than this grant");
  }
  const char *difference = receipt_difference(granted, object);
  return difference == NULL ? none
                            : http_error_make(call->arena, 409, "StoredDiffers",
                                              "what is stored has %s", difference);
}

static text_slice write_reply(const function_call *call, struct confirmation *confirmation) {
  upload_receipt *about = &confirmation->granted;
  about->content_type = confirmation->object.content_type;
  const text_slice token = receipt_stored(call->receipt_keys, about, &confirmation->object,
                                          call->time_seconds, call->arena);
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_text(&body, "{\"key\":", about->key);
  text_buffer_append_string(&body, ",\"size\":");
  text_buffer_append_decimal(&body, confirmation->object.size_bytes);
  receipts_append(&body, token);
  text_buffer_append_byte(&body, '}');
  return text_arena_close(call->arena, &body);
}

http_error confirm_post(const function_call *call, http_reply *reply) {
  struct confirmation confirmation = {0};
  if (!receipts_are_on(call) || call->transport == NULL) {
    return http_error_make(call->arena, 501, "ReceiptsOff",
                           "receipts are off: set UPLOAD_RECEIPT_SECRET to a secret of 32 "
                           "characters or more");
  }
  http_error error = read_receipt(call, &confirmation);
  if (error.status == 0) {
    error = open_receipt(call, &confirmation);
  }
  if (error.status == 0) {
    error = check_use(call, &confirmation.granted);
  }
  if (error.status == 0) {
    error = look(call, &confirmation);
  }
  if (error.status == 0) {
    error = compare(call, &confirmation);
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, write_reply(call, &confirmation));
  }
  return error;
}
