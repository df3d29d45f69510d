#include "signed_put.h"

#include "function/admission/object_headers.h"
#include "function/store/sign_error.h"

static void add_header(signed_put *put, text_slice name, text_slice value) {
  if (value.size > 0) {
    put->headers[put->header_count++] = (text_pair){name, value};
  }
}

static void add_size(signed_put *put, int64_t size_bytes) {
  text_buffer size;
  text_buffer_init(&size, put->size_storage, sizeof put->size_storage);
  text_buffer_append_decimal(&size, size_bytes);
  add_header(put, TEXT_LITERAL("Content-Length"), text_buffer_slice(&size));
}

static void add_metadata(signed_put *put, const upload_metadata *metadata) {
  for (size_t i = 0; i < metadata->count; i++) {
    put->headers[put->header_count++] = metadata->list[i];
  }
}

_Static_assert(METADATA_MAX + 4 + OBJECT_HEADERS_MAX <= S3_HEADERS_MAX,
               "all that is added below has room");

static void collect_headers(signed_put *put, const admitted_upload *upload,
                            const upload_config *config) {
  const upload_rules *rules = upload->rules;
  put->header_count = 0;
  add_header(put, TEXT_LITERAL("Content-Type"), upload->content_type);
  add_header(put, TEXT_LITERAL("x-amz-checksum-sha256"), upload->sha256);
  add_metadata(put, upload->metadata);
  put->header_count += object_headers_list(config, rules, put->headers + put->header_count);
  add_header(put, TEXT_LITERAL("If-None-Match"),
             rules->deny_overwrite ? TEXT_LITERAL("*") : TEXT_LITERAL(""));
  put->told_count = put->header_count;
  if (upload->size_bytes >= 0) {
    add_size(put, upload->size_bytes);
  }
}

http_error signed_put_make(signed_put *put, const function_call *call,
                           const admitted_upload *upload) {
  collect_headers(put, upload, call->config);
  const s3_presign_options options = {.endpoint = &call->config->endpoint,
                                      .method = TEXT_LITERAL("PUT"),
                                      .key = upload->key,
                                      .headers = put->headers,
                                      .header_count = put->header_count,
                                      .expires_seconds = upload->expires_seconds,
                                      .time_seconds = call->time_seconds};
  text_buffer url = text_arena_open(call->arena);
  const s3_status status = s3_presign(call->signer, &options, &url);
  put->url = text_arena_close(call->arena, &url);
  return status == S3_OK ? (http_error){0} : sign_error(status, call->arena);
}
