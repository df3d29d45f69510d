/* What was found out about a request that S3 refused. */
#ifndef DOCTOR_FINDING_H
#define DOCTOR_FINDING_H

#include "words.h"

/* The part of the request that is the cause. */
typedef enum cause_kind {
  CAUSE_URL,
  CAUSE_METHOD,
  CAUSE_HEADER_MISSING,
  CAUSE_HEADER_OTHER,
  CAUSE_HEADER_NOT_SIGNED,
  CAUSE_KEY_ENCODING,
  CAUSE_PATH,
  CAUSE_HOST,
  CAUSE_QUERY,
  CAUSE_REGION,
  CAUSE_CLOCK,
  CAUSE_EXPIRED,
  CAUSE_TOKEN,
  CAUSE_ACCESS_KEY,
  CAUSE_SECRET,
  CAUSE_PAYLOAD_HASH,
  CAUSE_CHECKSUM,
  CAUSE_SIZE,
  CAUSE_CONDITION,
  CAUSE_PERMISSION,
  CAUSE_FORM,
  CAUSE_ACL,
  CAUSE_ENCRYPTION,
  CAUSE_BUCKET,
  CAUSE_STORE
} cause_kind;

/* A word or two; constant text. */
const char *cause_name(cause_kind cause);

typedef struct finding {
  cause_kind cause;
  bool likely;       /* not proven */
  text_slice says;   /* one or more sentences */
  text_slice change; /* what to do about it */
} finding;

enum { FINDINGS_MAX = 16 };

/* The most telling first. */
typedef struct finding_list {
  finding list[FINDINGS_MAX];
  size_t count;
} finding_list;

/* Past FINDINGS_MAX, and of a cause that is there already with the same words, nothing is added. */
void findings_add(finding_list *findings, cause_kind cause, text_slice says, text_slice change);
void findings_add_likely(finding_list *findings, cause_kind cause, text_slice says,
                         text_slice change);

#endif
