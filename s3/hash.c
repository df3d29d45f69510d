#include "hash.h"

#include <string.h>

#include "text/base64.h"
#include "text/copy.h"

enum { BLOCK_BYTES = S3_SHA256_BLOCK_BYTES, INNER_PAD = 0x36, OUTER_PAD = 0x5C };

_Static_assert((int)S3_HASH_BYTES == (int)S3_SHA256_DIGEST_BYTES, "both are SHA-256's");

/* mbedTLS's calls fail only for a null pointer or an unknown variant, so their
 * results say nothing here. */

void s3_hash_start_by_library(s3_hash *hash) {
  hash->by_processor = false;
  mbedtls_sha256_init(&hash->state.library);
  (void)mbedtls_sha256_starts(&hash->state.library, 0);
}

void s3_hash_start(s3_hash *hash) {
  if (s3_sha256_x86_is_there()) {
    hash->by_processor = true;
    s3_sha256_x86_start(&hash->state.processor);
  } else {
    s3_hash_start_by_library(hash);
  }
}

void s3_hash_update(s3_hash *hash, text_slice bytes) {
  const unsigned char *data = (const unsigned char *)bytes.data;
  if (bytes.size == 0) {
    return;
  }
  if (hash->by_processor) {
    s3_sha256_x86_update(&hash->state.processor, data, bytes.size);
  } else {
    (void)mbedtls_sha256_update(&hash->state.library, data, bytes.size);
  }
}

void s3_hash_finish(s3_hash *hash, uint8_t digest[S3_HASH_BYTES]) {
  if (hash->by_processor) {
    s3_sha256_x86_finish(&hash->state.processor, digest);
  } else {
    (void)mbedtls_sha256_finish(&hash->state.library, digest);
  }
}

bool s3_hash_equal(const uint8_t a[S3_HASH_BYTES], const uint8_t b[S3_HASH_BYTES]) {
  unsigned difference = 0;
  for (size_t i = 0; i < S3_HASH_BYTES; i++) {
    difference |= (unsigned)(a[i] ^ b[i]);
  }
  return difference == 0;
}

bool s3_hash_recall(const s3_hash_memo *memo, const text_slice *name, size_t pieces,
                    s3_hash *hash) {
  size_t at = 0;
  for (size_t i = 0; i < pieces; i++) {
    if (name[i].size > memo->name_size - at ||
        !text_is_same(memo->name + at, name[i].data, name[i].size)) {
      return false;
    }
    at += name[i].size;
  }
  if (at == 0 || at != memo->name_size) {
    return false;
  }
  *hash = memo->hash;
  return true;
}

void s3_hash_remember(s3_hash_memo *memo, const text_slice *name, size_t pieces,
                      const s3_hash *hash) {
  text_buffer kept;
  text_buffer_init(&kept, memo->name, sizeof memo->name);
  for (size_t i = 0; i < pieces; i++) {
    text_buffer_append(&kept, name[i]);
  }
  memo->name_size = kept.overflowed ? 0 : kept.size;
  memo->hash = *hash;
}

static void start_with_pad(s3_hash *hash, const uint8_t block[BLOCK_BYTES], uint8_t pad) {
  uint8_t padded[BLOCK_BYTES];
  for (size_t i = 0; i < BLOCK_BYTES; i++) {
    padded[i] = block[i] ^ pad;
  }
  s3_hash_start(hash);
  s3_hash_update(hash, (text_slice){(const char *)padded, sizeof padded});
}

void s3_hmac_key_init(s3_hmac_key *key, text_slice secret) {
  uint8_t block[BLOCK_BYTES] = {0};
  if (secret.size > BLOCK_BYTES) {
    s3_hash hash;
    s3_hash_start(&hash);
    s3_hash_update(&hash, secret);
    s3_hash_finish(&hash, block);
  } else if (secret.size > 0) {
    memcpy(block, secret.data, secret.size);
  }
  start_with_pad(&key->inner, block, INNER_PAD);
  start_with_pad(&key->outer, block, OUTER_PAD);
}

void s3_hmac(const s3_hmac_key *key, text_slice message, uint8_t digest[S3_HASH_BYTES]) {
  s3_hash hash = key->inner;
  s3_hash_update(&hash, message);
  s3_hmac_finish(key, &hash, digest);
}

void s3_hmac_finish(const s3_hmac_key *key, s3_hash *inner, uint8_t digest[S3_HASH_BYTES]) {
  s3_hash hash = key->outer;
  s3_hash_finish(inner, digest);
  s3_hash_update(&hash, (text_slice){(const char *)digest, S3_HASH_BYTES});
  s3_hash_finish(&hash, digest);
}

bool s3_hash_is_base64(text_slice text) {
  char bytes[S3_HASH_BYTES + 1];
  text_buffer decoded;
  text_buffer_init(&decoded, bytes, sizeof bytes);
  return text_base64_append_decoded(&decoded, text) && !decoded.overflowed &&
         decoded.size == S3_HASH_BYTES;
}

/* Sixteen digits at once. */
typedef uint8_t digits __attribute__((vector_size(16)));

static inline void write_digits(char *hex, digits values) {
  const digits text = values + '0' + ((digits)(values > 9) & ('a' - 10 - '0'));
  memcpy(hex, &text, sizeof text);
}

void s3_hash_append_hex(text_buffer *buffer, const uint8_t digest[S3_HASH_BYTES]) {
  char hex[2 * S3_HASH_BYTES];
  for (size_t i = 0; i < S3_HASH_BYTES; i += sizeof(digits)) {
    digits bytes;
    memcpy(&bytes, digest + i, sizeof bytes);
    const digits high = bytes >> 4;
    const digits low = bytes & 0x0F;
    write_digits(hex + 2 * i, __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
                                                      5, 21, 6, 22, 7, 23));
    write_digits(hex + 2 * i + sizeof bytes,
                 __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                         14, 30, 15, 31));
  }
  text_buffer_append(buffer, (text_slice){hex, sizeof hex});
}
