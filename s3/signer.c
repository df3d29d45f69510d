#include "signer.h"

#include <string.h>

#include "text/percent.h"

/* "AWS4" and the secret: AWS's secrets have 40 bytes, other stores' have more. */
enum { PREFIXED_SECRET_MAX_BYTES = 512, CREDENTIAL_MAX_BYTES = 256 };

bool s3_signer_init(s3_signer *signer, const s3_credentials *credentials, text_slice region,
                    text_arena *arena) {
  *signer = (s3_signer){.credentials = *credentials, .region = region};
  text_buffer encoded = text_arena_open(arena);
  if (credentials->session_token.size > 0) {
    text_buffer_append_string(&encoded, "X-Amz-Security-Token=");
    text_percent_append_encoded(&encoded, credentials->session_token);
  }
  signer->token_parameter = text_arena_close(arena, &encoded);
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

static void use_key_of_day(s3_signer *signer, text_slice date) {
  if (memcmp(signer->key_date, date.data, sizeof signer->key_date) != 0) {
    derive_key_of_day(signer, date);
  }
}

void s3_signer_append_signature(s3_signer *signer, const s3_timestamp *timestamp,
                                text_slice string_to_sign, text_buffer *buffer) {
  uint8_t digest[S3_HASH_BYTES];
  use_key_of_day(signer, s3_timestamp_date(timestamp));
  s3_hmac(&signer->key, string_to_sign, digest);
  s3_hash_append_hex(buffer, digest);
}

/* ---- What is the same for a second ---------------------------------------------- */

static void make_query(s3_moment *moment, text_slice credential) {
  text_buffer query;
  text_buffer_init(&query, moment->query, sizeof moment->query);
  text_buffer_append_string(&query, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=");
  text_percent_append_encoded(&query, credential);
  text_buffer_append_string(&query, "&X-Amz-Date=");
  text_buffer_append(&query, s3_timestamp_slice(&moment->timestamp));
  text_buffer_append_string(&query, "&X-Amz-Expires=");
  moment->query_bytes = query.overflowed ? 0 : query.size;
}

static void make_string_to_sign(s3_moment *moment, const s3_hmac_key *key, text_slice scope) {
  const text_slice pieces[] = {TEXT_LITERAL("AWS4-HMAC-SHA256\n"),
                               s3_timestamp_slice(&moment->timestamp), TEXT_LITERAL("\n"), scope,
                               TEXT_LITERAL("\n")};
  moment->string_to_sign = key->inner;
  for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
    s3_hash_update(&moment->string_to_sign, pieces[i]);
  }
}

static void make_moment(s3_signer *signer) {
  char storage[CREDENTIAL_MAX_BYTES];
  text_buffer text;
  s3_moment *moment = &signer->moment;
  text_buffer_init(&text, storage, sizeof storage);
  use_key_of_day(signer, s3_timestamp_date(&moment->timestamp));
  s3_signer_append_scope(signer, &moment->timestamp, &text);
  make_string_to_sign(moment, &signer->key, text_buffer_slice(&text));
  text_buffer_clear(&text);
  s3_signer_append_credential(signer, &moment->timestamp, &text);
  make_query(moment, text_buffer_slice(&text));
  if (text.overflowed) {
    moment->query_bytes = 0;
  }
}

const s3_moment *s3_signer_moment(s3_signer *signer, int64_t time_seconds) {
  s3_moment *moment = &signer->moment;
  /* Another day may have been signed for since then. */
  if (moment->time_seconds == time_seconds && moment->timestamp.text[0] != '\0' &&
      memcmp(signer->key_date, moment->timestamp.text, sizeof signer->key_date) == 0) {
    return moment;
  }
  if (!s3_timestamp_init(&moment->timestamp, time_seconds)) {
    return NULL;
  }
  moment->time_seconds = time_seconds;
  make_moment(signer);
  return moment;
}

void s3_signer_append_request_signature(const s3_signer *signer, const s3_moment *moment,
                                        const uint8_t digest[S3_HASH_BYTES], text_buffer *buffer) {
  char storage[2 * S3_HASH_BYTES];
  uint8_t mac[S3_HASH_BYTES];
  text_buffer hex;
  s3_hash hash = moment->string_to_sign;
  if (moment->query_bytes == 0) {
    buffer->overflowed = true;
    return;
  }
  text_buffer_init(&hex, storage, sizeof storage);
  s3_hash_append_hex(&hex, digest);
  s3_hash_update(&hash, text_buffer_slice(&hex));
  s3_hmac_finish(&signer->key, &hash, mac);
  s3_hash_append_hex(buffer, mac);
}
