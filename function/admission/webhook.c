#include "webhook.h"

#include "text/arena.h"
#include "text/base64.h"

void webhook_append_start(text_buffer *text, text_slice id, int64_t time_seconds) {
  text_buffer_append(text, id);
  text_buffer_append_byte(text, '.');
  text_buffer_append_decimal(text, time_seconds);
  text_buffer_append_byte(text, '.');
}

webhook_message webhook_sign(const secret_keys *keys, text_slice signed_text, text_arena *arena) {
  webhook_message message = {.body = signed_text};
  (void)text_slice_split(&message.body, '.', &message.id);
  (void)text_slice_split(&message.body, '.', &message.timestamp);
  text_buffer signature = text_arena_open(arena);
  for (size_t i = 0; i < keys->count; i++) {
    uint8_t digest[S3_HASH_BYTES];
    s3_hmac(&keys->list[i], signed_text, digest);
    text_buffer_append_string(&signature, i > 0 ? " v1," : "v1,");
    text_base64_append_encoded(&signature, (text_slice){(const char *)digest, sizeof digest});
  }
  message.signature = text_arena_close(arena, &signature);
  return message;
}
