/* The JSON object in a request's body. */
#ifndef FUNCTION_JSON_BODY_H
#define FUNCTION_JSON_BODY_H

#include "api_error.h"
#include "http_request.h"

/* `example` tells a person how one looks. The object lives in `arena`. */
api_error json_body_read(const cJSON **body, const http_request *request, const char *example,
                         text_arena *arena);

#endif
