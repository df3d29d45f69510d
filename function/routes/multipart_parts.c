/* Signs the URLs of parts, one or a batch. */
#include "function/admission/part_plan.h"
#include "function/store/sign_error.h"
#include "multipart.h"
#include "multipart_upload.h"
#include "s3/presign.h"
#include "text/decimal.h"
#include "text/json.h"

/* As many as have room in a reply, with a long token in each URL. */
enum { BATCH_MAX = 500 };

static const http_error none = {0};

/* One part to be signed; empty slices for what is not bound. */
struct part_request {
  text_slice number; /* as S3 writes it: it is signed as it came */
  int64_t value;     /* of the number */
  text_slice sha256;
  text_slice size;
  char size_storage[20];
};

/* Of a declared size the parts are known. Under a cap alone they are not, but all save the last
 * have S3's least size. */
static int64_t last_number(const function_call *call, const multipart_upload *upload) {
  const sealed_upload *sealed = &upload->sealed;
  const int64_t cap = multipart_max_bytes(call, upload);
  if (sealed->part_bytes > 0) {
    return part_plan_count(sealed->size_bytes, sealed->part_bytes);
  }
  const int64_t count = cap > 0 ? part_plan_count(cap, PART_MIN_BYTES) : S3_PARTS_MAX;
  return count < S3_PARTS_MAX ? count : S3_PARTS_MAX;
}

/* A client that tells no size, as stock Uppy, is told the cap, which is what its user can mend. */
static http_error beyond_last(const function_call *call, const multipart_upload *upload,
                              int64_t last) {
  const sealed_upload *sealed = &upload->sealed;
  return sealed->part_bytes > 0
             ? http_error_make(call->arena, 400, "InvalidParameter",
                               "the part's number must be 1 to %lld: %lld bytes were declared, in "
                               "parts of %lld",
                               (long long)last, (long long)sealed->size_bytes,
                               (long long)sealed->part_bytes)
             : http_error_make(call->arena, 413, "TooLarge",
                               "the parts must have at most %lld bytes together, so there are %lld "
                               "at most",
                               (long long)multipart_max_bytes(call, upload), (long long)last);
}

