/* The head of an HTTP/1.1 response: its status line and its fields, read strictly.
 *
 * What is read one way here and in another way elsewhere would let bytes pass for an answer
 * that are none, so what RFC 9112 lets a reader mend is refused instead: a line that does not
 * end in CR LF, a folded line, a blank before the colon, a second length, a length beside a
 * transfer coding, a coding other than "chunked", a NUL or a CR within a line.
 *
 * Pure: no memory but the caller's.
 *
 * Source: RFC 9112, 2 to 6.
 */
#ifndef RUNTIME_HTTP_HEAD_H
#define RUNTIME_HTTP_HEAD_H

#include <stdint.h>

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a body ends. */
typedef enum runtime_http_framing {
  RUNTIME_HTTP_NO_BODY,
  RUNTIME_HTTP_LENGTH,
  RUNTIME_HTTP_CHUNKED,
  RUNTIME_HTTP_UNTIL_CLOSE
} runtime_http_framing;

/* All zero to begin with. */
typedef struct runtime_http_head {
  int status; /* 100 to 999; 0: the status line has not come */
  runtime_http_framing framing;
  int64_t length_bytes; /* of the body, where its framing is by length */
  bool closes;          /* the connection is of no use behind the answer */
  bool whole;           /* the blank line has come */
  bool has_length;
  bool is_1_0;
  text_pair field; /* of the last line; its value is without blanks around it; no name: none */
} runtime_http_head;

/* Takes the next line, with its line end. Null, or what is wrong with it, for the log: a
 * constant that repeats nothing of the line. Not to be called when the head is whole. */
const char *runtime_http_head_take_line(runtime_http_head *head, text_slice line);

/* A status of 1xx says nothing of the answer: another head follows. Not so 101, behind which
 * HTTP has ended. */
bool runtime_http_head_is_interim(const runtime_http_head *head);

/* Whether `start` can become an answer: so far as it goes, it begins as one. */
bool runtime_http_can_begin(text_slice start);

#ifdef __cplusplus
}
#endif

#endif
