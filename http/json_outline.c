#include "json_outline.h"

#include <string.h>

#include "text/ascii.h"
#include "text/json.h"
#include "text/utf8.h"

/* ---- Escapes ------------------------------------------------------------------ */

/* The digits of \uXXXX, and all of it. */
enum { DIGITS = 4, ESCAPE_BYTES = 2 + DIGITS };

static const int32_t replacement = 0xFFFD;

/* The code unit of the \uXXXX that `text` starts with; -1 when it starts with none. */
static int32_t unit_at(text_slice text) {
  int32_t unit = 0;
  if (text.size < ESCAPE_BYTES || text.data[0] != '\\' || text.data[1] != 'u') {
    return -1;
  }
  for (size_t i = ESCAPE_BYTES - DIGITS; i < ESCAPE_BYTES; i++) {
    const int digit = text_ascii_hex_value(text.data[i]);
    if (digit < 0) {
      return -1;
    }
    unit = unit << 4 | digit;
  }
  return unit;
}

static bool is_first_surrogate(int32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_second_surrogate(int32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Appends the character that \uXXXX, or two of them, stand for; returns their size, 0 for none. */
static size_t read_units(text_buffer *strings, text_slice text) {
  const int32_t unit = unit_at(text);
  if (unit < 0) {
    return 0;
  }
  if (is_first_surrogate(unit)) {
    const int32_t second = unit_at(text_slice_from(text, ESCAPE_BYTES));
    if (is_second_surrogate(second)) {
      text_utf8_append(strings,
                       0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(second - 0xDC00));
      return (size_t)2 * ESCAPE_BYTES;
    }
  }
  const bool is_half = is_first_surrogate(unit) || is_second_surrogate(unit);
  text_utf8_append(strings, (uint32_t)(is_half ? replacement : unit == 0 ? 1 : unit));
  return ESCAPE_BYTES;
}

/* What a letter behind a backslash stands for; NUL for no escape. */
static char meaning_of(char letter) {
  switch (letter) {
  case '"':
  case '\\':
  case '/':
    return letter;
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  default:
    return '\0';
  }
}

/* Appends what the escape that `text` starts with stands for; returns its size, 0 for none. */
static size_t read_escape(text_buffer *strings, text_slice text) {
  const char meaning = text.size > 1 ? meaning_of(text.data[1]) : '\0';
  if (meaning == '\0') {
    return read_units(strings, text);
  }
  text_buffer_append_byte(strings, meaning);
  return 2;
}

/* ---- Strings ------------------------------------------------------------------ */

/* Appends what stands for itself, from its own place, which is never before that of the string.
 * What is no ASCII, and control characters, do so for cJSON as well. */
static size_t read_literal(text_buffer *string, text_slice text) {
  size_t size = text_json_plain_size(text);
  while (size < text.size && !text_ascii_is_print(text.data[size]) && text.data[size] != '\0') {
    size++;
  }
  memmove(string->data + string->size, text.data, size);
  string->size += size;
  return size;
}

/* Takes what `text` says up to its quote. Returns where that is; null when there is none, or an
 * error before it. */
static const char *unescape(text_buffer *string, text_slice text) {
  while (text.size > 0 && text.data[0] != '"') {
    const size_t size =
        text.data[0] == '\\' ? read_escape(string, text) : read_literal(string, text);
    if (size == 0) {
      return NULL;
    }
    text = text_slice_from(text, size);
  }
  return text.data;
}

/* Makes a string of the text from `start` on, with a NUL behind it. Returns where its quote was;
 * null when there is none, or an error before it. */
static const char *read_string(http_json_string *string, char *start, const char *end) {
  const text_slice text = {start, (size_t)(end - start)};
  size_t size = text_json_plain_size(text);
  const char *quote = start + size;
  if (quote < end && *quote != '"') {
    text_buffer unescaped = {.data = start, .size = size, .capacity = text.size};
    quote = unescape(&unescaped, text_slice_from(text, size));
    size = unescaped.size;
  }
  if (quote == NULL || quote == end) {
    return NULL;
  }
  start[size] = '\0';
  *string = (http_json_string){start, size};
  return quote;
}

/* ---- The rest ----------------------------------------------------------------- */

/* Writes the outline of what is from `at` to `end`, in which some spaces in a row are one, and its
 * strings into what of `strings` there is. Returns the outline's end; null for no JSON, and without
 * room. */
static char *read(char *outline, text_buffer *strings, char *at, const char *end) {
  http_json_string *next = (http_json_string *)(void *)strings->data;
  size_t room = strings->capacity / sizeof *next;
  while (at < end) {
    const char c = *at++;
    *outline++ = c;
    if (c == '"' && room > 0) {
      const char *quote = read_string(next, at, end);
      if (quote == NULL) {
        return NULL;
      }
      next++;
      room--;
      *outline++ = c;
      at += quote + 1 - at;
    } else if (text_ascii_is_space(c)) {
      while (at < end && text_ascii_is_space(*at)) {
        at++;
      }
    } else if (c == '\0' || c == '"') {
      return NULL;
    }
  }
  strings->size = (size_t)((char *)next - strings->data);
  return outline;
}

bool http_json_outline_make(http_json_outline *outline, text_slice text, text_arena *arena) {
  char *copy = text_arena_allocate(arena, text.size);
  char *start = text_arena_allocate(arena, text.size);
  if (text.size == 0 || text.size > INT32_MAX || start == NULL) {
    return false;
  }
  memcpy(copy, text.data, text.size);
  text_buffer strings = text_arena_open(arena);
  const char *end = read(start, &strings, copy, copy + text.size);
  outline->strings = (const http_json_string *)(const void *)text_arena_close(arena, &strings).data;
  outline->text = (text_slice){start, end != NULL ? (size_t)(end - start) : 0};
  return end != NULL;
}
