/* Whose a key is. */
#ifndef FUNCTION_KEY_OWNER_H
#define FUNCTION_KEY_OWNER_H

#include "http/claims.h"

/* Whether a checked template could have made `key` for this caller: each {claim:...} is the
 * caller's own value, {id} 32 hexadecimal digits, {date} a date, {name} anything that
 * key_append_name() makes, and the rest is the template's text. Without a claim in the template
 * every key of its form is every caller's. */
bool key_is_callers(text_slice template, const http_claims *caller, text_slice key);

#endif
