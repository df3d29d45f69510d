#include "json_tree.h"

#include <string.h>

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

static const text_slice escaped_nul = TEXT_INITIALIZER("\\u0000");

/* Where an escaped NUL stands at or after `from`; the size of `text` if nowhere. */
static size_t find_escaped_nul(text_slice text, size_t from) {
  while (from < text.size) {
    const char *found =
        memmem(text.data + from, text.size - from, escaped_nul.data, escaped_nul.size);
    if (found == NULL) {
      break;
    }
    const size_t at = (size_t)(found - text.data);
    if (!is_escaped(text, at)) {
      return at;
    }
    from = at + 1;
  }
  return text.size;
}

/* `text`, or a copy in which each escaped NUL is an escaped U+0001. */
static text_slice without_nul(text_slice text, text_arena *arena) {
  size_t at = find_escaped_nul(text, 0);
  if (at == text.size) {
    return text;
  }
  char *copy = text_arena_allocate(arena, text.size);
  if (copy == NULL) {
    return (text_slice){NULL, 0};
  }
  memcpy(copy, text.data, text.size);
  for (; at < text.size; at = find_escaped_nul(text, at + escaped_nul.size)) {
    copy[at + escaped_nul.size - 1] = '1';
  }
  return (text_slice){copy, text.size};
}

static bool is_only_space(const char *from, const char *end) {
  while (from < end && (*from == ' ' || *from == '\t' || *from == '\n' || *from == '\r')) {
    from++;
  }
  return from == end;
}

static const cJSON *parse(text_slice text, text_arena *arena) {
  const text_slice clean = without_nul(text, arena);
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
