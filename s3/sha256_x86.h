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

enum { SHA256_BLOCK_BYTES = 64, SHA256_STATE_WORDS = 8, SHA256_DIGEST_BYTES = 32 };

typedef struct sha256_x86 {
  uint32_t state[SHA256_STATE_WORDS];
  uint64_t size_bytes;               /* of all that was hashed */
  uint8_t block[SHA256_BLOCK_BYTES]; /* the last one, while it isn't whole */
} sha256_x86;

/* Whether this processor has the instructions; false on other architectures. The
 * functions below may be called only where it has. */
bool sha256_x86_is_there(void);

void sha256_x86_start(sha256_x86 *hash);
void sha256_x86_update(sha256_x86 *hash, const uint8_t *bytes, size_t size);
void sha256_x86_finish(sha256_x86 *hash, uint8_t digest[SHA256_DIGEST_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