static http_error read_number(const function_call *call, const multipart_upload *upload,
                              struct part_request *part) {
  const int64_t last = last_number(call, upload);
  if (!text_decimal_parse(part->number, S3_PARTS_MAX, &part->value) ||
      part->number.data[0] == '0') {
    return http_error_make(call->arena, 400, "InvalidParameter",
                           "the part's number must be 1 to %d", (int)S3_PARTS_MAX);
  }
  return part->value <= last ? none : beyond_last(call, upload, last);
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

/* The one size that a part of a declared upload has: signed whether the client tells it or not. */
static http_error fix_size(const function_call *call, const multipart_upload *upload,
                           struct part_request *part) {
  const sealed_upload *sealed = &upload->sealed;
  const int64_t size_bytes = part_plan_size_of(sealed->size_bytes, sealed->part_bytes, part->value);
  int64_t told = size_bytes;
  if (part->size.size > 0 &&
      (!text_decimal_parse(part->size, INT64_MAX, &told) || told != size_bytes)) {
    return http_error_make(call->arena, 400, "InvalidParameter",
                           "size must be %lld, the bytes of part %lld: %lld were declared, in "
                           "parts of %lld",
                           (long long)size_bytes, (long long)part->value,
                           (long long)sealed->size_bytes, (long long)sealed->part_bytes);
  }
  text_buffer digits;
  text_buffer_init(&digits, part->size_storage, sizeof part->size_storage);
  text_buffer_append_decimal(&digits, size_bytes);
  part->size = text_buffer_slice(&digits);
  return none;
}

/* The size is signed as a browser writes it, which sends no zeros before it. */
static http_error check_size(const function_call *call, const multipart_upload *upload,
                             struct part_request *part) {
  const int64_t cap = multipart_max_bytes(call, upload);
  const int64_t most = cap > 0 && cap < PART_MAX_BYTES ? cap : PART_MAX_BYTES;
  text_slice *size = &part->size;
  int64_t value = 0;
  if (upload->sealed.part_bytes > 0) {
    return fix_size(call, upload, part);
  }
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

/* The cap may have become less since the upload was started. */
static http_error check_cap(const function_call *call, const multipart_upload *upload) {
  const int64_t cap = multipart_max_bytes(call, upload);
  return cap > 0 && upload->sealed.size_bytes > cap
             ? http_error_make(call->arena, 413, "TooLarge",
                               "%lld bytes were declared, and the largest upload is %lld now: "
                               "abort the upload",
                               (long long)upload->sealed.size_bytes, (long long)cap)
             : none;
}

static http_error check(const function_call *call, const multipart_upload *upload,
                        struct part_request *part) {
  http_error error = check_cap(call, upload);
  if (error.status == 0) {
    error = read_number(call, upload, part);
  }
  if (error.status == 0) {
    error = check_sha256(call, upload, part->sha256);
  }
  return error.status != 0 ? error : check_size(call, upload, part);
}

/* By what the upload was let in with, or by what holds now, whichever is shorter. */
static int64_t lifetime_of(const function_call *call, const multipart_upload *upload) {
  const int64_t then = upload->sealed.expires_seconds;
  const int64_t now = call->rules->expires_seconds;
  return then < now ? then : now;
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
                                      .expires_seconds = lifetime_of(call, upload),
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
  text_buffer_append_decimal(&body, lifetime_of(call, upload));
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

struct batch {
  struct part_request *parts;
  size_t count;
};

static http_error make_batch(const function_call *call, text_slice *numbers, struct batch *batch) {
  if (http_request_parameter(call->request, TEXT_LITERAL("partNumbers"), numbers) != 1) {
    return http_error_make(call->arena, 400, "MissingParameter",
                           "partNumbers is required, once: such as 1,2,3");
  }
  text_slice rest = *numbers;
  text_slice number;
  size_t count = 0;
  while (text_slice_split(&rest, ',', &number)) {
    count++;
  }
  if (count > BATCH_MAX) {
    return http_error_make(call->arena, 400, "InvalidParameter", "partNumbers must be %d at most",
                           (int)BATCH_MAX);
  }
  *batch = (struct batch){.parts = text_arena_allocate(call->arena, count * sizeof *batch->parts)};
  return batch->parts != NULL
             ? none
             : http_error_make(call->arena, 500, "OutOfMemory", "there is no room for the parts");
}

static http_error read_batch(const function_call *call, const multipart_upload *upload,
                             struct batch *batch) {
  text_slice numbers = {NULL, 0};
  text_slice number;
  http_error error = make_batch(call, &numbers, batch);
  while (batch->parts != NULL && error.status == 0 && text_slice_split(&numbers, ',', &number)) {
    struct part_request *part = &batch->parts[batch->count++];
    *part = (struct part_request){.number = number};
    error = check(call, upload, part);
  }
  return error;
}

static http_error reply_with_batch(const function_call *call, const multipart_upload *upload,
                                   const struct batch *batch, http_reply *reply) {
  s3_status status = S3_OK;
  text_buffer body = text_arena_open(call->arena);
  text_buffer_append_string(&body, "{\"presignedUrls\":{");
  for (size_t i = 0; status == S3_OK && i < batch->count; i++) {
    text_buffer_append_string(&body, i > 0 ? ",\"" : "\"");
    text_buffer_append(&body, batch->parts[i].number);
    text_buffer_append_string(&body, "\":");
    status = append_url(call, upload, &batch->parts[i], &body);
  }
  text_buffer_append_string(&body, "},\"expires\":");
  text_buffer_append_decimal(&body, lifetime_of(call, upload));
  text_buffer_append_byte(&body, '}');
  const text_slice text = text_arena_close(call->arena, &body);
  if (status != S3_OK) {
    return sign_error(status, call->arena);
  }
  http_reply_set_json(reply, 200, text);
  return none;
}

http_error multipart_sign_batch(const function_call *call, http_reply *reply) {
  multipart_upload upload;
  struct batch batch = {0};
  http_error error = multipart_open(call, 1, &upload);
  if (error.status == 0) {
    error = read_batch(call, &upload, &batch);
  }
  return error.status != 0 ? error : reply_with_batch(call, &upload, &batch, reply);
}
