#include "utf8.h"

#include "ascii.h"

/* By the number of bytes: the smallest code point that needs that many. */
static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

static size_t size_from_lead(unsigned char lead, uint32_t *bits) {
  if (lead < 0x80) {
    *bits = lead;
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    *bits = lead & 0x1FU;
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    *bits = lead & 0x0FU;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    *bits = lead & 0x07U;
    return 4;
  }
  return 0;
}

size_t text_utf8_next(text_slice text, uint32_t *code_point) {
  uint32_t value = 0;
  const size_t size = size_from_lead((unsigned char)text.data[0], &value);
  if (size == 0 || size > text.size) {
    return 0;
  }
  for (size_t i = 1; i < size; i++) {
    const unsigned char byte = (unsigned char)text.data[i];
    if ((byte & 0xC0U) != 0x80) {
      return 0;
    }
    value = value << 6 | (byte & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[size] || surrogate || value > 0x10FFFF) {
    return 0;
  }
  *code_point = value;
  return size;
}

void text_utf8_append(text_buffer *buffer, uint32_t code_point) {
  static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
  size_t size = 1;
  while (size < 4 && code_point >= smallest[size + 1]) {
    size++;
  }
  unsigned char bytes[4];
  for (size_t i = size; i-- > 0; code_point >>= 6) {
    bytes[i] = (unsigned char)(i > 0 ? 0x80 | (code_point & 0x3F) : leads[size] | code_point);
  }
  text_buffer_append(buffer, (text_slice){(const char *)bytes, size});
}

bool text_utf8_is_valid(text_slice text) {
  uint32_t code_point = 0;
  for (size_t at = 0; at < text.size;) {
    const size_t size = text_utf8_next(text_slice_from(text, at), &code_point);
    if (size == 0) {
      return false;
    }
    at += size;
  }
  return true;
}

bool text_utf8_is_control(uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

bool text_utf8_is_clean(text_slice text) {
  uint32_t code_point = 0;
  for (size_t at = 0; at < text.size;) {
    if (text_ascii_is_print(text.data[at])) {
      at++;
      continue;
    }
    const size_t size = text_utf8_next(text_slice_from(text, at), &code_point);
    if (size == 0 || text_utf8_is_control(code_point)) {
      return false;
    }
    at += size;
  }
  return true;
}

text_slice text_utf8_whole(text_slice text) {
  for (size_t back = 1; back <= 3 && back <= text.size; back++) {
    uint32_t bits = 0;
    const size_t size = size_from_lead((unsigned char)text.data[text.size - back], &bits);
    if (size > 0) {
      return size > back ? (text_slice){text.data, text.size - back} : text;
    }
  }
  return text;
}
