/* Why S3 refused a request: the cause, what to change, and the two requests beside each other.
 *
 * Pure: what is looked at comes as text. Nothing that is shown has a secret, a token or a
 * signature.
 */
#ifndef DOCTOR_EXPLAIN_H
#define DOCTOR_EXPLAIN_H

#include "function/s3/signer.h"
#include "runtime/text/arena.h"

typedef struct explain_input {
  text_slice url;   /* as it was sent; empty: that of the reply */
  text_slice error; /* S3's, in XML; empty: there is none */
  text_slice reply; /* Countersign's, in JSON; empty: there is none */
  text_slice method;
  const text_pair *headers; /* that were sent */
  size_t header_count;
  s3_credentials credentials; /* that signed; empty: not known */
  int64_t now_seconds;
} explain_input;

enum { EXPLAIN_ARENA_BYTES = 32 * 1024 * 1024 };

typedef enum explain_result {
  EXPLAIN_NAMED,   /* a cause was named */
  EXPLAIN_UNKNOWN, /* none could be */
  EXPLAIN_BAD      /* the input can't be read; the text says which */
} explain_result;

/* Appends what is to be shown to `text`. */
explain_result explain(const explain_input *input, text_arena *arena, text_buffer *text);

#endif
