/* What `explain` works on, between its parts. */
#ifndef DOCTOR_EXPLAIN_WORK_H
#define DOCTOR_EXPLAIN_WORK_H

#include "doctor/shared/finding.h"
#include "evidence.h"

typedef struct explain_work {
  const explain_input *input;
  text_arena *arena;
  text_buffer *text;
  explain_evidence evidence;
  finding_list findings;
  request_facts sent;
  text_slice signed_text; /* canonical requests; null data: not known */
  text_slice seen_text;
  request_parts signed_parts;
  request_parts seen_parts;
  bool has_seen;
  bool has_both;
} explain_work;

/* Whether the secret that signed is at hand. */
bool explain_can_check_signature(const explain_work *work);

/* A form's signature is in its fields, not in the URL. */
bool explain_is_form(const explain_work *work);

#endif
