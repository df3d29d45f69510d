/* How a request of our own gets to S3, or to the app: a function that whoever starts the
 * service hands in, so that the service itself does no I/O. outgoing_client.h has the real one.
 */
#ifndef FUNCTION_OUTGOING_TRANSPORT_H
#define FUNCTION_OUTGOING_TRANSPORT_H

#include "text/arena.h"

typedef struct outgoing_request {
  text_slice method;
  text_slice url;
  const text_pair *headers;
  size_t header_count;
  text_slice body;
  /* Twice does no more than once does, so it may be sent again when nobody knows
   * whether it arrived. */
  bool repeatable;
  /* Not tried again: only on a kept connection that had ended, it goes once more on a new one. */
  bool once;
  int64_t timeout_ms;      /* for the answer; 0: as long as S3 may take */
  size_t answer_max_bytes; /* of its body; 0: as S3's are at most */
  bool is_question;        /* a refusal is an answer too, and no reason to warn of it */
  int64_t deadline_ms;     /* Unix epoch; 0: none */
  /* Gets each line of the answer's head, without its end; null: nobody wants it. */
  void (*on_head_line)(void *context, text_slice line);
  void *head_context;
} outgoing_request;

typedef struct outgoing_answer {
  int status;        /* of HTTP; 0: there was none */
  bool timed_out;    /* of no answer: there was no time to wait longer */
  bool lost;         /* of no answer: the connection broke, and nobody knows what was done */
  bool proxy_failed; /* of no answer: the proxy on the way can't be reached, or refused */
  text_slice body;   /* in the arena; empty when it was too large */
} outgoing_answer;

typedef outgoing_answer outgoing_send(void *context, const outgoing_request *request,
                                      text_arena *arena);

typedef struct outgoing_transport {
  outgoing_send *send;
  void *context;
} outgoing_transport;

#endif
