#include "json.h"

#include <string.h>

#include "ascii.h"
#include "utf8.h"

/* What stands for a byte that can't stand for itself in a JSON string. */
static void append_escape(text_buffer *buffer, char byte) {
  if (byte == '"' || byte == '\\' || byte == '\n') {
    const char escape[2] = {'\\', byte == '\n' ? 'n' : byte};
    text_buffer_append(buffer, (text_slice){escape, sizeof escape});
  } else {
    text_buffer_append_string(buffer, "\\u00");
    text_buffer_append_hex(buffer, (text_slice){&byte, 1});
  }
}

/* Where the text goes. */
enum place { IN_STRING, IN_ASCII_STRING, IN_LINE };

/* Sixteen bytes, which the compiler compares at once: by SSE2, by NEON, or byte by byte where a
 * processor has no such instructions. */
typedef signed char block __attribute__((vector_size(16)));
typedef uint64_t block_words __attribute__((vector_size(16)));

static bool is_plain(char c) {
  return text_ascii_is_print(c) && c != '"' && c != '\\';
}

/* The first byte, in memory, that is not 0. */
static size_t first_byte_of(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return (size_t)__builtin_clzll(word) / 8;
#else
  return (size_t)__builtin_ctzll(word) / 8;
#endif
}

/* The same of two words; their size when there is none. */
__attribute__((always_inline)) static inline size_t first_of(block bytes) {
  const block_words words = (block_words)bytes;
  if ((words[0] | words[1]) == 0) {
    return sizeof words;
  }
  return words[0] != 0 ? first_byte_of(words[0]) : sizeof words[0] + first_byte_of(words[1]);
}

size_t text_json_plain_size(text_slice text) {
  size_t size = 0;
  while (text.size - size >= sizeof(block)) {
    block bytes;
    memcpy(&bytes, text.data + size, sizeof bytes);
    /* Signed, so that what is no ASCII is less than a space. */
    const size_t plain =
        first_of((bytes < ' ') | (bytes == 0x7F) | (bytes == '"') | (bytes == '\\'));
    size += plain;
    if (plain < sizeof bytes) {
      return size;
    }
  }
  while (size < text.size && is_plain(text.data[size])) {
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
  const char first = text.data[0];
  if ((signed char)first >= 0) {
    if (place == IN_LINE && text_ascii_is_print(first)) {
      text_buffer_append_byte(buffer, first);
    } else {
      append_escape(buffer, first);
    }
    return 1;
  }
  uint32_t code_point = 0;
  const size_t size = text_utf8_next(text, &code_point);
  if (size == 0) {
    text_buffer_append_string(buffer, "\\ufffd");
    return 1;
  }
  if (place == IN_ASCII_STRING) {
    append_escaped_code_point(buffer, code_point);
  } else {
    text_buffer_append(buffer, (text_slice){text.data, size});
  }
  return size;
}

static void append_escaped(text_buffer *buffer, text_slice text, enum place place) {
  while (text.size > 0) {
    const size_t plain = text_json_plain_size(text);
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

void text_json_append_json(text_buffer *buffer, text_slice json) {
  if (buffer->overflowed || 2 * json.size + 2 > buffer->capacity - buffer->size) {
    text_json_append_string(buffer, json); /* which sees how much room is needed */
    return;
  }
  char *out = buffer->data + buffer->size;
  *out++ = '"';
  size_t at = 0;
  while (json.size - at >= sizeof(block)) {
    block bytes;
    memcpy(&bytes, json.data + at, sizeof bytes);
    memcpy(out, &bytes, sizeof bytes);
    const size_t plain = first_of((bytes == '"') | (bytes == '\\'));
    out += plain;
    at += plain;
    if (plain < sizeof bytes) {
      *out++ = '\\';
      *out++ = json.data[at++];
    }
  }
  for (; at < json.size; at++) {
    if (json.data[at] == '"' || json.data[at] == '\\') {
      *out++ = '\\';
    }
    *out++ = json.data[at];
  }
  *out++ = '"';
  buffer->size = (size_t)(out - buffer->data);
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
