/* The JSON object in a request's body. */
#ifndef FUNCTION_JSON_BODY_H
#define FUNCTION_JSON_BODY_H

#include "http/error.h"
#include "http/request.h"

/* `example` tells a person how one looks. The object lives in `arena`, and a body of more than 2
 * MiB is 413. */
http_error json_body_read(const cJSON **body, const http_request *request, const char *example,
                          text_arena *arena);

/* The same, whatever the Content-Type is. */
http_error json_body_read_untyped(const cJSON **body, const http_request *request,
                                  const char *example, text_arena *arena);

/* A member that a body may have. */
typedef struct json_body_field {
  const char *name;
  size_t offset;  /* of its text_slice in the struct that is filled */
  bool is_number; /* a whole number will do as well: its digits are the text */
} json_body_field;

/* Fills `target` with the members that `body` has; a null is none. An error names the first one
 * that has another type, for a value that is ignored is not what the client asked for. */
http_error json_body_read_fields(void *target, const json_body_field *fields, size_t count,
                                 const cJSON *body, text_arena *arena);

#endif
