/* One connection to the Runtime API, and the exchanges over it.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
#ifndef RUNTIME_CLIENT_H
#define RUNTIME_CLIENT_H

#include "exchange.h"
#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What came back from one exchange. */
typedef struct runtime_client_answer {
  int status;     /* of HTTP; 0 when there was none: see runtime_client.error */
  bool truncated; /* the body did not fit into the arena */
  bool cut;       /* the connection ended within the body: there is no status */
  bool stopped;   /* waiting ended because of the stop descriptor */
  bool missed;    /* the kept connection was closed just before it was asked */
} runtime_client_answer;

/* What is posted. The slices need to live only for the exchange. */
typedef struct runtime_client_post_request {
  lambda_slice request_id; /* of the invocation; empty: about the start, /init/... */
  const char *call;        /* "response" or "error" */
  const char *content_type;
  lambda_slice error_type; /* empty: no Lambda-Runtime-Function-Error-Type header */
  lambda_slice xray_cause; /* empty, or over some 16 kB: no ...-XRay-Error-Cause header */
  lambda_slice body;
  /* In front of the body there may be so much memory for the head: then one piece is sent. */
  char *room;
  size_t room_bytes;
} runtime_client_post_request;

/* Once for the process, before any client; false when libcurl can't be started. */
bool runtime_client_start_library(void);

/* Memory of the caller's, for as long as the client is open. */
typedef struct runtime_client_storage {
  char *pool;    /* RUNTIME_POOL_BYTES, all zero, aligned for any type */
  char *answers; /* to posts: RUNTIME_HTTP_HEAD_MAX_BYTES and some more */
  size_t answers_bytes;
} runtime_client_storage;

/* Gets ready to talk to the API at `runtime_api` ("host:port"); connects when something is to
 * be said. False when it can't be, with the reason in client->error. */
bool runtime_client_open(runtime_client *client, const lambda_options *options,
                         const runtime_client_storage *storage);
void runtime_client_close(runtime_client *client);

/* Waits for the next invocation, for as long as it takes. Its slices point into `arena`, in
 * which it was received, and which must have RUNTIME_HTTP_HEAD_MAX_BYTES and some more;
 * request_id is empty when the API sent none. */
runtime_client_answer runtime_client_next(runtime_client *client, text_arena *arena,
                                          lambda_invocation *invocation);

/* Posts; again on a new connection when one broke, as runtime_exchange_retries() has it. An answer
 * that does not come in time, after the deadline of the invocation, is none. */
runtime_client_answer runtime_client_post(runtime_client *client,
                                          const runtime_client_post_request *request);

#ifdef __cplusplus
}
#endif

#endif
