/* Reads the headers of GET /invocation/next. */
#ifndef RUNTIME_INVOCATION_H
#define RUNTIME_INVOCATION_H

#include "lambda.h"
#include "text/arena.h"

/* Which try of a request it is. An answer names it as well: the platform refuses (410)
 * what a try that has timed out still answers, when another has begun. */
#define INVOCATION_ID_HEADER "Lambda-Runtime-Invocation-Id"

/* Takes one header line ("Name: value", with or without its line end) into the
 * field of `invocation` it belongs to; others are ignored. False when `arena`
 * has no room for the value. */
bool invocation_take_header(lambda_invocation *invocation, text_arena *arena, lambda_slice line);

/* Whether there is a request id, and one that stays a segment of a path: "." and
 * ".." would lead to another. */
bool invocation_has_usable_id(const lambda_invocation *invocation);

#endif
