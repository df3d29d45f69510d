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

/* As memcpy(), which is `rep movs` on x86_64 both inlined for size and in musl: that
 * takes longer to start than a short piece takes in words. */
static inline void text_copy(void *to, const void *from, size_t size) {
  enum { WORD_BYTES = sizeof(uint64_t), PAIR_BYTES = 2 * WORD_BYTES, SHORT_MAX_BYTES = 64 };
  char *out = (char *)to;
  const char *in = (const char *)from;
  if (size > SHORT_MAX_BYTES) {
    memcpy(out, in, size);
  } else if (size >= PAIR_BYTES) {
    for (size_t i = 0; i + PAIR_BYTES < size; i += PAIR_BYTES) {
      memcpy(out + i, in + i, PAIR_BYTES);
    }
    /* The last pair of words may write some bytes once more. */
    memcpy(out + size - PAIR_BYTES, in + size - PAIR_BYTES, PAIR_BYTES);
  } else if (size >= WORD_BYTES) {
    memcpy(out, in, WORD_BYTES);
    memcpy(out + size - WORD_BYTES, in + size - WORD_BYTES, WORD_BYTES);
  } else {
    for (size_t i = 0; i < size; i++) {
      out[i] = in[i];
    }
  }
}

/* Whether both have the same bytes; musl's memcmp() takes them one by one. */
static inline bool text_is_same(const void *a, const void *b, size_t size) {
  enum { WORD_BYTES = sizeof(uint64_t) };
  const char *one = (const char *)a;
  const char *other = (const char *)b;
  uint64_t words[2];
  if (size < WORD_BYTES) {
    return size == 0 || memcmp(one, other, size) == 0;
  }
  for (size_t i = 0; i < size - WORD_BYTES; i += WORD_BYTES) {
    memcpy(&words[0], one + i, WORD_BYTES);
    memcpy(&words[1], other + i, WORD_BYTES);
    if (words[0] != words[1]) {
      return false;
    }
  }
  memcpy(&words[0], one + size - WORD_BYTES, WORD_BYTES);
  memcpy(&words[1], other + size - WORD_BYTES, WORD_BYTES);
  return words[0] == words[1];
}

#ifdef __cplusplus
}
#endif

#endif
