#include "narrowing.h"

#include "function/config/config_values.h"
#include "text/decimal.h"

static bool read_number(const cJSON *limit, text_arena *arena, int64_t *number) {
  const text_slice digits =
      cJSON_IsNumber(limit) ? http_json_digits(limit, arena) : http_json_text(limit);
  return text_decimal_parse(digits, INT64_MAX, number) && *number > 0;
}

static bool narrow_max_bytes(upload_rules *rules, const cJSON *limit, text_arena *arena) {
  int64_t number = 0;
  if (!read_number(limit, arena, &number)) {
    return false;
  }
  const int64_t most = rules->max_bytes > 0 ? rules->max_bytes : CONFIG_OBJECT_MAX_BYTES;
  rules->max_bytes = number < most ? number : most;
  return true;
}

static bool narrow_expires_seconds(upload_rules *rules, const cJSON *limit, text_arena *arena) {
  int64_t number = 0;
  if (!read_number(limit, arena, &number)) {
    return false;
  }
  rules->expires_seconds = number < rules->expires_seconds ? number : rules->expires_seconds;
  return true;
}

static text_slice joined(const cJSON *list, text_arena *arena) {
  const cJSON *item = NULL;
  text_buffer text = text_arena_open(arena);
  cJSON_ArrayForEach(item, list) {
    if (!cJSON_IsString(item)) {
      return (text_slice){NULL, 0};
    }
    text_buffer_append_string(&text, item != list->child ? "," : "");
    text_buffer_append(&text, http_json_text(item));
  }
  return text_arena_close(arena, &text);
}

text_slice narrowing_list(const cJSON *value, text_arena *arena) {
  return cJSON_IsArray(value) ? joined(value, arena) : http_json_text(value);
}

static bool narrow_types(upload_rules *rules, const cJSON *limit, text_arena *arena) {
  const text_slice types = narrowing_list(limit, arena);
  if (types.size == 0 || !value_is_list(types, value_is_type_pattern) ||
      rules->types_count == UPLOAD_TYPES_LISTS_MAX) {
    return false;
  }
  rules->types[rules->types_count++] = types;
  return true;
}

const narrowing narrowings[NARROWINGS] = {
    {"max_bytes", "uploadMaxBytes", narrow_max_bytes},
    {"types", "uploadTypes", narrow_types},
    {"expires_seconds", "uploadExpiresSeconds", narrow_expires_seconds},
};
