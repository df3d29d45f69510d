/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104): the one place that knows
 * what computes them, which is mbedTLS, or on x86_64 the processor where it can.
 */
#ifndef S3_HASH_H
#define S3_HASH_H

#include <mbedtls/sha256.h>
#include <stdint.h>

#include "sha256_x86.h"
#include "text/buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { S3_HASH_BYTES = 32 };

typedef struct s3_hash {
  bool by_processor;
  union {
    s3_sha256_x86 processor;
    mbedtls_sha256_context library;
  } state;
} s3_hash;

void s3_hash_start(s3_hash *hash);
/* The same by mbedTLS, whatever the processor can. */
void s3_hash_start_by_library(s3_hash *hash);
void s3_hash_update(s3_hash *hash, text_slice bytes);
void s3_hash_finish(s3_hash *hash, uint8_t digest[S3_HASH_BYTES]);

/* In a time that does not tell where the two differ. */
bool s3_hash_equal(const uint8_t a[S3_HASH_BYTES], const uint8_t b[S3_HASH_BYTES]);

enum { S3_HASH_MEMO_BYTES = 1024 };

/* A hash in the making that is kept for the next text with the same start, by a name
 * for that start. All zero to begin with. */
typedef struct s3_hash_memo {
  char name[S3_HASH_MEMO_BYTES];
  size_t name_size;
  s3_hash hash;
} s3_hash_memo;

/* Names are given in pieces. False when another name, or none, is kept. */
bool s3_hash_recall(const s3_hash_memo *memo, const text_slice *name, size_t pieces, s3_hash *hash);

/* A name of 1 to S3_HASH_MEMO_BYTES; another one is not kept. */
void s3_hash_remember(s3_hash_memo *memo, const text_slice *name, size_t pieces,
                      const s3_hash *hash);

/* A key as HMAC uses it: the hash states after its inner and outer pad. Computed
 * once for a key, it saves two of the four blocks of each short message. */
typedef struct s3_hmac_key {
  s3_hash inner;
  s3_hash outer;
} s3_hmac_key;

void s3_hmac_key_init(s3_hmac_key *key, text_slice secret);
void s3_hmac(const s3_hmac_key *key, text_slice message, uint8_t digest[S3_HASH_BYTES]);
/* The same of a message that was hashed into `inner`, which began as the key's. */
void s3_hmac_finish(const s3_hmac_key *key, s3_hash *inner, uint8_t digest[S3_HASH_BYTES]);

/* Whether `text` is a digest in base64, as x-amz-checksum-sha256 has it. */
bool s3_hash_is_base64(text_slice text);

/* Appends a digest as 64 lower-case hexadecimal digits. */
void s3_hash_append_hex(text_buffer *buffer, const uint8_t digest[S3_HASH_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
