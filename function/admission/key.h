/* The object's key, made of the key template: never what a client sent as it came. */
#ifndef FUNCTION_KEY_H
#define FUNCTION_KEY_H

#include "function/config/key_template.h"
#include "http/claims.h"
#include "text/buffer.h"

/* Of a claim's value. */
enum { KEY_CLAIM_MAX_BYTES = 256 };

/* What the placeholders stand for. */
typedef struct key_parts {
  const uint8_t *id;         /* KEY_ID_BYTES random bytes; written as hexadecimal digits */
  text_slice name;           /* see key_append_name() */
  int64_t time_seconds;      /* {date} is its day in UTC, as 2026-11-24 */
  const http_claims *caller; /* one of whom key_claim_problem() finds nothing */
} key_parts;

/* Null, or what is wrong with a claim's value as a folder of a key. What does not fit is refused
 * and never replaced, or two callers could get the same folder. */
const char *key_claim_value_problem(text_slice value);

/* Null, or what is wrong with the first claim of a checked template that this caller lacks or has
 * with a value that is no folder's name; `name` is then the claim's. */
const char *key_claim_problem(text_slice template, const http_claims *caller, text_slice *name);

/* Appends the claims that a checked template has of this caller, with a NUL behind each: whose its
 * keys are, where a key does not say so itself. */
void key_append_claims(text_buffer *buffer, text_slice template, const http_claims *caller);

/* Appends the key that a checked template makes. */
void key_append(text_buffer *buffer, text_slice template, const key_parts *parts);

/* Null, or what a client's file name must be: UTF-8, without control characters,
 * not "." or "..". How long it may be depends on the template: S3_KEY_MAX_BYTES. */
const char *key_name_problem(text_slice file_name);

/* Appends a file name as a key has it: / and \ become _, so that a name never
 * makes a folder; all else stays, be it a space, a plus, or in any script. */
void key_append_name(text_buffer *buffer, text_slice file_name);

#endif
