/* Why S3 refused a request: the cause, what to change, and the two requests beside each other.
 *
 * Pure: what is looked at comes as text. Nothing that is shown has a secret, a token or a
 * signature.
 */
#ifndef DOCTOR_EXPLAIN_H
#define DOCTOR_EXPLAIN_H

#include "explain_input.h"

enum { EXPLAIN_ARENA_BYTES = 32 * 1024 * 1024 };

typedef enum explain_result {
  EXPLAIN_NAMED,   /* a cause was named */
  EXPLAIN_UNKNOWN, /* none could be */
  EXPLAIN_BAD      /* the input can't be read; the text says which */
} explain_result;

/* Appends what is to be shown to `text`. */
explain_result explain(const explain_input *input, text_arena *arena, text_buffer *text);

#endif
