#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#include "text/json.h"
#include "text/utf8.h"

/* The longest are an app's refusal, and what lists content types. */
enum { MESSAGE_MAX_BYTES = 1024 };

http_error http_error_make(text_arena *arena, int status, const char *code, const char *format,
                           ...) {
  char *message = text_arena_allocate(arena, MESSAGE_MAX_BYTES + 1);
  if (message == NULL) {
    return (http_error){status, code, TEXT_LITERAL("out of memory for the error message")};
  }
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(message, MESSAGE_MAX_BYTES + 1, format, arguments);
  va_end(arguments);
  return (http_error){status, code, text_utf8_whole(text_slice_of(message))};
}

void http_error_append_members(text_buffer *json, const http_error *error, text_slice request_id) {
  text_buffer_append_string(json, "\"message\":");
  text_json_append_string(json, error->message);
  text_buffer_append_string(json, ",\"error\":");
  text_json_append_string(json, error->message);
  text_buffer_append_string(json, ",\"code\":");
  text_json_append_string(json, text_slice_of(error->code));
  text_buffer_append_string(json, ",\"requestId\":");
  text_json_append_string(json, request_id);
}
