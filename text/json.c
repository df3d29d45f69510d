#include "json.h"

#include <string.h>

#include "utf8.h"

/* The text around a byte that can't stand for itself in a JSON string. */
static void append_escape(text_buffer *buffer, unsigned char byte) {
  switch (byte) {
  case '"':
    text_buffer_append_string(buffer, "\\\"");
    return;
  case '\\':
    text_buffer_append_string(buffer, "\\\\");
    return;
  case '\n':
    text_buffer_append_string(buffer, "\\n");
    return;
  default:
    text_buffer_append_string(buffer, "\\u00");
    text_buffer_append_hex(buffer, (text_slice){(const char *)&byte, 1});
  }
}

/* Where the text goes. */
enum place { IN_STRING, IN_ASCII_STRING, IN_LINE };

static bool stands_for_itself(unsigned char byte, enum place place) {
  return byte >= 0x20 && byte < 0x7F && (place == IN_LINE || (byte != '"' && byte != '\\'));
}

/* Each byte of a word. */
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* High bits of bytes that are 0; of some behind such a one, too. */
static uint64_t zeros(uint64_t word) {
  return (word - EACH(1)) & ~word;
}

/* Whether eight bytes stand for themselves anywhere. */
static bool are_plain(const char *bytes) {
  uint64_t word = 0;
  memcpy(&word, bytes, sizeof word);
  const uint64_t others = (word - EACH(0x20)) | word | zeros(word ^ EACH(0x7F)) |
                          zeros(word ^ EACH('"')) | zeros(word ^ EACH('\\'));
  return (others & EACH(0x80)) == 0;
}

/* Bytes from the start of `text` that can be copied as they are. */
static size_t plain_prefix(text_slice text, enum place place) {
  size_t size = 0;
  while (text.size - size >= sizeof(uint64_t) && are_plain(text.data + size)) {
    size += sizeof(uint64_t);
  }
  while (size < text.size && stands_for_itself((unsigned char)text.data[size], place)) {
    size++;
  }
  return size;
}

static void append_code_unit(text_buffer *buffer, uint32_t unit) {
  const unsigned char bytes[2] = {(unsigned char)(unit >> 8), (unsigned char)unit};
  text_buffer_append_string(buffer, "\\u");
  text_buffer_append_hex(buffer, (text_slice){(const char *)bytes, sizeof bytes});
}

/* As UTF-16, which is what \\u stands for. */
static void append_escaped_code_point(text_buffer *buffer, uint32_t code_point) {
  if (code_point >= 0x10000) {
    append_code_unit(buffer, 0xD7C0 + (code_point >> 10));
    append_code_unit(buffer, 0xDC00 + (code_point & 0x3FF));
  } else {
    append_code_unit(buffer, code_point);
  }
}

/* Appends the first character, which is no plain one; returns its size. */
static size_t append_character(text_buffer *buffer, text_slice text, enum place place) {
  uint32_t code_point = 0;
  const size_t size = text_utf8_next(text, &code_point);
  if (size == 0) {
    text_buffer_append_string(buffer, "\\ufffd");
    return 1;
  }
  if (size == 1) {
    append_escape(buffer, (unsigned char)text.data[0]);
  } else if (place == IN_ASCII_STRING) {
    append_escaped_code_point(buffer, code_point);
  } else {
    text_buffer_append(buffer, (text_slice){text.data, size});
  }
  return size;
}

static void append_escaped(text_buffer *buffer, text_slice text, enum place place) {
  while (text.size > 0) {
    const size_t plain = plain_prefix(text, place);
    text_buffer_append(buffer, (text_slice){text.data, plain});
    text = text_slice_from(text, plain);
    if (text.size > 0) {
      text = text_slice_from(text, append_character(buffer, text, place));
    }
  }
}

void text_json_append_line(text_buffer *buffer, text_slice text) {
  append_escaped(buffer, text, IN_LINE);
}

void text_json_append_string(text_buffer *buffer, text_slice text) {
  text_buffer_append_byte(buffer, '"');
  append_escaped(buffer, text, IN_STRING);
  text_buffer_append_byte(buffer, '"');
}

void text_json_append_known(text_buffer *buffer, const char *start, text_slice value) {
  if (value.size > 0) {
    text_buffer_append_string(buffer, start);
    text_json_append_string(buffer, value);
  }
}

void text_json_append_ascii_string(text_buffer *buffer, text_slice text) {
  text_buffer_append_byte(buffer, '"');
  append_escaped(buffer, text, IN_ASCII_STRING);
  text_buffer_append_byte(buffer, '"');
}
