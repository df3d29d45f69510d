#include "base64.h"

#include "ascii.h"

typedef const char base64_alphabet[65];

static base64_alphabet standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static base64_alphabet for_urls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Three bytes, or fewer at the end, as four letters of which `count` + 1 tell something. */
static void make_letters(char letters[4], text_slice bytes, size_t count,
                         base64_alphabet alphabet) {
  uint32_t group = 0;
  for (size_t i = 0; i < 3; i++) {
    group = group << 8 | (i < count ? (unsigned char)bytes.data[i] : 0U);
  }
  for (size_t i = 0; i < 4; i++) {
    letters[i] = i <= count ? alphabet[group >> (18 - 6 * i) & 63] : '=';
  }
}

static size_t bytes_of_group(text_slice bytes) {
  return bytes.size < 3 ? bytes.size : 3;
}

void text_base64_append_encoded(text_buffer *buffer, text_slice bytes) {
  for (; bytes.size > 0; bytes = text_slice_from(bytes, 3)) {
    char letters[4];
    make_letters(letters, bytes, bytes_of_group(bytes), standard);
    text_buffer_append(buffer, (text_slice){letters, sizeof letters});
  }
}

void text_base64_append_url_encoded(text_buffer *buffer, text_slice bytes) {
  for (; bytes.size > 0; bytes = text_slice_from(bytes, 3)) {
    char letters[4];
    make_letters(letters, bytes, bytes_of_group(bytes), for_urls);
    text_buffer_append(buffer, (text_slice){letters, bytes_of_group(bytes) + 1});
  }
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
