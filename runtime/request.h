/* The heads of the runtime's requests, line by line.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
#ifndef RUNTIME_REQUEST_H
#define RUNTIME_REQUEST_H

#include "exchange.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RUNTIME_REQUEST_PATH "/2018-06-01/runtime/"

enum {
  RUNTIME_REQUEST_ID_MAX_BYTES = 2000, /* encoded as a segment of a path */
  /* An X-Ray cause that leaves no room for the others is left out. */
  RUNTIME_REQUEST_HEAD_MAX_BYTES = 16 * 1024
};

/* Appends "name: value" and a line end. An empty value, or one with control bytes, which could
 * be two fields, appends nothing. */
void runtime_request_append_field(text_buffer *head, const char *name, lambda_slice value);

/* The same for a field that can be done without: one that does not fit appends nothing. */
void runtime_request_append_field_if_it_fits(text_buffer *head, const char *name,
                                             lambda_slice value);

/* Begins a post of `call` ("response" or "error") about an invocation, or about the start when
 * `request_id` is empty: all but the fields that say what follows. */
void runtime_request_begin_post(text_buffer *head, const runtime_client *client,
                                lambda_slice request_id, const char *call,
                                const char *content_type);

/* True when the head has fitted; otherwise client->error says so. */
bool runtime_request_fits(const text_buffer *head, runtime_client *client);

#ifdef __cplusplus
}
#endif

#endif
