/* Reads the headers of GET /invocation/next. */
#ifndef RUNTIME_INVOCATION_H
#define RUNTIME_INVOCATION_H

#include "lambda.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which try of a request it is. An answer names it as well: the platform refuses (410)
 * what a try that has timed out still answers, when another has begun. */
#define RUNTIME_INVOCATION_ID_HEADER "Lambda-Runtime-Invocation-Id"

/* Puts a header's value into the field of `invocation` it belongs to; others, and empty ones,
 * are ignored. The value must live as long as the invocation. */
void runtime_invocation_take_field(lambda_invocation *invocation, text_pair header);

/* Whether a request id can be one: it is not empty, and stays a segment of a path,
 * where "." and ".." would lead to another. */
bool runtime_request_id_is_usable(lambda_slice id);

/* What the Runtime API answers to a post about an invocation that it has not handed
 * out; about one whose id is not usable nothing is posted. */
enum { RUNTIME_NO_SUCH_INVOCATION = 400 };

#ifdef __cplusplus
}
#endif

#endif
