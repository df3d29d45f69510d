/* One exchange of a client, step by step: for client.c, and for stream.c, which
 * has to stop in the middle of one.
 */
#ifndef RUNTIME_EXCHANGE_H
#define RUNTIME_EXCHANGE_H

#include <curl/curl.h>

#include "lambda.h"
#include "pool.h"
#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A client of the Runtime API, which exchanges go over: client.h opens and closes it. */
typedef struct runtime_client {
  runtime_pool memory; /* libcurl's, in use while it is called for this client */
  CURL *curl;
  CURLM *multi;       /* keeps the connection between exchanges */
  char base_url[300]; /* http://host:port/2018-06-01/runtime */
  const char *user_agent;
  lambda_slice request_id;    /* of the last invocation */
  lambda_slice invocation_id; /* of the same; told with the answer to it */
  int stop_descriptor; /* readable when runtime_client_next() shall wait no longer; -1: none */
  bool refused;        /* the last exchange found nobody listening */
  bool answered;       /* there was an answer once */
  char error[CURL_ERROR_SIZE]; /* what went wrong below HTTP, for the log */
} runtime_client;

enum { RUNTIME_EXCHANGE_URL_MAX_BYTES = 2048, RUNTIME_EXCHANGE_HEADERS_MAX = 8 };

/* Where an answer goes while libcurl reads it. */
typedef struct runtime_exchange_receiver {
  /* Null: the answer's status is all that counts. */
  lambda_invocation *invocation;
  text_arena *arena;
  text_buffer body;
  bool body_open;
  bool truncated;
  bool started;       /* something of the answer has come */
  bool head_complete; /* the blank line has come */
} runtime_exchange_receiver;

/* Request headers as libcurl's list, in the caller's storage: they need no
 * allocation. */
typedef struct runtime_exchange_headers {
  struct curl_slist nodes[RUNTIME_EXCHANGE_HEADERS_MAX];
  size_t count;
  text_buffer text;
} runtime_exchange_headers;

void runtime_exchange_headers_init(runtime_exchange_headers *headers, char *storage,
                                   size_t capacity);

/* Adds "name: value"; one that does not fit sets headers->text.overflowed. An empty
 * value, or one with control bytes, adds nothing. */
void runtime_exchange_headers_add(runtime_exchange_headers *headers, const char *name,
                                  lambda_slice value);

/* The same for a header that can be done without: one that does not fit adds nothing. */
void runtime_exchange_headers_add_if_it_fits(runtime_exchange_headers *headers, const char *name,
                                             lambda_slice value);

/* Adds the content type of what is posted, or leaves it out when it is none: libcurl
 * would call that a form. */
void runtime_exchange_headers_add_content_type(runtime_exchange_headers *headers,
                                               const char *content_type);

/* Adds the invocation id of `request_id`, if the client knows it. */
void runtime_exchange_headers_add_invocation_id(runtime_exchange_headers *headers,
                                                const runtime_client *client,
                                                lambda_slice request_id);

/* Adds "name:", by which libcurl leaves out a header that it would send. */
void runtime_exchange_headers_leave_out(runtime_exchange_headers *headers, const char *name);

/* The URL of `call` for an invocation, or for the start when `request_id` is
 * empty, with a NUL at its end. False when it does not fit. */
bool runtime_exchange_url(const runtime_client *client, lambda_slice request_id, const char *call,
                          char url[RUNTIME_EXCHANGE_URL_MAX_BYTES]);

/* Sets what every exchange needs; `receiver` must live until its end. */
void runtime_exchange_prepare(runtime_client *client, const char *url,
                              runtime_exchange_receiver *receiver);

/* Starts what was prepared, moves it on without waiting, waits for its socket,
 * and ends it. runtime_exchange_step() is false when there is nothing more to do;
 * runtime_exchange_wait() when `runtime_stop_descriptor` became readable (-1: none). */
bool runtime_exchange_begin(runtime_client *client);
bool runtime_exchange_step(runtime_client *client);
bool runtime_exchange_wait(runtime_client *client, int stop_descriptor);

/* The HTTP status, or 0 with client->error when there was no whole answer. */
long runtime_exchange_end(runtime_client *client, const runtime_exchange_receiver *receiver);

/* After an exchange without an answer: how often to try again, on new connections.
 * Once; twice when it was sent on a kept connection, which the other side may have
 * closed by then: that tells nothing of how the next one will do. */
int runtime_exchange_retries(const runtime_client *client);

/* All of it at once. */
long runtime_exchange_perform(runtime_client *client, const runtime_exchange_receiver *receiver);

#ifdef __cplusplus
}
#endif

#endif
