/* What a bucket needs for uploads by browsers, and whether it has it. */
#ifndef DOCTOR_CHECK_H
#define DOCTOR_CHECK_H

#include "function/outgoing/outgoing_transport.h"
#include "s3/signer.h"

typedef struct check_input {
  text_slice bucket;
  text_slice region;   /* empty: us-east-1, until the store tells another */
  text_slice endpoint; /* empty: AWS's */
  bool path_style;
  text_slice origin;          /* of the page, as browsers send it; empty: CORS can't be checked */
  s3_credentials credentials; /* empty: settings can't be checked */
  /* Where uploads go: objects are written there, and deleted again; null data: nothing is written.
   * `fresh` makes their folder one that nobody has. */
  text_slice try_prefix;
  text_slice fresh;
  const outgoing_transport *transport;
  int64_t now_seconds;
} check_input;

typedef enum check_result {
  CHECK_ALL_WELL,
  CHECK_INCOMPLETE, /* there is something to change, or that could not be checked */
  CHECK_BAD         /* the input is wrong; the text says what */
} check_result;

/* Appends a line for each item to `text`, with what to change. */
check_result check(const check_input *input, text_arena *arena, text_buffer *text);

#endif
