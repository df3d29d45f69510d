#include "reply.h"

#include "text/base64.h"
#include "text/json.h"

bool http_reply_takes_bytes(http_source source) {
  return source != HTTP_SOURCE_V1;
}

static const struct {
  int status;
  const char *reason;
} reasons[] = {
    {200, "OK"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
};

static const char *reason_of(int status) {
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
    if (reasons[i].status == status) {
      return reasons[i].reason;
    }
  }
  return "Unknown";
}

void http_reply_add_header(http_reply *reply, text_slice name, text_slice value) {
  if (reply->header_count == HTTP_REPLY_HEADERS_MAX) {
    reply->lacks_header = true;
    return;
  }
  reply->headers[reply->header_count++] = (text_pair){name, value};
}

void http_reply_set_json(http_reply *reply, int status, text_slice body) {
  reply->status = status;
  reply->body = body;
  reply->body_is_json = true;
}

void http_reply_set_error(http_reply *reply, const http_error *error, text_slice request_id,
                          text_arena *arena) {
  text_buffer body = text_arena_open(arena);
  text_buffer_append_byte(&body, '{');
  http_error_append_members(&body, error, request_id);
  text_buffer_append_byte(&body, '}');
  http_reply_set_json(reply, error->status, text_arena_close(arena, &body));
}

/* A header as the reply has it, and what is behind it. */
#define ONE(name, value, next) "\"" name "\":\"" value "\"" next
#define MULTI(name, value, next) "\"" name "\":[\"" value "\"]" next
/* What each reply that is JSON says of that. */
#define JSON_HEADERS(form)                                                             \
  form("Content-Type", "application/json", ",") form("Cache-Control", "no-store", ",") \
      form("X-Content-Type-Options", "nosniff", "")

static void write_headers(const http_reply *reply, bool multi_value, text_buffer *out) {
  text_buffer_append_string(out, multi_value ? ",\"multiValueHeaders\":{" : ",\"headers\":{");
  for (size_t i = 0; i < reply->header_count; i++) {
    text_buffer_append_string(out, i > 0 ? "," : "");
    text_json_append_string(out, reply->headers[i].name);
    text_buffer_append_string(out, multi_value ? ":[" : ":");
    text_json_append_string(out, reply->headers[i].value);
    text_buffer_append_string(out, multi_value ? "]" : "");
  }
  if (reply->body_is_json) {
    text_buffer_append_string(out, reply->header_count > 0 ? "," : "");
    text_buffer_append_string(out, multi_value ? JSON_HEADERS(MULTI) : JSON_HEADERS(ONE));
  }
  text_buffer_append_byte(out, '}');
}

void http_reply_write(const http_reply *reply, http_source source, text_buffer *out) {
  text_buffer_append_string(out, "{\"statusCode\":");
  text_buffer_append_decimal(out, reply->status);
  if (source == HTTP_SOURCE_ALB || source == HTTP_SOURCE_ALB_MULTI_VALUE) {
    text_buffer_append_string(out, ",\"statusDescription\":\"");
    text_buffer_append_decimal(out, reply->status);
    text_buffer_append_byte(out, ' ');
    text_buffer_append_string(out, reason_of(reply->status));
    text_buffer_append_byte(out, '"');
  }
  write_headers(reply, source == HTTP_SOURCE_ALB_MULTI_VALUE, out);
  text_buffer_append_string(out, ",\"body\":");
  if (reply->body_is_bytes) {
    text_buffer_append_byte(out, '"');
    text_base64_append_encoded(out, reply->body);
    text_buffer_append_string(out, "\",\"isBase64Encoded\":true}");
  } else {
    if (reply->body_is_json) {
      text_json_append_json(out, reply->body);
    } else {
      text_json_append_string(out, reply->body);
    }
    text_buffer_append_string(out, ",\"isBase64Encoded\":false}");
  }
  out->overflowed |= reply->body.data == NULL || reply->lacks_header;
}
