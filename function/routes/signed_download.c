#include "signed_download.h"

#include "function/admission/admission.h"
#include "function/admission/key.h"
#include "function/admission/key_owner.h"
#include "function/store/sign_error.h"
#include "http/content_disposition.h"
#include "reply_body.h"
#include "s3/presign.h"

static const char invalid[] = "InvalidParameter";

struct download {
  text_slice key;
  text_slice file_name;
  int64_t expires_seconds;
};

static text_slice last_segment(text_slice key) {
  text_slice segment = {NULL, 0};
  while (text_slice_split(&key, '/', &segment)) {
  }
  return segment;
}

static http_error read_key(struct download *download, const function_call *call) {
  const size_t count = http_request_parameter(call->request, TEXT_LITERAL("key"), &download->key);
  if (count != 1 || download->key.size == 0) {
    return http_error_make(call->arena, 400, count > 1 ? invalid : "MissingParameter",
                           "key is required, once: the key that the upload's reply told");
  }
  if (!key_is_callers(call->rules->key_template, &call->request->caller, download->key)) {
    return http_error_make(call->arena, 403, "KeyNotAllowed",
                           "this key is none that you could have uploaded to");
  }
  return (http_error){0};
}

/* Leaves `value` as it is when the parameter is not there. */
static http_error read_optional(text_slice *value, const function_call *call, const char *name) {
  return http_request_parameter(call->request, text_slice_of(name), value) <= 1
             ? (http_error){0}
             : http_error_make(call->arena, 400, invalid, "%s is given more than once", name);
}

static http_error read_name(struct download *download, const function_call *call) {
  text_slice name = {NULL, 0};
  const http_error error = read_optional(&name, call, "file_name");
  if (error.status != 0) {
    return error;
  }
  download->file_name = name.size > 0 ? name : last_segment(download->key);
  const char *problem = name.size > S3_KEY_MAX_BYTES ? "must be at most 1024 bytes"
                                                     : key_name_problem(download->file_name);
  return problem == NULL ? (http_error){0}
                         : http_error_make(call->arena, 400, invalid, "file_name %s", problem);
}

static http_error read_expires(struct download *download, const function_call *call) {
  text_slice text = {NULL, 0};
  const http_error error = read_optional(&text, call, "expires");
  return error.status != 0
             ? error
             : admission_expires(&download->expires_seconds, text, call->rules, call->arena);
}

static text_slice disposition_of(text_slice file_name, text_arena *arena) {
  text_buffer value = text_arena_open(arena);
  http_content_disposition_append(&value, file_name);
  return text_arena_close(arena, &value);
}

static http_error sign(const struct download *download, const function_call *call,
                       http_reply *reply) {
  const text_pair query = {TEXT_LITERAL("response-content-disposition"),
                           disposition_of(download->file_name, call->arena)};
  const s3_presign_options options = {.endpoint = &call->config->endpoint,
                                      .method = TEXT_LITERAL("GET"),
                                      .key = download->key,
                                      .query = &query,
                                      .query_count = 1,
                                      .expires_seconds = download->expires_seconds,
                                      .time_seconds = call->time_seconds};
  text_buffer url = text_arena_open(call->arena);
  const s3_status status =
      query.value.data == NULL ? S3_NO_ROOM : s3_presign(call->signer, &options, &url);
  const text_slice signed_url = text_arena_close(call->arena, &url);
  if (status != S3_OK) {
    return sign_error(status, call->arena);
  }
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_url(&body, "{\"url\":", signed_url);
  reply_body_append_text(&body, ",\"method\":\"GET\",\"key\":", download->key);
  reply_body_append_expiry(&body, call->time_seconds, download->expires_seconds);
  text_buffer_append_byte(&body, '}');
  http_reply_set_json(reply, 200, text_arena_close(call->arena, &body));
  return (http_error){0};
}

http_error signed_download_get(const function_call *call, http_reply *reply) {
  struct download download;
  if (!call->rules->downloads) {
    return http_error_make(call->arena, 404, "NotFound",
                           "downloads are off; UPLOAD_DOWNLOADS=on lets them be signed");
  }
  http_error error = read_key(&download, call);
  if (error.status == 0) {
    error = read_name(&download, call);
  }
  if (error.status == 0) {
    error = read_expires(&download, call);
  }
  return error.status != 0 ? error : sign(&download, call, reply);
}
