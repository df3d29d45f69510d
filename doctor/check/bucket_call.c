#include "bucket_call.h"

enum { CALL_EXPIRES_SECONDS = 60 };

static void on_head_line(void *context, text_slice line) {
  bucket_head *head = context;
  const struct {
    text_slice name, *value;
  } wanted[] = {{TEXT_LITERAL("Access-Control-Allow-Origin"), &head->allow_origin},
                {TEXT_LITERAL("Access-Control-Allow-Methods"), &head->allow_methods},
                {TEXT_LITERAL("Access-Control-Allow-Headers"), &head->allow_headers},
                {TEXT_LITERAL("Access-Control-Expose-Headers"), &head->expose_headers},
                {TEXT_LITERAL("x-amz-bucket-region"), &head->region},
                {TEXT_LITERAL("x-amz-version-id"), &head->version}};
  text_slice value = line;
  text_slice name = {NULL, 0};
  (void)text_slice_split(&value, ':', &name);
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    if (text_slice_equal_ignoring_case(name, wanted[i].name)) {
      text_buffer kept;
      text_buffer_init(&kept, head->storage[i], HEAD_VALUE_MAX_BYTES);
      text_buffer_append(&kept, text_slice_trim(value));
      *wanted[i].value = text_buffer_slice(&kept);
    }
  }
}

static outgoing_answer call(const bucket_caller *caller, outgoing_request *request,
                            bucket_head *head) {
  *head = (bucket_head){0};
  request->on_head_line = on_head_line;
  request->head_context = head;
  return caller->transport->send(caller->transport->context, request, caller->arena);
}

outgoing_answer bucket_call_get(const bucket_caller *caller, text_slice setting,
                                bucket_head *head) {
  const text_pair query = {setting, TEXT_LITERAL("")};
  const s3_presign_options options = {.endpoint = caller->endpoint,
                                      .method = TEXT_LITERAL("GET"),
                                      .of_bucket = true,
                                      .query = &query,
                                      .query_count = 1,
                                      .expires_seconds = CALL_EXPIRES_SECONDS,
                                      .time_seconds = caller->now_seconds};
  const text_pair origin = {TEXT_LITERAL("Origin"), caller->origin};
  text_buffer url = text_arena_open(caller->arena);
  const s3_status status = s3_presign(caller->signer, &options, &url);
  outgoing_request request = {.method = options.method,
                              .url = text_arena_close(caller->arena, &url),
                              .headers = &origin,
                              .header_count = caller->origin.size > 0 ? 1 : 0,
                              .repeatable = true};
  *head = (bucket_head){0};
  return status == S3_OK ? call(caller, &request, head) : (outgoing_answer){0};
}

outgoing_answer bucket_call_preflight(const bucket_caller *caller, text_slice method,
                                      text_slice headers, bucket_head *head) {
  const text_pair asked[] = {{TEXT_LITERAL("Origin"), caller->origin},
                             {TEXT_LITERAL("Access-Control-Request-Method"), method},
                             {TEXT_LITERAL("Access-Control-Request-Headers"), headers}};
  text_buffer url = text_arena_open(caller->arena);
  text_buffer_append(&url, caller->endpoint->origin);
  text_buffer_append(&url, caller->endpoint->path);
  text_buffer_append_string(&url, "/countersign-doctor");
  outgoing_request request = {.method = TEXT_LITERAL("OPTIONS"),
                              .url = text_arena_close(caller->arena, &url),
                              .headers = asked,
                              .header_count = headers.size > 0 ? 3 : 2,
                              .repeatable = true};
  return call(caller, &request, head);
}

outgoing_answer bucket_call_object(const bucket_caller *caller, const bucket_object_call *wanted,
                                   bucket_head *head) {
  const s3_presign_options options = {.endpoint = caller->endpoint,
                                      .method = wanted->method,
                                      .key = wanted->key,
                                      .query = wanted->query,
                                      .query_count = wanted->query_count,
                                      .expires_seconds = CALL_EXPIRES_SECONDS,
                                      .time_seconds = caller->now_seconds};
  text_buffer url = text_arena_open(caller->arena);
  const s3_status status = s3_presign(caller->signer, &options, &url);
  outgoing_request request = {.method = options.method,
                              .url = text_arena_close(caller->arena, &url),
                              .headers = wanted->header,
                              .header_count = wanted->header != NULL ? 1 : 0,
                              .body = wanted->body,
                              .repeatable =
                                  text_slice_equal(wanted->method, TEXT_LITERAL("GET")) ||
                                  text_slice_equal(wanted->method, TEXT_LITERAL("DELETE"))};
  *head = (bucket_head){0};
  return status == S3_OK ? call(caller, &request, head) : (outgoing_answer){0};
}
