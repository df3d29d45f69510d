/* Which parts of two canonical requests differ, in words. */
#ifndef DOCTOR_COMPARE_H
#define DOCTOR_COMPARE_H

#include "doctor/shared/finding.h"
#include "request_text.h"

/* Adds a finding for each part of `seen`, what S3 saw, that is not as in `signed_one`. What is not
 * known of one of them makes none. */
void compare_requests(finding_list *findings, const request_parts *signed_one,
                      const request_parts *seen, text_arena *arena);

/* Adds what is suspicious about a request when nobody knows the one that was signed. `raw_path` is
 * the path as it stands in the URL; empty where it is known to have been signed. */
void compare_suspect(finding_list *findings, const request_parts *seen, text_slice raw_path,
                     text_arena *arena);

/* Adds the x-amz-... headers that were sent and not signed, but x-amz-content-sha256, which S3 lets
 * pass. */
void compare_unsigned(finding_list *findings, const request_facts *sent, const signed_url *url,
                      text_arena *arena);

/* Whether everything of `parts` is known. */
bool compare_is_whole(const request_parts *parts);

#endif
