/* What is let in, and the key it gets. */
#ifndef FUNCTION_ADMISSION_H
#define FUNCTION_ADMISSION_H

#include "function/config/upload_config.h"
#include "http/claims.h"
#include "upload_request.h"

/* An upload that may be signed. */
typedef struct admitted_upload {
  text_slice key;
  text_slice content_type;
  int64_t size_bytes; /* -1: not declared */
  text_slice sha256;  /* base64; empty: not declared */
  int64_t expires_seconds;
  const upload_metadata *metadata; /* the request's */
  const upload_rules *rules;       /* which it was held to */
  bool key_is_apps;                /* the app gave it, in the place of the template's */
} admitted_upload;

/* What is not the client's to say: when, a random number that is new each time, and who calls. */
typedef struct admission_moment {
  int64_t time_seconds;
  const uint8_t *id; /* KEY_ID_BYTES */
  const http_claims *caller;
} admission_moment;

/* Checks what a client asks for against the rules, which must outlive the upload. */
http_error admission_check(admitted_upload *upload, const upload_request *request,
                           const upload_rules *rules, const admission_moment *moment,
                           text_arena *arena);

/* The largest upload in one piece. */
int64_t admission_max_bytes(const upload_rules *rules);

/* Reads a lifetime that a client asks for; null data: the longest. */
http_error admission_expires(int64_t *expires_seconds, text_slice asked, const upload_rules *rules,
                             text_arena *arena);

#endif
