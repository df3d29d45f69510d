/* What S3's error itself tells, with what the URL says. */
#ifndef DOCTOR_ERROR_CAUSES_H
#define DOCTOR_ERROR_CAUSES_H

#include "error_request.h"
#include "finding.h"
#include "s3/error_reply.h"

/* Whether S3 says no more than that something which is signed differs. */
bool error_needs_comparison(const s3_error_reply *error);

/* Whether S3 says no more than that a header is signed and was not sent, or the other way. */
bool error_tells_headers(const s3_error_reply *error);

/* Adds the causes that the error names: as proven only what its code means in every store, or what
 * its words or the request show. `now_seconds` is this machine's time, for errors that do not tell
 * S3's. */
void error_causes_add(finding_list *findings, const s3_error_reply *error,
                      const error_request *request, int64_t now_seconds, text_arena *arena);

#endif
