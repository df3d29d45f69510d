#include "json_tree.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "json_outline.h"
#include "text/ascii.h"
#include "text/json.h"

/* For the thread that parses. */
static _Thread_local struct parsing {
  text_arena *arena;
  char scratch[sizeof(cJSON)];
} parsing;

/* What is smaller than an item is an empty string of the outline, or a number's text, which nobody
 * looks at any more when the next one is there. */
static void *allocate(size_t size_bytes) {
  return size_bytes < sizeof parsing.scratch ? parsing.scratch
                                             : text_arena_allocate(parsing.arena, size_bytes);
}

/* The arena takes all back at once. */
static void release(void *memory) {
  (void)memory;
}

void http_json_setup(void) {
  cJSON_Hooks hooks = {allocate, release};
  cJSON_InitHooks(&hooks);
}

static bool is_only_space(const char *from, const char *end) {
  while (from < end && text_ascii_is_space(*from)) {
    from++;
  }
  return from == end;
}

static cJSON *parse_outline(text_slice text, text_arena *arena) {
  const char *end = NULL;
  parsing.arena = arena;
  cJSON *tree = cJSON_ParseWithLengthOpts(text.data, text.size, &end, 0);
  parsing.arena = NULL;
  return tree != NULL && is_only_space(end, text.data + text.size) ? tree : NULL;
}

/* Gives an item its strings, a name and a text with its size as the integer; returns those of the
 * next one. */
static const http_json_string *fill(cJSON *item, const http_json_string *strings) {
  if (item->string != NULL) {
    item->string = strings->data;
    strings++;
  }
  if (item->valuestring != NULL) {
    item->valuestring = strings->data;
    item->valueint = (int)strings->size;
    strings++;
  }
  return strings;
}

/* Takes the items in the order of the text. One that is begun and not ended has no text of its own:
 * in the place of that it keeps, until it ends, which one it is in. */
static void fill_all(cJSON *item, const http_json_string *strings) {
  cJSON *parent = NULL;
  while (item != NULL) {
    strings = fill(item, strings);
    if (item->child != NULL) {
      item->valuestring = (char *)parent;
      parent = item;
      item = item->child;
      continue;
    }
    while (item->next == NULL && parent != NULL) {
      item = parent;
      parent = (cJSON *)(void *)item->valuestring;
      item->valuestring = NULL;
    }
    item = item->next;
  }
}

static const cJSON *parse(text_slice text, text_arena *arena) {
  http_json_outline outline = {.strings = NULL};
  cJSON *tree =
      http_json_outline_make(&outline, text, arena) ? parse_outline(outline.text, arena) : NULL;
  fill_all(tree, outline.strings);
  return tree;
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
  const cJSON *member = cJSON_IsObject(object) ? object->child : NULL;
  while (member != NULL && (member->string[0] != name[0] || strcmp(member->string, name) != 0)) {
    member = member->next;
  }
  return member;
}

bool http_json_is_repeated(const cJSON *object, const cJSON *member) {
  return http_json_member(object, member->string) != member;
}

text_slice http_json_text(const cJSON *item) {
  return cJSON_IsString(item) ? (text_slice){item->valuestring, (size_t)item->valueint}
                              : (text_slice){NULL, 0};
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
