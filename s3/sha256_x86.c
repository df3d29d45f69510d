#include "sha256_x86.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#include <string.h>

#include "text/copy.h"

enum { LEAF_7_EBX_SHA = 1 << 29 };

/* A processor without leaf 7 answers with its last one, in which this bit is 0.
 * Whatever has these instructions has SSSE3 and SSE4.1, used below, as well. */
static bool ask_processor(void) {
  unsigned eax;
  unsigned ebx;
  unsigned ecx;
  unsigned edx;
  __cpuid_count(7, 0, eax, ebx, ecx, edx);
  return (ebx & LEAF_7_EBX_SHA) != 0;
}

bool s3_sha256_x86_is_there(void) {
  /* Kept, for on a virtual machine asking takes as long as hashing a kilobyte. It
   * does no harm when two threads ask. */
  static atomic_int answer; /* 0: not asked; 1: no; 2: yes */
  int known = atomic_load_explicit(&answer, memory_order_relaxed);
  if (known == 0) {
    known = ask_processor() ? 2 : 1;
    atomic_store_explicit(&answer, known, memory_order_relaxed);
  }
  return known == 2;
}

/* FIPS 180-4, 4.2.2 */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#define WITH_SHA __attribute__((target("sha,sse4.1"), always_inline))

static inline WITH_SHA __m128i load(const void *bytes) {
  return _mm_loadu_si128((const __m128i *)bytes);
}

static inline WITH_SHA void store(void *bytes, __m128i words) {
  _mm_storeu_si128((__m128i *)bytes, words);
}

/* Four words from big-endian ones, or to them. */
static inline WITH_SHA __m128i in_order(__m128i words) {
  const __m128i order = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  return _mm_shuffle_epi8(words, order);
}

/* The state as the instructions have it. */
struct halves {
  __m128i abef;
  __m128i cdgh;
};

static inline WITH_SHA void four_rounds(struct halves *state, __m128i words, const uint32_t *k) {
  const __m128i sum = _mm_add_epi32(words, load(k));
  state->cdgh = _mm_sha256rnds2_epu32(state->cdgh, state->abef, sum);
  state->abef = _mm_sha256rnds2_epu32(state->abef, state->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/* The four words that come 16 after those in `a`, from these 16. */
static inline WITH_SHA __m128i later_words(__m128i a, __m128i b, __m128i c, __m128i d) {
  const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));
  return _mm_sha256msg2_epu32(sum, d);
}

static inline WITH_SHA void take_block(struct halves *state, const uint8_t *block) {
  const struct halves before = *state;
  __m128i a = in_order(load(block));
  __m128i b = in_order(load(block + 16));
  __m128i c = in_order(load(block + 32));
  __m128i d = in_order(load(block + 48));
  const uint32_t *k = constants;
  for (; k < constants + 48; k += 16) {
    four_rounds(state, a, k);
    a = later_words(a, b, c, d);
    four_rounds(state, b, k + 4);
    b = later_words(b, c, d, a);
    four_rounds(state, c, k + 8);
    c = later_words(c, d, a, b);
    four_rounds(state, d, k + 12);
    d = later_words(d, a, b, c);
  }
  four_rounds(state, a, k);
  four_rounds(state, b, k + 4);
  four_rounds(state, c, k + 8);
  four_rounds(state, d, k + 12);
  state->abef = _mm_add_epi32(state->abef, before.abef);
  state->cdgh = _mm_add_epi32(state->cdgh, before.cdgh);
}

#define BY_SHA __attribute__((target("sha,sse4.1"))) static

BY_SHA void take_blocks(uint32_t state[S3_SHA256_STATE_WORDS], const uint8_t *blocks,
                        size_t count) {
  struct halves halves = {load(state), load(state + 4)};
  for (; count > 0; count--, blocks += S3_SHA256_BLOCK_BYTES) {
    take_block(&halves, blocks);
  }
  store(state, halves.abef);
  store(state + 4, halves.cdgh);
}

/* The state, whose order is F, E, B, A, H, G, D, C, as a text of big-endian words. */
BY_SHA void write_digest(uint8_t digest[S3_SHA256_DIGEST_BYTES],
                         const uint32_t state[S3_SHA256_STATE_WORDS]) {
  const __m128i abef = _mm_shuffle_epi32(load(state), 0x1B);
  const __m128i cdgh = _mm_shuffle_epi32(load(state + 4), 0x1B);
  store(digest, in_order(_mm_unpacklo_epi64(abef, cdgh)));
  store(digest + 16, in_order(_mm_unpackhi_epi64(abef, cdgh)));
}

void s3_sha256_x86_start(s3_sha256_x86 *hash) {
  /* FIPS 180-4, 5.3.3 */
  static const uint32_t initial[S3_SHA256_STATE_WORDS] = {0x9b05688c, 0x510e527f, 0xbb67ae85,
                                                          0x6a09e667, 0x5be0cd19, 0x1f83d9ab,
                                                          0xa54ff53a, 0x3c6ef372};
  memcpy(hash->state, initial, sizeof initial);
  hash->size_bytes = 0;
}

void s3_sha256_x86_update(s3_sha256_x86 *hash, const uint8_t *bytes, size_t size) {
  const size_t held = hash->size_bytes % S3_SHA256_BLOCK_BYTES;
  const size_t wanted = held > 0 ? S3_SHA256_BLOCK_BYTES - held : 0;
  hash->size_bytes += size;
  if (size < wanted) {
    text_copy(hash->block + held, bytes, size);
    return;
  }
  if (wanted > 0) {
    text_copy(hash->block + held, bytes, wanted);
    take_blocks(hash->state, hash->block, 1);
    bytes += wanted;
    size -= wanted;
  }
  const size_t count = size / S3_SHA256_BLOCK_BYTES;
  if (count > 0) {
    take_blocks(hash->state, bytes, count);
  }
  text_copy(hash->block, bytes + count * S3_SHA256_BLOCK_BYTES, size % S3_SHA256_BLOCK_BYTES);
}

/* FIPS 180-4, 5.1.1: a bit, zeros, and the size in bits. */
void s3_sha256_x86_finish(s3_sha256_x86 *hash, uint8_t digest[S3_SHA256_DIGEST_BYTES]) {
  static const uint8_t padding[S3_SHA256_BLOCK_BYTES] = {0x80};
  enum { SIZE_AT = S3_SHA256_BLOCK_BYTES - sizeof(uint64_t) };
  const size_t held = hash->size_bytes % S3_SHA256_BLOCK_BYTES;
  const uint64_t size_bits = __builtin_bswap64(hash->size_bytes * 8);
  text_copy(hash->block + held, padding, S3_SHA256_BLOCK_BYTES - held);
  if (held >= SIZE_AT) {
    take_blocks(hash->state, hash->block, 1);
    memcpy(hash->block, padding + 1, SIZE_AT);
  }
  memcpy(hash->block + SIZE_AT, &size_bits, sizeof size_bits);
  take_blocks(hash->state, hash->block, 1);
  write_digest(digest, hash->state);
}

#else

bool s3_sha256_x86_is_there(void) {
  return false;
}

/* Never called. */
void s3_sha256_x86_start(s3_sha256_x86 *hash) {
  (void)hash;
}

void s3_sha256_x86_update(s3_sha256_x86 *hash, const uint8_t *bytes, size_t size) {
  (void)hash;
  (void)bytes;
  (void)size;
}

void s3_sha256_x86_finish(s3_sha256_x86 *hash, uint8_t digest[S3_SHA256_DIGEST_BYTES]) {
  (void)hash;
  (void)digest;
}

#endif
