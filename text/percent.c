#include "percent.h"

#include <string.h>

#include "ascii.h"

static inline bool is_unreserved(char c) {
  return text_ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* Sixteen bytes, of which all are looked at at once. */
typedef uint8_t chunk __attribute__((vector_size(16)));
typedef uint64_t chunk_words __attribute__((vector_size(16)));

/* Two words at once. The copies are loads. */
static inline chunk load(const char *first, const char *second) {
  uint64_t words[2];
  memcpy(&words[0], first, sizeof words[0]);
  memcpy(&words[1], second, sizeof words[1]);
  return (chunk)(chunk_words){words[0], words[1]};
}

/* Whether all stand for themselves: the letters, - to 9 but for a slash that is not kept, the
 * underscore and the tilde. */
static inline bool is_kept(chunk bytes, bool slash_too) {
  const chunk letters = (chunk)((bytes | 0x20) - 'a' < 26);
  const chunk others =
      (chunk)(bytes - '-' <= '9' - '-') | (chunk)(bytes == '_') | (chunk)(bytes == '~');
  const chunk refused = (chunk)(bytes == (uint8_t)(slash_too ? '\0' : '/'));
  const chunk_words kept = (chunk_words)((letters | others) & ~refused);
  return (kept[0] & kept[1]) == UINT64_MAX;
}

/* How many bytes at the start of `text` stand for themselves, as far as that is found out soon. */
static inline size_t count_kept(text_slice text, bool slash_too) {
  enum { WORD_BYTES = sizeof(uint64_t), CHUNK_BYTES = sizeof(chunk) };
  size_t count = 0;
  if (text.size < WORD_BYTES) {
    return 0;
  }
  for (; text.size - count > CHUNK_BYTES; count += CHUNK_BYTES) {
    chunk bytes;
    memcpy(&bytes, text.data + count, sizeof bytes);
    if (!is_kept(bytes, slash_too)) {
      return count;
    }
  }
  /* The last may be looked at once more. */
  const char *end = text.data + text.size;
  const char *before_last = text.size > CHUNK_BYTES ? end - CHUNK_BYTES : text.data;
  return is_kept(load(before_last, end - WORD_BYTES), slash_too) ? text.size : count;
}

static void append_encoded(text_buffer *buffer, text_slice text, bool slash_too) {
  static const char hex[] = "0123456789ABCDEF";
  size_t start = 0;
  for (size_t i = count_kept(text, slash_too); i < text.size; i++) {
    const char c = text.data[i];
    if (is_unreserved(c) || (slash_too && c == '/')) {
      continue;
    }
    text_buffer_append(buffer, (text_slice){text.data + start, i - start});
    const unsigned char byte = (unsigned char)c;
    const char escape[3] = {'%', hex[byte >> 4], hex[byte & 0x0F]};
    text_buffer_append(buffer, (text_slice){escape, sizeof escape});
    start = i + 1;
  }
  text_buffer_append(buffer, text_slice_from(text, start));
}

void text_percent_append_encoded(text_buffer *buffer, text_slice text) {
  append_encoded(buffer, text, false);
}

void text_percent_append_encoded_path(text_buffer *buffer, text_slice text) {
  append_encoded(buffer, text, true);
}

void text_percent_append_form_decoded(text_buffer *buffer, text_slice text) {
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.data[i];
    const bool room = text.size - i > 2;
    const int high = c == '%' && room ? text_ascii_hex_value(text.data[i + 1]) : -1;
    const int low = high >= 0 ? text_ascii_hex_value(text.data[i + 2]) : -1;
    if (low >= 0) {
      text_buffer_append_byte(buffer, (char)(high << 4 | low));
      i += 2;
    } else {
      text_buffer_append_byte(buffer, c == '+' ? ' ' : c);
    }
  }
}
