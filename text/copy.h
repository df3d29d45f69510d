/* Copying short pieces, as most of a URL, a header or a reply are. */
#ifndef TEXT_COPY_H
#define TEXT_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As memcpy(), which is `rep movs` on x86_64 both inlined for size and in musl: that
 * takes longer to start than a short piece takes in words. */
static inline void text_copy(void *to, const void *from, size_t size) {
  enum { WORD_BYTES = sizeof(uint64_t), SHORT_MAX_BYTES = 64 };
  char *out = (char *)to;
  const char *in = (const char *)from;
  if (size > SHORT_MAX_BYTES) {
    memcpy(out, in, size);
  } else if (size >= WORD_BYTES) {
    for (size_t i = 0; i + WORD_BYTES < size; i += WORD_BYTES) {
      memcpy(out + i, in + i, WORD_BYTES);
    }
    /* The last word may write some bytes once more. */
    memcpy(out + size - WORD_BYTES, in + size - WORD_BYTES, WORD_BYTES);
  } else {
    for (size_t i = 0; i < size; i++) {
      out[i] = in[i];
    }
  }
}

#ifdef __cplusplus
}
#endif

#endif
