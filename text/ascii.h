/* Classes of ASCII bytes, whatever the locale is. Bytes above 0x7F are in none. */
#ifndef TEXT_ASCII_H
#define TEXT_ASCII_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline bool text_ascii_is_digit(char c) {
  return c >= '0' && c <= '9';
}

static inline bool text_ascii_is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static inline bool text_ascii_is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

static inline bool text_ascii_is_alpha(char c) {
  return text_ascii_is_upper(c) || text_ascii_is_lower(c);
}

static inline bool text_ascii_is_alnum(char c) {
  return text_ascii_is_alpha(c) || text_ascii_is_digit(c);
}

static inline bool text_ascii_is_hex(char c) {
  return text_ascii_is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static inline bool text_ascii_is_blank(char c) {
  return c == ' ' || c == '\t';
}

/* Space to tilde: what is printed. */
static inline bool text_ascii_is_print(char c) {
  return c >= 0x20 && c <= 0x7E;
}

/* White space of JSON and of XML: RFC 8259, 2; XML 1.0, 2.3. */
static inline bool text_ascii_is_space(char c) {
  return text_ascii_is_blank(c) || c == '\n' || c == '\r';
}

/* A character of a token, such as a header's name: RFC 9110, section 5.6.2. A bit for each of
 * the bytes 0x00 to 0x3F, and 0x40 to 0x7F. */
static inline bool text_ascii_is_token(char c) {
  const unsigned char byte = (unsigned char)c;
  const uint64_t low = 0x3ff6cfa00000000;   /* digits and !#$%&'*+-. */
  const uint64_t high = 0x57ffffffc7fffffe; /* letters and ^_`|~ */
  return byte < 0x80 && ((byte < 0x40 ? low : high) >> (byte & 0x3F) & 1) != 0;
}

static inline char text_ascii_lower(char c) {
  return text_ascii_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* What a hexadecimal digit stands for; -1 for another byte. */
static inline int text_ascii_hex_value(char c) {
  if (text_ascii_is_digit(c)) {
    return c - '0';
  }
  return text_ascii_is_hex(c) ? text_ascii_lower(c) - 'a' + 10 : -1;
}

#ifdef __cplusplus
}
#endif

#endif
