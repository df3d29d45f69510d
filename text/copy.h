/* Copying and comparing short pieces, as most of a URL, a header or a reply are. */
#ifndef TEXT_COPY_H
#define TEXT_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first and the last `part` bytes of a piece, which may overlap. */
static inline void text_copy_ends(char *out, const char *in, size_t size, size_t part) {
  memcpy(out, in, part);
  memcpy(out + size - part, in + size - part, part);
}

/* As memcpy(), which is `rep movs` on x86_64 both inlined for size and in musl: that
 * takes longer to start than a short piece takes in words. */
static inline void text_copy(void *to, const void *from, size_t size) {
  enum { SHORT_MAX_BYTES = 64 };
  char *out = (char *)to;
  const char *in = (const char *)from;
  if (size > SHORT_MAX_BYTES) {
    memcpy(out, in, size);
  } else if (size >= 32) {
    text_copy_ends(out, in, size, 32);
  } else if (size >= 16) {
    text_copy_ends(out, in, size, 16);
  } else if (size >= 8) {
    text_copy_ends(out, in, size, 8);
  } else if (size >= 4) {
    text_copy_ends(out, in, size, 4);
  } else {
    for (size_t i = 0; i < size; i++) {
      out[i] = in[i];
    }
  }
}

/* Whether both have the same bytes; musl's memcmp() takes them one by one. */
static inline bool text_is_same(const void *a, const void *b, size_t size) {
  enum { WORD_BYTES = sizeof(uint64_t), PAIR_BYTES = 2 * WORD_BYTES };
  const char *one = (const char *)a;
  const char *other = (const char *)b;
  uint64_t difference = 0;
  if (size < PAIR_BYTES) {
    return size == 0 || memcmp(one, other, size) == 0;
  }
  for (size_t i = 0; i < size; i += PAIR_BYTES) {
    const size_t at = size - i < PAIR_BYTES ? size - PAIR_BYTES : i; /* some bytes once more */
    uint64_t words[4];
    memcpy(words, one + at, PAIR_BYTES);
    memcpy(words + 2, other + at, PAIR_BYTES);
    difference |= (words[0] ^ words[2]) | (words[1] ^ words[3]);
  }
  return difference == 0;
}

#ifdef __cplusplus
}
#endif

#endif
