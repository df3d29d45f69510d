/* Signs the URLs of parts, one or a batch. */
#include "function/store/sign_error.h"
#include "multipart.h"
#include "multipart_upload.h"
#include "s3/presign.h"
#include "s3/xml.h"
#include "text/decimal.h"
#include "text/json.h"

/* As many as have room in a reply, with a long token in each URL. */
enum { BATCH_MAX = 500 };

static const http_error none = {0};

/* One part to be signed; empty slices for what is not bound. */
struct part_request {
  text_slice number;
  text_slice sha256;
  text_slice size;
};

/* As S3 writes it: it is signed as it came. */
static bool is_part_number(text_slice number) {
  int64_t value = 0;
  return text_decimal_parse(number, S3_PARTS_MAX, &value) && number.data[0] != '0';
}

static http_error check_number(const function_call *call, text_slice number) {
  return is_part_number(number)
             ? none
             : http_error_make(call->arena, 400, "InvalidParameter",
                               "the part's number must be 1 to %d", (int)S3_PARTS_MAX);
}

/* S3 takes a part's checksum if, and only if, the upload was started with one. */
static http_error check_sha256(const function_call *call, const multipart_upload *upload,
                               text_slice sha256) {
  if (upload->sealed.has_sha256 != (sha256.size > 0)) {
    return http_error_make(
        call->arena, 400, sha256.size > 0 ? "InvalidParameter" : "MissingChecksum",
        sha256.size > 0 ? "sha256 needs an upload that was started with \"checksum\":\"sha256\""
                        : "sha256 is required for each part of this upload: the part's SHA-256 in "
                          "base64");
  }
  return sha256.size == 0 || s3_hash_is_base64(sha256)
             ? none
             : http_error_make(call->arena, 400, "InvalidParameter",
                               "sha256 must be the 44 characters of a SHA-256 in base64; in a "
                               "query, write + as %%2B");
}

static int64_t largest_part(const function_call *call, const multipart_upload *upload) {
  const int64_t declared = upload->sealed.size_bytes;
  const int64_t cap = multipart_max_bytes(call, upload);
  const int64_t most = declared >= 0 ? declared : CONFIG_PUT_MAX_BYTES;
  return cap > 0 && cap < most ? cap : most;
}

/* The size is signed as a browser writes it, which sends no zeros before it. */
static http_error check_size(const function_call *call, const multipart_upload *upload,
                             text_slice *size) {
  const int64_t most = largest_part(call, upload);
  int64_t value = 0;
  if (size->size > 0 && !text_decimal_parse(*size, most, &value)) {
    return http_error_make(call->arena, 400, "InvalidParameter",
                           "size must be the part's number of bytes, %lld at most",
                           (long long)most);
  }
  while (size->size > 1 && size->data[0] == '0') {
    *size = text_slice_from(*size, 1);
  }
  return none;
}

static http_error check(const function_call *call, const multipart_upload *upload,
                        struct part_request *part) {
  http_error error = check_number(call, part->number);
  if (error.status == 0) {
    error = check_sha256(call, upload, part->sha256);
  }
  return error.status != 0 ? error : check_size(call, upload, &part->size);
}

static s3_status presign(const function_call *call, const multipart_upload *upload,
                         const struct part_request *part, text_buffer *url) {
  const text_pair query[] = {{TEXT_INITIALIZER("uploadId"), upload->sealed.upload_id},
                             {TEXT_INITIALIZER("partNumber"), part->number}};
  text_pair headers[2];
  size_t header_count = 0;
  if (part->sha256.size > 0) {
    headers[header_count++] = (text_pair){TEXT_LITERAL("x-amz-checksum-sha256"), part->sha256};
  }
  if (part->size.size > 0) {
    headers[header_count++] = (text_pair){TEXT_LITERAL("Content-Length"), part->size};
  }
  const s3_presign_options options = {.endpoint = &call->config->endpoint,
                                      .method = TEXT_LITERAL("PUT"),
                                      .key = upload->key,
                                      .headers = headers,
                                      .header_count = header_count,
                                      .query = query,
                                      .query_count = 2,
                                      .expires_seconds = call->config->expires_seconds,
                                      .time_seconds = call->time_seconds};
  return s3_presign(call->signer, &options, url);
}

