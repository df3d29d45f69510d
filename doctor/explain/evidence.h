/* What there is to look at about one request, read, and the secrets in it known. */
#ifndef DOCTOR_EVIDENCE_H
#define DOCTOR_EVIDENCE_H

#include "doctor/shared/mask.h"
#include "explain_input.h"
#include "request_text.h"
#include "s3/error_reply.h"
#include "signed_reply.h"

typedef struct explain_evidence {
  const explain_input *input;
  text_arena *arena;
  secret_mask mask; /* of all that is here */
  signed_url url;   /* that was sent */
  bool has_url;
  s3_error_reply error;
  bool has_error;
  signed_reply reply;
  signed_url reply_url;
  bool has_reply;
} explain_evidence;

/* Null, or what can't be read: a line for the user. */
const char *evidence_read(explain_evidence *evidence, const explain_input *input,
                          text_arena *arena);

#endif
