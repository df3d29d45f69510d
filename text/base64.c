#include "base64.h"

#include <string.h>

#include "ascii.h"

typedef const char base64_alphabet[65];

static base64_alphabet standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static base64_alphabet for_urls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Three bytes as four letters. */
static void write_letters(char letters[4], const char bytes[3], base64_alphabet alphabet) {
  const uint32_t group = (uint32_t)(unsigned char)bytes[0] << 16 |
                         (uint32_t)(unsigned char)bytes[1] << 8 | (unsigned char)bytes[2];
  letters[0] = alphabet[group >> 18];
  letters[1] = alphabet[group >> 12 & 63];
  letters[2] = alphabet[group >> 6 & 63];
  letters[3] = alphabet[group & 63];
}

static void append_letters(text_buffer *buffer, text_slice bytes, base64_alphabet alphabet,
                           bool padded) {
  const size_t rest = bytes.size % 3;
  const size_t whole = bytes.size - rest;
  const size_t size = whole / 3 * 4 + (rest == 0 ? 0 : padded ? 4 : rest + 1);
  if (buffer->overflowed || size > buffer->capacity - buffer->size) {
    buffer->overflowed = true;
    return;
  }
  if (size == 0) {
    return;
  }
  char *at = buffer->data + buffer->size;
  for (size_t i = 0; i < whole; i += 3, at += 4) {
    write_letters(at, bytes.data + i, alphabet);
  }
  if (rest > 0) {
    const char last[3] = {bytes.data[whole], rest > 1 ? bytes.data[whole + 1] : '\0', '\0'};
    char letters[4];
    write_letters(letters, last, alphabet);
    letters[2] = rest > 1 ? letters[2] : '=';
    letters[3] = '=';
    memcpy(at, letters, padded ? 4 : rest + 1);
  }
  buffer->size += size;
}

void text_base64_append_encoded(text_buffer *buffer, text_slice bytes) {
  append_letters(buffer, bytes, standard, true);
}

void text_base64_append_url_encoded(text_buffer *buffer, text_slice bytes) {
  append_letters(buffer, bytes, for_urls, false);
}

/* 0 to 63, or -1 for a byte outside the alphabet. */
static int value_of(char letter, base64_alphabet alphabet) {
  if (text_ascii_is_upper(letter)) {
    return letter - 'A';
  }
  if (text_ascii_is_lower(letter)) {
    return letter - 'a' + 26;
  }
  if (text_ascii_is_digit(letter)) {
    return letter - '0' + 52;
  }
  return letter == alphabet[62] ? 62 : letter == alphabet[63] ? 63 : -1;
}

/* Letters of the alphabet, and no bit left over that is not zero. */
static bool is_strict(text_slice letters, base64_alphabet alphabet) {
  int last = 0;
  for (size_t i = 0; i < letters.size; i++) {
    last = value_of(letters.data[i], alphabet);
    if (last < 0) {
      return false;
    }
  }
  switch (letters.size % 4) {
  case 0:
    return true;
  case 2:
    return (last & 0x0F) == 0;
  case 3:
    return (last & 0x03) == 0;
  default:
    return false;
  }
}

static void append_bytes(text_buffer *buffer, text_slice letters, base64_alphabet alphabet) {
  for (; letters.size > 0; letters = text_slice_from(letters, 4)) {
    const size_t count = letters.size < 4 ? letters.size : 4;
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
      group = group << 6 | (i < count ? (uint32_t)value_of(letters.data[i], alphabet) : 0U);
    }
    const char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
    text_buffer_append(buffer, (text_slice){bytes, count - 1});
  }
}

static bool decode(text_buffer *buffer, text_slice letters, base64_alphabet alphabet) {
  if (!is_strict(letters, alphabet)) {
    return false;
  }
  append_bytes(buffer, letters, alphabet);
  return true;
}

static size_t padding_of(text_slice text) {
  if (!text_slice_ends_with(text, TEXT_LITERAL("="))) {
    return 0;
  }
  return text_slice_ends_with(text, TEXT_LITERAL("==")) ? 2 : 1;
}

bool text_base64_append_decoded(text_buffer *buffer, text_slice text) {
  const text_slice letters = {text.data, text.size - padding_of(text)};
  return text.size % 4 == 0 && decode(buffer, letters, standard);
}

bool text_base64_append_url_decoded(text_buffer *buffer, text_slice text) {
  return decode(buffer, text, for_urls);
}
