#include "sign.h"

#include "admit.h"
#include "function/admission/json_body.h"
#include "function/admission/object_headers.h"
#include "function/store/sign_error.h"
#include "multipart_upload.h"
#include "receipts.h"
#include "reply_body.h"
#include "s3/presign.h"
#include "s3/xml.h"
#include "signed_upload.h"
#include "text/decimal.h"

static const http_error none = {0};

/* The body's members; empty slices for what it does not have. */
struct asked {
  text_slice method;
  text_slice key;
  text_slice content_type;
  text_slice upload_id; /* S3's: the browser itself started the upload */
  text_slice part_number;
  text_slice size;
  text_slice sha256;
  int64_t expires_seconds;
};

typedef http_error answerer(const function_call *call, const struct asked *asked,
                            http_reply *reply);

/* ---- What is asked for ------------------------------------------------------ */

static const json_body_field fields[] = {
    {"method", offsetof(struct asked, method), false},
    {"key", offsetof(struct asked, key), false},
    {"contentType", offsetof(struct asked, content_type), false},
    {"uploadId", offsetof(struct asked, upload_id), false},
    {"partNumber", offsetof(struct asked, part_number), true},
    {"size", offsetof(struct asked, size), true},
    {"sha256", offsetof(struct asked, sha256), false},
};

/* A client that does not know the longest lifetime shall not fail by it. */
static int64_t lifetime(const cJSON *asked, const upload_rules *rules) {
  const double seconds = cJSON_IsNumber(asked) ? asked->valuedouble : 0;
  return seconds >= 1 && seconds < (double)rules->expires_seconds ? (int64_t)seconds
                                                                  : rules->expires_seconds;
}

static const char example[] = "{\"method\":\"PUT\",\"key\":\"photo.jpg\"}";

/* Whatever the Content-Type: Uppy's own example sends none. */
static http_error read_body(const function_call *call, struct asked *asked) {
  const cJSON *body = NULL;
  http_error error = json_body_read_untyped(&body, call->request, example, call->arena);
  *asked =
      (struct asked){.expires_seconds = lifetime(http_json_member(body, "expiresIn"), call->rules)};
  if (error.status == 0) {
    error =
        json_body_read_fields(asked, fields, sizeof fields / sizeof fields[0], body, call->arena);
  }
  if (error.status == 0 && (asked->method.size == 0 || asked->key.size == 0)) {
    error = http_error_make(call->arena, 400, "InvalidBody",
                            "the body must be a JSON object such as %s", example);
  }
  return error;
}

/* ---- A new object ----------------------------------------------------------- */

/* The client's key is no more than a name: the object's key is made here. */
static upload_request request_for(const struct asked *asked) {
  static const upload_names names = {"key", "contentType", UPLOAD_UPPY_DECLARES};
  return (upload_request){.names = &names,
                          .file_name = asked->key,
                          .file_type = asked->content_type,
                          .size = asked->size,
                          .sha256 = asked->sha256};
}

static http_error admit(const function_call *call, const struct asked *asked,
                        upload_request *request, admitted_upload *upload) {
  const http_error error = admit_upload(call, request, upload);
  if (asked->expires_seconds < upload->expires_seconds) {
    upload->expires_seconds = asked->expires_seconds;
  }
  return error;
}

static void reply_with(const function_call *call, const signed_upload *granted, http_reply *reply) {
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_url(&body, "{\"url\":", granted->url);
  reply_body_append_text(&body, ",\"key\":", granted->upload.key);
  signed_upload_append_told(&body, granted);
  receipts_append(&body, granted->receipt);
  text_buffer_append_byte(&body, '}');
  http_reply_set_json(reply, 200, text_arena_close(call->arena, &body));
}

static http_error put_object(const function_call *call, const struct asked *asked,
                             http_reply *reply) {
  const bool has_forms = upload_form_is_on(call);
  upload_request request = request_for(asked);
  signed_upload granted;
  request.size_is_capped = has_forms;
  http_error error = admit(call, asked, &request, &granted.upload);
  if (error.status == 0) {
    /* A form holds the upload to the cap, whose size this client does not tell. */
    error = signed_upload_sign(&granted, call, has_forms && granted.upload.rules->max_bytes > 0);
  }
  if (error.status == 0) {
    reply_with(call, &granted, reply);
  }
  return error;
}

/* ---- Multipart -------------------------------------------------------------- */

/* The browser joins the parts here, so nobody can look at them before. */
static http_error check_limits(const function_call *call) {
  const upload_rules *rules = call->rules;
  if (rules->max_bytes == 0 && !rules->require_size && !rules->require_sha256 &&
      call->config->ask_url.size == 0) {
    return none;
  }
  return http_error_make(
      call->arena, 403, "LimitsNeedCompanion",
      "a largest size, UPLOAD_REQUIRE and what the app says can't be held for multipart uploads by "
      "signRequest: use shouldUseMultipart: false or, but for UPLOAD_REQUIRE, companionEndpoint");
}

static http_error presign_and_reply(const function_call *call, const struct asked *asked,
                                    const s3_presign_options *what, text_slice receipt,
                                    http_reply *reply) {
  s3_presign_options options = *what;
  options.endpoint = &call->config->endpoint;
  options.method = asked->method;
  options.expires_seconds = asked->expires_seconds;
  options.time_seconds = call->time_seconds;
  text_buffer buffer = text_arena_open(call->arena);
  const s3_status status = s3_presign(call->signer, &options, &buffer);
  const text_slice url = text_arena_close(call->arena, &buffer);
  if (status != S3_OK) {
    return sign_error(status, call->arena);
  }
  const signed_upload granted = {.upload = {.key = options.key},
                                 .url = url,
                                 .told = options.headers,
                                 .told_count = options.header_count,
                                 .receipt = receipt};
  reply_with(call, &granted, reply);
  return none;
}

