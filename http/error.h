/* The one shape of an error: in C here, on the wire in reply.h. */
#ifndef HTTP_ERROR_H
#define HTTP_ERROR_H

#include "text/arena.h"
#include "text/buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct http_error {
  int status;         /* of HTTP; 0: no error */
  const char *code;   /* constant CamelCase text that a program can compare */
  text_slice message; /* UTF-8, for a person: names the field and what is allowed */
} http_error;

/* Makes an error whose message is formatted into `arena`; what is over 1,024 bytes is cut off, and
 * no character within. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
http_error
http_error_make(text_arena *arena, int status, const char *code, const char *format, ...);

/* Appends the error's members as JSON, without braces: "message","error","code","requestId", where
 * error repeats message for clients that look there. */
void http_error_append_members(text_buffer *json, const http_error *error, text_slice request_id);

#ifdef __cplusplus
}
#endif

#endif
