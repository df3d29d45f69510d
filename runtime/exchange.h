/* One exchange of a client, step by step: for client.c, and for stream.c, which
 * has to stop in the middle of one.
 */
#ifndef RUNTIME_EXCHANGE_H
#define RUNTIME_EXCHANGE_H

#include "http_answer.h"
#include "lambda.h"
#include "pool.h"
#include "text/buffer.h"
#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A client of the Runtime API, which exchanges go over: client.h opens and closes it. */
typedef struct runtime_client {
  runtime_pool memory; /* libcurl's, in use while it is called for this client */
  runtime_transport transport;
  const char *origin;         /* http://host:port */
  lambda_slice next;          /* GET next as it is sent, whose fields all requests have */
  lambda_slice common_fields; /* in it: each with its line end */
  char *answer_storage;       /* RUNTIME_HTTP_HEAD_MAX_BYTES and some more */
  size_t answer_storage_bytes;
  lambda_slice request_id;     /* of the last invocation */
  lambda_slice invocation_id;  /* of the same; told with the answer to it */
  int64_t deadline_ms;         /* of the same; 0: not told */
  int stop_descriptor;         /* readable when nothing shall be waited for any more; -1: none */
  bool refused;                /* the last exchange found nobody listening */
  bool answered;               /* there was an answer once */
  char error[CURL_ERROR_SIZE]; /* why there was no answer, for the log */
} runtime_client;

/* How long an answer is waited for; the caller says by which of its ways it begins. */
typedef struct runtime_exchange_limit {
  int64_t until_ms; /* of the monotonic clock; 0: not looked up yet */
  bool endless;     /* until the wish to stop is there */
  bool stopping;    /* that has been seen, and has brought the end nearer */
  bool passed;
} runtime_exchange_limit;

/* An exchange under way. Request and answer go over the kept connection only if nothing has
 * come there since the last one: neither its end, nor bytes that would be taken for the answer. */
typedef struct runtime_exchange {
  runtime_client *client;
  lambda_slice request_id; /* of the invocation that it is about; empty: of none */
  runtime_exchange_limit limit;
  runtime_http_answer answer;
  bool kept; /* it goes over a connection that was there before */
} runtime_exchange;

/* Begins one whose answer comes into `storage`, on the kept connection or a new one. False when
 * there is none, with client->error; client->refused tells whether nobody listens. */
bool runtime_exchange_begin(runtime_exchange *exchange, char *storage, size_t storage_bytes);

/* Sends all of `bytes`. False when the other end does not take them: it has gone, or has
 * answered before, or the limit has passed. Then no more is to be sent of this exchange, but
 * there may be an answer. Interim heads (1xx) are taken, and change nothing. */
bool runtime_exchange_send(runtime_exchange *exchange, lambda_slice bytes);

/* Whether the other end has gone, or begun to answer, although the request has not ended. */
bool runtime_exchange_is_interrupted(runtime_exchange *exchange);

/* Receives the answer up to its end. A wish to stop ends it where nothing of it has come yet but
 * interim heads, if it is waited for without end: false is returned then, and only then. */
bool runtime_exchange_receive(runtime_exchange *exchange);

/* The HTTP status, or 0 with client->error when there was no whole answer. Keeps the connection
 * for the next one if both sides are done with this one: `sent_all` is of this side. */
int runtime_exchange_end(runtime_exchange *exchange, bool sent_all);

/* After an exchange without an answer: how often to try it again.
 * Once; twice when it was sent on a kept connection, which the other side may have
 * closed by then: that tells nothing of how the next one will do. */
int runtime_exchange_retries(const runtime_exchange *exchange);

#ifdef __cplusplus
}
#endif

#endif