/* This client does not tell the type when it starts an upload. Where any will do
 * it is left to the browser, and then nobody knows it here; where it is limited it has to be told.
 */
static size_t creation_headers(const function_call *call, const struct asked *asked,
                               admitted_upload *upload, text_pair headers[1 + OBJECT_HEADERS_MAX]) {
  const upload_rules *rules = upload->rules;
  const bool any_type =
      rules->types_count == 1 && text_slice_equal(rules->types[0], TEXT_LITERAL("*/*"));
  size_t count = 0;
  if (asked->content_type.size > 0 || !any_type) {
    headers[count++] = (text_pair){TEXT_LITERAL("Content-Type"), upload->content_type};
  } else {
    upload->content_type = TEXT_LITERAL("");
  }
  return count + object_headers_list(call->config, rules, headers + count);
}

static http_error create_upload(const function_call *call, const struct asked *asked,
                                http_reply *reply) {
  static const text_pair query[] = {{TEXT_INITIALIZER("uploads"), TEXT_INITIALIZER("")}};
  upload_request request = request_for(asked);
  admitted_upload upload;
  text_pair headers[1 + OBJECT_HEADERS_MAX];
  request.in_parts = true;
  http_error error = check_limits(call);
  if (error.status == 0) {
    error = admit(call, asked, &request, &upload);
  }
  if (error.status != 0) {
    return error;
  }
  const s3_presign_options options = {.key = upload.key,
                                      .headers = headers,
                                      .header_count =
                                          creation_headers(call, asked, &upload, headers),
                                      .query = query,
                                      .query_count = 1};
  return presign_and_reply(call, asked, &options, receipts_grant(call, &upload), reply);
}

static http_error check_upload(const function_call *call, const struct asked *asked) {
  return asked->upload_id.size <= SEAL_UPLOAD_ID_MAX_BYTES
             ? multipart_check_key(call, asked->key)
             : http_error_make(call->arena, 400, "InvalidParameter", "uploadId is too long");
}

static http_error upload_part(const function_call *call, const struct asked *asked,
                              http_reply *reply) {
  const text_pair query[] = {{TEXT_INITIALIZER("uploadId"), asked->upload_id},
                             {TEXT_INITIALIZER("partNumber"), asked->part_number}};
  const s3_presign_options options = {.key = asked->key, .query = query, .query_count = 2};
  int64_t number = 0;
  http_error error = check_limits(call);
  if (error.status == 0) {
    error = check_upload(call, asked);
  }
  if (error.status != 0) {
    return error;
  }
  if (!text_decimal_parse(asked->part_number, S3_PARTS_MAX, &number) || number == 0) {
    return http_error_make(call->arena, 400, "InvalidParameter", "partNumber must be 1 to %d",
                           (int)S3_PARTS_MAX);
  }
  return presign_and_reply(call, asked, &options, TEXT_LITERAL(""), reply);
}

static http_error list_or_abort(const function_call *call, const struct asked *asked,
                                http_reply *reply) {
  const text_pair query[] = {{TEXT_INITIALIZER("uploadId"), asked->upload_id}};
  const s3_presign_options options = {.key = asked->key, .query = query, .query_count = 1};
  const http_error error = check_upload(call, asked);
  return error.status != 0 ? error
                           : presign_and_reply(call, asked, &options, TEXT_LITERAL(""), reply);
}

static http_error complete_upload(const function_call *call, const struct asked *asked,
                                  http_reply *reply) {
  static const text_pair headers[] = {{TEXT_INITIALIZER("If-None-Match"), TEXT_INITIALIZER("*")}};
  const text_pair query[] = {{TEXT_INITIALIZER("uploadId"), asked->upload_id}};
  const s3_presign_options options = {.key = asked->key,
                                      .headers = headers,
                                      .header_count = call->rules->deny_overwrite ? 1 : 0,
                                      .query = query,
                                      .query_count = 1};
  http_error error = check_limits(call);
  if (error.status == 0) {
    error = check_upload(call, asked);
  }
  return error.status != 0 ? error
                           : presign_and_reply(call, asked, &options, TEXT_LITERAL(""), reply);
}

/* ---- Which it is ------------------------------------------------------------ */

static const struct signable {
  text_slice method;
  bool of_upload; /* has an uploadId */
  bool of_part;   /* has a partNumber */
  answerer *answer;
} signables[] = {
    {TEXT_INITIALIZER("PUT"), false, false, put_object},
    {TEXT_INITIALIZER("POST"), false, false, create_upload},
    {TEXT_INITIALIZER("PUT"), true, true, upload_part},
    {TEXT_INITIALIZER("GET"), true, false, list_or_abort},
    {TEXT_INITIALIZER("DELETE"), true, false, list_or_abort},
    {TEXT_INITIALIZER("POST"), true, false, complete_upload},
};

http_error sign_request(const function_call *call, http_reply *reply) {
  struct asked asked;
  const http_error error = read_body(call, &asked);
  if (error.status != 0) {
    return error;
  }
  for (size_t i = 0; i < sizeof signables / sizeof signables[0]; i++) {
    const struct signable *signable = &signables[i];
    if (text_slice_equal(asked.method, signable->method) &&
        signable->of_upload == (asked.upload_id.size > 0) &&
        signable->of_part == (asked.part_number.size > 0)) {
      return signable->answer(call, &asked, reply);
    }
  }
  return http_error_make(call->arena, 403, "NotSigned",
                         "only uploads are signed: a PUT of an object, and a multipart upload's "
                         "start, parts, list, completion and abort; objects are not read or "
                         "deleted");
}
