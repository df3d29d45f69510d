#include "error.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_MAX_BYTES = 512 };

http_error http_error_make(text_arena *arena, int status, const char *code, const char *format,
                           ...) {
  char *message = text_arena_allocate(arena, MESSAGE_MAX_BYTES);
  if (message == NULL) {
    return (http_error){status, code, TEXT_LITERAL("out of memory for the error message")};
  }
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(message, MESSAGE_MAX_BYTES, format, arguments);
  va_end(arguments);
  return (http_error){status, code, text_slice_of(message)};
}
