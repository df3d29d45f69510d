#include "json_tree.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text/ascii.h"
#include "text/json.h"

static _Thread_local text_arena *parsing_arena;

static void *allocate(size_t size_bytes) {
  return text_arena_allocate(parsing_arena, size_bytes);
}

/* The arena takes all back at once. */
static void release(void *memory) {
  (void)memory;
}

void http_json_setup(void) {
  cJSON_Hooks hooks = {allocate, release};
  cJSON_InitHooks(&hooks);
}

/* Whether the backslash at `at` is itself escaped by the ones before it. */
static bool is_escaped(text_slice text, size_t at) {
  size_t before = 0;
  while (before < at && text.data[at - before - 1] == '\\') {
    before++;
  }
  return before % 2 == 1;
}

/* \uXXXX, and its digits. */
enum { ESCAPE_BYTES = 6, DIGITS_AT = 2, DIGITS = 4 };

/* Where such an escape stands at or after `from`; the size of `text` if nowhere. */
static size_t find_escape(text_slice text, size_t from) {
  while (from < text.size) {
    const char *found = memmem(text.data + from, text.size - from, "\\u", DIGITS_AT);
    if (found == NULL) {
      break;
    }
    const size_t at = (size_t)(found - text.data);
    if (!is_escaped(text, at) && text.size - at >= ESCAPE_BYTES) {
      return at;
    }
    from = at + DIGITS_AT;
  }
  return text.size;
}

