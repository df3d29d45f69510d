#include "percent.h"

#include "ascii.h"

static bool is_unreserved(char c) {
  return text_ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void append_encoded(text_buffer *buffer, text_slice text, char also_kept) {
  static const char hex[] = "0123456789ABCDEF";
  size_t start = 0;
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.data[i];
    if (is_unreserved(c) || c == also_kept) {
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
  append_encoded(buffer, text, '-'); /* which is kept anyway: no further one */
}

void text_percent_append_encoded_path(text_buffer *buffer, text_slice text) {
  append_encoded(buffer, text, '/');
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
