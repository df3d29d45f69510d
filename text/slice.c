#include "slice.h"

#include <string.h>

#include "ascii.h"
#include "copy.h"

text_slice text_slice_of(const char *string) {
  return (text_slice){string, string ? strlen(string) : 0};
}

bool text_slice_equal(text_slice a, text_slice b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool text_slice_equal_ignoring_case(text_slice a, text_slice b) {
  if (a.size != b.size) {
    return false;
  }
  if (text_is_same(a.data, b.data, a.size)) {
    return true; /* nearly always: names are written as their documents have them */
  }
  for (size_t i = 0; i < a.size; i++) {
    if (text_ascii_lower(a.data[i]) != text_ascii_lower(b.data[i])) {
      return false;
    }
  }
  return true;
}

bool text_slice_starts_with(text_slice text, text_slice prefix) {
  return text.size >= prefix.size && text_slice_equal((text_slice){text.data, prefix.size}, prefix);
}

bool text_slice_ends_with(text_slice text, text_slice suffix) {
  return text.size >= suffix.size &&
         text_slice_equal(text_slice_from(text, text.size - suffix.size), suffix);
}

bool text_slice_contains(text_slice text, char byte) {
  return text.size > 0 && memchr(text.data, byte, text.size) != NULL;
}

int text_slice_compare(text_slice a, text_slice b) {
  const size_t shorter = a.size < b.size ? a.size : b.size;
  const int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
  if (order != 0) {
    return order;
  }
  return (a.size > b.size) - (a.size < b.size);
}

text_slice text_slice_from(text_slice text, size_t start) {
  if (start >= text.size) {
    return (text_slice){NULL, 0};
  }
  return (text_slice){text.data + start, text.size - start};
}

text_slice text_slice_trim(text_slice text) {
  while (text.size > 0 && text_ascii_is_blank(text.data[0])) {
    text = text_slice_from(text, 1);
  }
  while (text.size > 0 && text_ascii_is_blank(text.data[text.size - 1])) {
    text.size--;
  }
  return text;
}

bool text_slice_split(text_slice *rest, char separator, text_slice *piece) {
  if (rest->data == NULL) {
    return false;
  }
  const char *at = rest->size ? memchr(rest->data, separator, rest->size) : NULL;
  if (at == NULL) {
    *piece = *rest;
    *rest = (text_slice){NULL, 0};
    return true;
  }
  const size_t size = (size_t)(at - rest->data);
  *piece = (text_slice){rest->data, size};
  *rest = (text_slice){at + 1, rest->size - size - 1};
  return true;
}
