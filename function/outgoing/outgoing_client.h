/* Requests to one host, S3 or the app, over one connection, which is kept from one to the next.
 *
 * libcurl does it; in the function the runtime has set that up with its own memory
 * (runtime/pool.h). A client serves one thread.
 */
#ifndef FUNCTION_OUTGOING_CLIENT_H
#define FUNCTION_OUTGOING_CLIENT_H

#include <curl/curl.h>

#include "outgoing_proxy.h"
#include "outgoing_transport.h"

typedef struct outgoing_client {
  CURL *curl;             /* made by the first request */
  const char *ca_bundle;  /* a file of the certificates that are trusted for https:// */
  struct curl_blob roots; /* the file, mapped when it is first needed */
  const char *user_agent;
  outgoing_proxy proxy;        /* on the way to what is asked next */
  char error[CURL_ERROR_SIZE]; /* why the last request got no answer, for the log */
} outgoing_client;

/* An outgoing_send(): `context` is an outgoing_client.
 *
 * The answer comes well before the request's deadline, and within its timeout if it has one, so
 * that there is time to pass it on. A request is sent again, twice at most and after a random
 * pause, when the other side surely did nothing (503, 429, no connection) or when it is repeatable
 * and got 5xx or no answer; one that is to be sent once is not. What a proxy refuses (4xx) is not.
 */
outgoing_answer outgoing_client_send(void *context, const outgoing_request *request,
                                     text_arena *arena);

void outgoing_client_close(outgoing_client *client);

#endif
