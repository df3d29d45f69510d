/* SHA-256's blocks by the instructions that x86_64 processors have for it, four
 * times as fast as C. mbedTLS uses arm64's own but not these.
 *
 * Source: Intel's "Intel SHA Extensions", 2013.
 */
#ifndef S3_SHA256_X86_H
#define S3_SHA256_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { S3_SHA256_BLOCK_BYTES = 64, S3_SHA256_STATE_WORDS = 8, S3_SHA256_DIGEST_BYTES = 32 };

typedef struct s3_sha256_x86 {
  uint32_t state[S3_SHA256_STATE_WORDS]; /* in the order that the instructions want */
  uint64_t size_bytes;                   /* of all that was hashed */
  uint8_t block[S3_SHA256_BLOCK_BYTES];  /* the last one, while it isn't whole */
} s3_sha256_x86;

/* Whether this processor has the instructions; false on other architectures. The
 * functions below may be called only where it has. */
bool s3_sha256_x86_is_there(void);

void s3_sha256_x86_start(s3_sha256_x86 *hash);
void s3_sha256_x86_update(s3_sha256_x86 *hash, const uint8_t *bytes, size_t size);
void s3_sha256_x86_finish(s3_sha256_x86 *hash, uint8_t digest[S3_SHA256_DIGEST_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
