/* What the tellers of an error's cause look at. */
#ifndef DOCTOR_ERROR_TELLING_H
#define DOCTOR_ERROR_TELLING_H

#include "error_request.h"
#include "finding.h"
#include "s3/error_reply.h"

typedef struct error_telling {
  finding_list *findings;
  const s3_error_reply *error;
  const signed_url *url; /* of the request; or null */
  const error_request *request;
  int64_t now_seconds;
  text_arena *arena;
} error_telling;

bool error_has_code(const s3_error_reply *error, const char *code);

/* Whether the error's message has `part` anywhere. A message has keys in it: ask only for what no
 * key has, or what only tells a detail. */
bool error_says(const s3_error_reply *error, const char *part);

/* Whether the error's message begins so. MinIO's begin with "Access Denied. (". */
bool error_begins(const s3_error_reply *error, const char *beginning);

/* AccessDenied, which is said of many causes; and some that have codes of their own too. */
void error_tell_denied(const error_telling *telling);
void error_tell_unsigned(const error_telling *telling);

/* Whether the store says, by its code or its words, that the URL or form has ended; and that it
 * begins later. */
bool error_is_of_expiry(const error_telling *telling);
bool error_is_of_beginning(const error_telling *telling);
void error_tell_expired(const error_telling *telling);
void error_tell_clock(const error_telling *telling);
/* Adds, as likely, that the URL has ended by now. */
void error_suspect_expired(const error_telling *telling);

/* NotImplemented and MethodNotAllowed: what the store does not do depends on what was asked. */
void error_tell_not_implemented(const error_telling *telling);
void error_tell_method(const error_telling *telling);

#endif
