#include "secret_keys.h"

void secret_keys_init(secret_keys *keys, const config_secrets *secrets) {
  keys->count = secrets->count;
  for (size_t i = 0; i < secrets->count; i++) {
    s3_hmac_key_init(&keys->list[i], secrets->list[i]);
  }
}

void secret_keys_init_for(secret_keys *keys, const config_secrets *secrets, text_slice purpose) {
  secret_keys_init(keys, secrets);
  for (size_t i = 0; i < keys->count; i++) {
    uint8_t derived[S3_HASH_BYTES];
    s3_hmac(&keys->list[i], purpose, derived);
    s3_hmac_key_init(&keys->list[i], (text_slice){(const char *)derived, sizeof derived});
  }
}

bool secret_keys_made(const secret_keys *keys, text_slice message,
                      const uint8_t digest[S3_HASH_BYTES]) {
  bool made = false;
  for (size_t i = 0; i < keys->count; i++) {
    uint8_t own[S3_HASH_BYTES];
    s3_hmac(&keys->list[i], message, own);
    made |= s3_hash_equal(own, digest);
  }
  return made;
}
