/* An HTTP/1.1 response as it comes in, piece by piece, into memory of the caller's.
 *
 * The caller receives bytes to where runtime_http_answer_room() says, and tells how many came.
 * Head and body stay where they were received: slices of the head are valid for as long as that
 * memory is. Interim heads (1xx) are dropped.
 *
 * Pure: it knows no socket.
 */
#ifndef RUNTIME_HTTP_ANSWER_H
#define RUNTIME_HTTP_ANSWER_H

#include "http_chunks.h"
#include "http_head.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of one head, be it an interim one. */
enum { RUNTIME_HTTP_HEAD_MAX_BYTES = 256 * 1024 };

/* Is given each field of the head, in its order. */
typedef void runtime_http_take_field(void *context, text_pair field);

typedef struct runtime_http_answer {
  runtime_http_take_field *take_field; /* null: nobody wants them; may be set at the beginning */
  void *context;                       /* of take_field */
  char *storage;
  size_t capacity;
  size_t size;         /* of what is in the storage: of the head, and behind it of the body */
  size_t touched;      /* the most that it was */
  size_t line_at;      /* of the line that is not whole yet, or behind the head */
  size_t body_at;      /* behind the head */
  int64_t left_bytes;  /* of a body by length */
  bool begun;          /* something has come of another head than an interim one */
  bool ended;          /* all of it has come */
  bool dropped;        /* the body did not fit; it was read and dropped */
  bool beyond;         /* more has come than the answer: the connection is of no use any more */
  const char *problem; /* null, or what is wrong with it, for the log */
  runtime_http_head head;
  runtime_http_chunks chunks;
} runtime_http_answer;

/* `storage` has room for RUNTIME_HTTP_HEAD_MAX_BYTES and one more. A body that does not fit behind
 * the head is read to its end all the same: the connection stays usable. */
void runtime_http_answer_init(runtime_http_answer *answer, char *storage, size_t capacity);

/* Where to receive what comes next, and how much of it: at least a byte, until the answer has
 * ended or has a problem. Of a body by length it is no more than what is left of it. */
char *runtime_http_answer_room(runtime_http_answer *answer, size_t *size_bytes);

/* Takes so many bytes, which were received there. */
void runtime_http_answer_take(runtime_http_answer *answer, size_t size_bytes);

/* Nothing more comes. The answer has then ended, or has a problem. */
void runtime_http_answer_close(runtime_http_answer *answer);

/* The connection broke: an answer that has not ended has a problem. */
void runtime_http_answer_break(runtime_http_answer *answer);

/* The body so far. */
text_slice runtime_http_answer_body(const runtime_http_answer *answer);

#ifdef __cplusplus
}
#endif

#endif