/* The code unit of the escape at `at`; -1 when none is there. */
static int32_t unit_at(text_slice text, size_t at) {
  int32_t unit = 0;
  if (text.size - at < ESCAPE_BYTES || text.data[at] != '\\' || text.data[at + 1] != 'u') {
    return -1;
  }
  for (size_t i = at + DIGITS_AT; i < at + ESCAPE_BYTES; i++) {
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

/* Reads the escape at `at`: how many bytes it has, both halves of a pair; 0 when its digits are
 * none, which cJSON takes for a NUL. `digits`: what goes in the place of its own; null when they
 * stay. */
static size_t read_escape(text_slice text, size_t at, const char **digits) {
  const int32_t unit = unit_at(text, at);
  *digits = unit == 0 ? "0001" : NULL;
  if (is_first_surrogate(unit) && is_second_surrogate(unit_at(text, at + ESCAPE_BYTES))) {
    return (size_t)2 * ESCAPE_BYTES;
  }
  if (is_first_surrogate(unit) || is_second_surrogate(unit)) {
    *digits = "fffd";
  }
  return unit < 0 ? 0 : ESCAPE_BYTES;
}

/* `text`, or a copy in which the escapes that cJSON does not read as they are meant are others;
 * null data for no JSON, or without room for the copy. */
static text_slice mended(text_slice text, text_arena *arena) {
  const text_slice none = {NULL, 0};
  char *copy = NULL;
  size_t size = 0;
  for (size_t at = find_escape(text, 0); at < text.size; at = find_escape(text, at + size)) {
    const char *digits = NULL;
    size = read_escape(text, at, &digits);
    if (size == 0) {
      return none;
    }
    if (digits == NULL) {
      continue;
    }
    if (copy == NULL) {
      copy = text_arena_allocate(arena, text.size);
      if (copy == NULL) {
        return none;
      }
      memcpy(copy, text.data, text.size);
    }
    memcpy(copy + at + DIGITS_AT, digits, DIGITS);
  }
  return copy != NULL ? (text_slice){copy, text.size} : text;
}

static bool is_only_space(const char *from, const char *end) {
  while (from < end && (*from == ' ' || *from == '\t' || *from == '\n' || *from == '\r')) {
    from++;
  }
  return from == end;
}

static const cJSON *parse(text_slice text, text_arena *arena) {
  const text_slice clean = mended(text, arena);
  if (clean.size == 0 || memchr(clean.data, '\0', clean.size) != NULL) {
    return NULL;
  }
  const char *end = NULL;
  parsing_arena = arena;
  const cJSON *tree = cJSON_ParseWithLengthOpts(clean.data, clean.size, &end, 0);
  parsing_arena = NULL;
  return tree != NULL && is_only_space(end, clean.data + clean.size) ? tree : NULL;
}

const cJSON *http_json_parse(text_slice text, text_arena *arena) {
  const size_t used_bytes = arena->used_bytes;
  const cJSON *tree = parse(text, arena);
  if (tree == NULL) {
    text_arena_rewind(arena, used_bytes); /* there must be room to say so */
  }
  return tree;
}

const cJSON *http_json_member(const cJSON *object, const char *name) {
  return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

bool http_json_is_repeated(const cJSON *object, const cJSON *member) {
  return http_json_member(object, member->string) != member;
}

text_slice http_json_text(const cJSON *item) {
  return text_slice_of(cJSON_GetStringValue(item));
}

/* The largest integer that JSON's numbers hold in every client: 2^53 - 1. */
static const double largest_number = 9007199254740991.0;

text_slice http_json_digits(const cJSON *number, text_arena *arena) {
  const double value = number->valuedouble;
  if (!(value >= 0 && value <= largest_number) || (double)(int64_t)value != value) {
    return (text_slice){NULL, 0};
  }
  text_buffer digits = text_arena_open(arena);
  text_buffer_append_decimal(&digits, (int64_t)value);
  return text_arena_close(arena, &digits);
}

/* ---- Writing ------------------------------------------------------------------ */

/* No claim and no answer is as deep. */
enum { WRITTEN_DEPTH_MAX = 32 };

static void append_number(text_buffer *json, const cJSON *number) {
  char digits[32];
  const double value = number->valuedouble;
  const bool is_whole =
      value >= -largest_number && value <= largest_number && (double)(int64_t)value == value;
  if (is_whole) {
    text_buffer_append_decimal(json, (int64_t)value);
  } else if (!isfinite(value)) {
    text_buffer_append_string(json, "null"); /* 1e999, of which JSON has no name */
  } else {
    (void)snprintf(digits, sizeof digits, "%.17g", value);
    text_buffer_append_string(json, digits);
  }
}

static void append_scalar(text_buffer *json, const cJSON *item) {
  if (cJSON_IsString(item)) {
    text_json_append_string(json, http_json_text(item));
  } else if (cJSON_IsNumber(item)) {
    append_number(json, item);
  } else {
    text_buffer_append_string(json, cJSON_IsTrue(item)    ? "true"
                                    : cJSON_IsFalse(item) ? "false"
                                                          : "null");
  }
}

static void append_end(text_buffer *json, const cJSON *container) {
  text_buffer_append_byte(json, cJSON_IsObject(container) ? '}' : ']');
}

/* cJSON's own writer would bring scanf() along, which is 4 kB of the function's zip. */
void http_json_append(text_buffer *json, const cJSON *item) {
  const cJSON *open[WRITTEN_DEPTH_MAX]; /* what is begun and not ended */
  size_t depth = 0;
  while (item != NULL) {
    if (depth > 0 && cJSON_IsObject(open[depth - 1])) {
      text_json_append_string(json, text_slice_of(item->string));
      text_buffer_append_byte(json, ':');
    }
    if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
      text_buffer_append_byte(json, cJSON_IsObject(item) ? '{' : '[');
      if (item->child != NULL && depth == WRITTEN_DEPTH_MAX) {
        json->overflowed = true;
        return;
      }
      if (item->child != NULL) {
        open[depth++] = item;
        item = item->child;
        continue;
      }
      append_end(json, item);
    } else {
      append_scalar(json, item);
    }
    while (depth > 0 && item->next == NULL) {
      item = open[--depth];
      append_end(json, item);
    }
    text_buffer_append_string(json, depth > 0 ? "," : "");
    item = depth > 0 ? item->next : NULL;
  }
}
