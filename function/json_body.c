#include "json_body.h"

#include "content_type.h"

static bool is_json(const http_request *request) {
  const text_slice type = http_request_header(request, TEXT_LITERAL("content-type"));
  return content_type_matches(type, TEXT_LITERAL("application/json"));
}

api_error json_body_read(const cJSON **body, const http_request *request, const char *example,
                         text_arena *arena) {
  if (!is_json(request)) {
    return api_error_make(arena, 415, "UnsupportedMediaType",
                          "Content-Type must be application/json");
  }
  *body = json_parse(request->body, arena);
  return cJSON_IsObject(*body)
             ? (api_error){0}
             : api_error_make(arena, 400, "InvalidBody",
                              "the body must be a JSON object such as %s", example);
}
