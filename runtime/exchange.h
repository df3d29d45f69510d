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
  curl_socket_t kept; /* of the connection that the last exchange left whole */
  const char *user_agent;
  lambda_slice request_id;     /* of the last invocation */
  lambda_slice invocation_id;  /* of the same; told with the answer to it */
  int64_t deadline_ms;         /* of the same; 0: not told */
  int stop_descriptor;         /* readable when nothing shall be waited for any more; -1: none */
  bool refused;                /* the last exchange found nobody listening */
  bool answered;               /* there was an answer once */
  char error[CURL_ERROR_SIZE]; /* what went wrong below HTTP, for the log */
} runtime_client;

enum { RUNTIME_EXCHANGE_URL_MAX_BYTES = 2048, RUNTIME_EXCHANGE_HEADERS_MAX = 8 };

/* How far the head of an answer has come. */
typedef enum runtime_exchange_head {
  RUNTIME_EXCHANGE_NO_STATUS,
  RUNTIME_EXCHANGE_INTERIM, /* of a 1xx, which says nothing of the answer: another head follows */
  RUNTIME_EXCHANGE_FIELDS,
  RUNTIME_EXCHANGE_HEAD_COMPLETE /* the blank line has come; more lines are trailers */
} runtime_exchange_head;

/* Where an answer goes while libcurl reads it. */
typedef struct runtime_exchange_receiver {
  /* Null: the answer's status is all that counts. */
  lambda_invocation *invocation;
  text_arena *arena;
  text_buffer body;
  bool body_open;
  bool truncated;
  runtime_exchange_head head;
} runtime_exchange_receiver;

/* How long an answer is waited for. */
typedef struct runtime_exchange_limit {
  int64_t until_ms; /* of the monotonic clock */
  bool stopping;    /* the wish to stop has been seen, and has brought the end nearer */
  bool passed;
} runtime_exchange_limit;

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

/* For an answer of the Runtime API to a post about `request_id`, from now on: an
 * answer counts for nothing when the deadline of the invocation has passed. The start
 * has no deadline, but nobody waits for it either. */
runtime_exchange_limit runtime_exchange_limit_of(const runtime_client *client,
                                                 lambda_slice request_id);

/* None, until the wish to stop is there. */
runtime_exchange_limit runtime_exchange_no_limit(void);

/* Starts what was prepared, moves it on without waiting, waits for its socket,
 * and ends it. It goes over the kept connection only if nothing has come there since:
 * neither its end, nor bytes that would be taken for the answer.
 * runtime_exchange_step() is false when there is nothing more to do;
 * runtime_exchange_wait() when client->stop_descriptor has become readable;
 * runtime_exchange_wait_within() when the limit has passed, with client->error. */
bool runtime_exchange_begin(runtime_client *client);
bool runtime_exchange_step(runtime_client *client);
bool runtime_exchange_wait(runtime_client *client);
bool runtime_exchange_wait_within(runtime_client *client, runtime_exchange_limit *limit);

/* The HTTP status, or 0 with client->error when there was no whole answer. */
long runtime_exchange_end(runtime_client *client, const runtime_exchange_receiver *receiver);

/* After an exchange without an answer: how often to try it again.
 * Once; twice when it was sent on a kept connection, which the other side may have
 * closed by then: that tells nothing of how the next one will do. */
int runtime_exchange_retries(const runtime_client *client);

/* All of it at once. */
long runtime_exchange_perform(runtime_client *client, const runtime_exchange_receiver *receiver,
                              runtime_exchange_limit *limit);

#ifdef __cplusplus
}
#endif

#endif
