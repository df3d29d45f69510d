/* Signing what is sent to the app, so that it can tell who asks.
 *
 * Source: Standard Webhooks 1.0,
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
#ifndef FUNCTION_WEBHOOK_H
#define FUNCTION_WEBHOOK_H

#include "secret_keys.h"

/* A message as it is sent: `body` with the three headers. */
typedef struct webhook_message {
  text_slice id;
  text_slice timestamp; /* Unix epoch, seconds */
  text_slice body;
  text_slice signature; /* v1,BASE64 by each key, with a space between */
} webhook_message;

/* What stands before the body in the text that is signed. */
void webhook_append_start(text_buffer *text, text_slice id, int64_t time_seconds);

/* Takes a message of `signed_text`, which webhook_append_start() began and the body ended. The
 * signature is in `arena`, the rest in the text; null data without room. */
webhook_message webhook_sign(const secret_keys *keys, text_slice signed_text, text_arena *arena);

#endif
