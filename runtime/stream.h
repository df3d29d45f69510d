/* A reply that is sent while the handler makes it.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
#ifndef RUNTIME_STREAM_H
#define RUNTIME_STREAM_H

#include "exchange.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  /* How much of a stream is kept so that it can be sent again when its connection breaks:
   * more than is on its way until the runtime knows that the other side had closed it. What
   * is just being written need not be kept. */
  RUNTIME_STREAM_REPLAY_BYTES = 1024 * 1024,
  /* It is kept as it is sent: with the request's head, and a frame around each write. */
  RUNTIME_STREAM_STORAGE_BYTES = RUNTIME_STREAM_REPLAY_BYTES + 128 * 1024,
  RUNTIME_STREAM_HTTP_HEAD_MAX_BYTES = 64 * 1024 /* as JSON, with its eight NULs */
};

typedef struct runtime_stream {
  runtime_client *client;
  lambda_slice request_id;
  const char *content_type; /* null: the reply is no stream */
  lambda_slice opening;     /* goes before the first bytes; to be there until these are sent */
  bool begun;               /* the request is under way */
  bool connected;           /* and has a connection */
  bool broken;              /* the Runtime API takes no more of it */
  bool gone;                /* of what was written before, the replay has not all */
  int retries;              /* so far, on new connections */
  int retries_max;          /* 0: none was needed yet */
  text_buffer replay;       /* all that was sent, unless it is gone: then the last write */
  size_t replay_at;         /* what was sent of it */
  size_t touched_bytes;     /* the most that the replay was */
  runtime_exchange exchange;
} runtime_stream;

/* Sends bytes, the first ones with the head of the request. False when the Runtime
 * API takes no more. */
bool runtime_stream_write(runtime_stream *stream, lambda_slice bytes);

/* Ends the stream, with the trailers of a failure unless `error_type` is empty.
 * `error_body` is base64. Returns the HTTP status, or 0 with client->error. */
int runtime_stream_end(runtime_stream *stream, lambda_slice error_type, lambda_slice error_body);

/* Appends the head of an HTTP reply as it goes before a streamed body: JSON and
 * eight NULs. */
void runtime_stream_append_http_head(text_buffer *buffer, const lambda_http_head *head);

#ifdef __cplusplus
}
#endif

#endif
