/* What an authorizer holds one request to: claims that narrow the rules.
 *
 * uploadMaxBytes, uploadTypes, uploadExpiresSeconds: narrowing.h has their forms.
 * uploadProfiles: names as a text with commas between, or a list of texts; no other profile is
 * this caller's.
 */
#ifndef FUNCTION_AUTHORIZER_LIMITS_H
#define FUNCTION_AUTHORIZER_LIMITS_H

#include "function/config/upload_config.h"
#include "http/claims.h"
#include "http/error.h"

/* Whether an authorizer says any of them. */
bool authorizer_limits_are_said(const http_claims *caller);

/* Narrows `rules`. An error of 500 is about a claim that has no meaning, whose name `claim` then
 * is: for the log, for no client can mend it. What is kept lives as long as the event and `arena`.
 */
http_error authorizer_limits_apply(upload_rules *rules, const http_claims *caller,
                                   const char **claim, text_arena *arena);

#endif
