#include "signer.h"

#include <string.h>

#include "text/percent.h"

/* "AWS4" and the secret: AWS's secrets have 40 bytes, other stores' have more. */
enum { PREFIXED_SECRET_MAX_BYTES = 512 };

bool s3_signer_init(s3_signer *signer, const s3_credentials *credentials, text_slice region,
                    text_arena *arena) {
  *signer = (s3_signer){.credentials = *credentials, .region = region};
  text_buffer encoded = text_arena_open(arena);
  text_percent_append_encoded(&encoded, credentials->session_token);
  signer->encoded_token = text_arena_close(arena, &encoded);
  return !encoded.overflowed &&
         credentials->secret_access_key.size + 4 <= PREFIXED_SECRET_MAX_BYTES;
}

void s3_signer_append_scope(const s3_signer *signer, const s3_timestamp *timestamp,
                            text_buffer *buffer) {
  text_buffer_append(buffer, s3_timestamp_date(timestamp));
  text_buffer_append_byte(buffer, '/');
  text_buffer_append(buffer, signer->region);
  text_buffer_append_string(buffer, "/s3/aws4_request");
}

void s3_signer_append_credential(const s3_signer *signer, const s3_timestamp *timestamp,
                                 text_buffer *buffer) {
  text_buffer_append(buffer, signer->credentials.access_key_id);
  text_buffer_append_byte(buffer, '/');
  s3_signer_append_scope(signer, timestamp, buffer);
}

static void derive(s3_hmac_key *key, text_slice text) {
  uint8_t digest[S3_HASH_BYTES];
  s3_hmac(key, text, digest);
  s3_hmac_key_init(key, (text_slice){(const char *)digest, sizeof digest});
}

static void derive_key_of_day(s3_signer *signer, text_slice date) {
  char storage[PREFIXED_SECRET_MAX_BYTES];
  text_buffer secret;
  text_buffer_init(&secret, storage, sizeof storage);
  text_buffer_append_string(&secret, "AWS4");
  text_buffer_append(&secret, signer->credentials.secret_access_key);
  s3_hmac_key_init(&signer->key, text_buffer_slice(&secret));
  derive(&signer->key, date);
  derive(&signer->key, signer->region);
  derive(&signer->key, TEXT_LITERAL("s3"));
  derive(&signer->key, TEXT_LITERAL("aws4_request"));
  memcpy(signer->key_date, date.data, sizeof signer->key_date);
}

void s3_signer_append_signature(s3_signer *signer, const s3_timestamp *timestamp,
                                text_slice string_to_sign, text_buffer *buffer) {
  const text_slice date = s3_timestamp_date(timestamp);
  if (memcmp(signer->key_date, date.data, sizeof signer->key_date) != 0) {
    derive_key_of_day(signer, date);
  }
  uint8_t digest[S3_HASH_BYTES];
  s3_hmac(&signer->key, string_to_sign, digest);
  s3_hash_append_hex(buffer, digest);
}
