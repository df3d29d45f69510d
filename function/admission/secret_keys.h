/* The keys that one setting's secrets make: the first makes a code, each checks one, so that a
 * secret can be replaced while what the old one made is still about. HMAC-SHA-256, RFC 2104.
 */
#ifndef FUNCTION_SECRET_KEYS_H
#define FUNCTION_SECRET_KEYS_H

#include "function/config/upload_config.h"
#include "s3/hash.h"

typedef struct secret_keys {
  s3_hmac_key list[CONFIG_SECRETS_MAX];
  size_t count; /* 0: what they are for is off */
} secret_keys;

/* Not a word of the secrets is kept, only what HMAC makes of them. */
void secret_keys_init(secret_keys *keys, const config_secrets *secrets);

/* The same with keys that are derived of the secrets for one purpose. */
void secret_keys_init_for(secret_keys *keys, const config_secrets *secrets, text_slice purpose);

/* Whether one of the keys made `digest` of `message`: in a time that does not tell where they
 * differ. */
bool secret_keys_made(const secret_keys *keys, text_slice message,
                      const uint8_t digest[S3_HASH_BYTES]);

#endif
