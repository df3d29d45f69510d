#include "json_body.h"

#include <string.h>

#include "http/content_type.h"

/* 10,000 parts to join, with longer ETags than S3's, have less. */
enum { BODY_MAX_BYTES = 2 * 1024 * 1024 };

static bool is_json(const http_request *request) {
  const text_slice type = http_request_header(request, TEXT_LITERAL("content-type"));
  return http_content_type_matches(type, TEXT_LITERAL("application/json"));
}

http_error json_body_read(const cJSON **body, const http_request *request, const char *example,
                          text_arena *arena) {
  if (!is_json(request)) {
    return http_error_make(arena, 415, "UnsupportedMediaType",
                           "Content-Type must be application/json");
  }
  return json_body_read_untyped(body, request, example, arena);
}

http_error json_body_read_untyped(const cJSON **body, const http_request *request,
                                  const char *example, text_arena *arena) {
  if (request->body.size > BODY_MAX_BYTES) {
    return http_error_make(arena, 413, "TooLarge", "the body must be at most %d bytes",
                           (int)BODY_MAX_BYTES);
  }
  *body = http_json_parse(request->body, arena);
  return cJSON_IsObject(*body)
             ? (http_error){0}
             : http_error_make(arena, 400, "InvalidBody",
                               "the body must be a JSON object such as %s", example);
}

static text_slice text_of(const cJSON *member, bool is_number, text_arena *arena) {
  return is_number && cJSON_IsNumber(member) ? http_json_digits(member, arena)
                                             : http_json_text(member);
}

http_error json_body_read_fields(void *target, const json_body_field *fields, size_t count,
                                 const cJSON *body, text_arena *arena) {
  for (size_t i = 0; i < count; i++) {
    const json_body_field *field = &fields[i];
    const cJSON *member = http_json_member(body, field->name);
    if (member == NULL || cJSON_IsNull(member)) {
      continue;
    }
    const text_slice text = text_of(member, field->is_number, arena);
    if (text.data == NULL) {
      return http_error_make(arena, 400, "InvalidParameter", "%s must be a %s", field->name,
                             field->is_number ? "whole number that is not negative" : "text");
    }
    memcpy((char *)target + field->offset, &text, sizeof text);
  }
  return (http_error){0};
}
