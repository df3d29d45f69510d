/* What Countersign answered when it was asked to sign: its JSON.
 *
 * docs/http-api.md describes it; of Uppy's /s3/params it is the same with other names.
 */
#ifndef DOCTOR_SIGNED_REPLY_H
#define DOCTOR_SIGNED_REPLY_H

#include "s3/presign.h"

typedef struct signed_reply {
  text_slice url;
  text_slice method; /* PUT when it is not there */
  /* Of a URL: what the client must send. Of a form: its fields. */
  text_pair pairs[S3_HEADERS_MAX];
  size_t pair_count;
  bool is_form;
} signed_reply;

/* False when `text` is no such reply. The slices are in the arena. */
bool signed_reply_read(signed_reply *reply, text_slice text, text_arena *arena);

#endif