/* A URL has no character that JSON escapes, so it is made where it will stand. */
static s3_status append_url(const function_call *call, const multipart_upload *upload,
                            const struct part_request *part, text_buffer *body) {
  text_buffer_append_byte(body, '"');
  const s3_status status = presign(call, upload, part, body);
  text_buffer_append_byte(body, '"');
  return status;
}

/* ---- One part ------------------------------------------------------------- */

static http_error read_part(const function_call *call, struct part_request *part) {
  *part = (struct part_request){.number = multipart_segment(call, 0)};
  const size_t sums = http_request_parameter(call->request, TEXT_LITERAL("sha256"), &part->sha256);
  const size_t sizes = http_request_parameter(call->request, TEXT_LITERAL("size"), &part->size);
  return sums <= 1 && sizes <= 1
             ? none
             : http_error_make(call->arena, 400, "InvalidParameter", "%s is given more than once",
                               sums > 1 ? "sha256" : "size");
}

static http_error reply_with_part(const function_call *call, const multipart_upload *upload,
                                  const struct part_request *part, http_reply *reply) {
  text_buffer body = text_arena_open(call->arena);
  text_buffer_append_string(&body, "{\"url\":");
  const s3_status status = append_url(call, upload, part, &body);
  text_buffer_append_string(&body, ",\"expires\":");
  text_buffer_append_decimal(&body, call->config->expires_seconds);
  if (part->sha256.size > 0) {
    text_buffer_append_string(&body, ",\"headers\":{\"x-amz-checksum-sha256\":");
    text_json_append_string(&body, part->sha256);
    text_buffer_append_byte(&body, '}');
  }
  text_buffer_append_byte(&body, '}');
  const text_slice text = text_arena_close(call->arena, &body);
  if (status != S3_OK) {
    return sign_error(status, call->arena);
  }
  http_reply_set_json(reply, 200, text);
  return none;
}

http_error multipart_sign_part(const function_call *call, http_reply *reply) {
  multipart_upload upload;
  struct part_request part;
  http_error error = multipart_open(call, 1, &upload);
  if (error.status == 0) {
    error = read_part(call, &part);
  }
  if (error.status == 0) {
    error = check(call, &upload, &part);
  }
  return error.status != 0 ? error : reply_with_part(call, &upload, &part, reply);
}

/* ---- Many parts ----------------------------------------------------------- */

static http_error read_numbers(const function_call *call, text_slice *numbers) {
  if (http_request_parameter(call->request, TEXT_LITERAL("partNumbers"), numbers) != 1) {
    return http_error_make(call->arena, 400, "MissingParameter",
                           "partNumbers is required, once: such as 1,2,3");
  }
  text_slice rest = *numbers;
  text_slice number;
  size_t count = 0;
  while (text_slice_split(&rest, ',', &number)) {
    const http_error error = check_number(call, number);
    if (error.status != 0) {
      return error;
    }
    count++;
  }
  return count <= BATCH_MAX ? none
                            : http_error_make(call->arena, 400, "InvalidParameter",
                                              "partNumbers must be %d at most", (int)BATCH_MAX);
}

static http_error reply_with_batch(const function_call *call, const multipart_upload *upload,
                                   text_slice numbers, http_reply *reply) {
  s3_status status = S3_OK;
  text_slice number;
  text_buffer body = text_arena_open(call->arena);
  text_buffer_append_string(&body, "{\"presignedUrls\":{");
  for (bool first = true; status == S3_OK && text_slice_split(&numbers, ',', &number);
       first = false) {
    const struct part_request part = {.number = number};
    text_buffer_append_string(&body, first ? "\"" : ",\"");
    text_buffer_append(&body, number);
    text_buffer_append_string(&body, "\":");
    status = append_url(call, upload, &part, &body);
  }
  text_buffer_append_string(&body, "}}");
  const text_slice text = text_arena_close(call->arena, &body);
  if (status != S3_OK) {
    return sign_error(status, call->arena);
  }
  http_reply_set_json(reply, 200, text);
  return none;
}

http_error multipart_sign_batch(const function_call *call, http_reply *reply) {
  multipart_upload upload;
  text_slice numbers;
  http_error error = multipart_open(call, 1, &upload);
  if (error.status == 0) {
    error = read_numbers(call, &numbers);
  }
  if (error.status == 0) {
    error = check_sha256(call, &upload, TEXT_LITERAL(""));
  }
  return error.status != 0 ? error : reply_with_batch(call, &upload, numbers, reply);
}
