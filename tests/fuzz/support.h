/* What the fuzzers share: each checks, beside memory, what must be true of any input. */
#ifndef TESTS_FUZZ_SUPPORT_H
#define TESTS_FUZZ_SUPPORT_H

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                               \
  do {                                                                                \
    if (!(condition)) {                                                               \
      (void)fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                        \
    }                                                                                 \
  } while (0)

static inline text_slice input_of(const uint8_t *data, size_t size) {
  return (text_slice){(const char *)data, size};
}

static inline bool contains(text_slice text, text_slice part) {
  return text.size > 0 && memmem(text.data, text.size, part.data, part.size) != NULL;
}

static inline bool has_only(text_slice text, const char *characters) {
  for (size_t i = 0; i < text.size; i++) {
    if (text.data[i] == '\0' || strchr(characters, text.data[i]) == NULL) {
      return false;
    }
  }
  return true;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* What is true of every signed URL, whatever was signed. */
static inline void check_signed_url(text_slice url, text_slice origin) {
  static const text_slice mark = {"&X-Amz-Signature=", 17};
  MUST(has_only(url, LETTERS DIGITS "-._~%/:?&=[]"));
  MUST(text_slice_starts_with(url, origin));
  MUST(url.size > origin.size + mark.size + 64);
  const text_slice signature = text_slice_from(url, url.size - 64);
  MUST(has_only(signature, DIGITS "abcdef"));
  MUST(text_slice_ends_with((text_slice){url.data, url.size - 64}, mark));
  text_slice rest = text_slice_from(url, origin.size);
  text_slice path;
  MUST(text_slice_split(&rest, '?', &path) && rest.size > 0);
  MUST(text_slice_starts_with(path, TEXT_LITERAL("/")));
  MUST(!contains(rest, TEXT_LITERAL("?")));
  text_slice segment;
  while (text_slice_split(&path, '/', &segment)) {
    MUST(!text_slice_equal(segment, TEXT_LITERAL(".")));
    MUST(!text_slice_equal(segment, TEXT_LITERAL("..")));
  }
}

#endif
