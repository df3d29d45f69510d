/* Pieces of the JSON that replies are made of. */
#ifndef FUNCTION_REPLY_BODY_H
#define FUNCTION_REPLY_BODY_H

#include "text/buffer.h"

/* Appends `start`, which ends where a value begins, and the value as a JSON string. */
void reply_body_append_text(text_buffer *body, const char *start, text_slice value);

/* The same of a URL, in which nothing needs escaping. */
void reply_body_append_url(text_buffer *body, const char *start, text_slice url);

/* Appends `start` and an object of names and values, in their order. */
void reply_body_append_pairs(text_buffer *body, const char *start, const text_pair *pairs,
                             size_t count);

/* Appends ,"expires_in":300,"expires_at":"2026-11-24T12:05:00Z" */
void reply_body_append_expiry(text_buffer *body, int64_t now_seconds, int64_t expires_seconds);

#endif
