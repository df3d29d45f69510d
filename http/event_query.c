#include "event_query.h"

#include "text/percent.h"

/* Decoded, into the arena if that changes it; null data when there is no room. */
static text_slice decode(text_slice text, text_arena *arena) {
  if (text.size > 0 && !text_slice_contains(text, '%') && !text_slice_contains(text, '+')) {
    return text;
  }
  char *storage = text_arena_allocate(arena, text.size + 1);
  text_buffer decoded;
  text_buffer_init(&decoded, storage, text.size + 1);
  text_percent_append_form_decoded(&decoded, text);
  return text_buffer_slice(&decoded);
}

static bool add(text_pair *pair, text_slice name, text_slice value, bool encoded,
                text_arena *arena) {
  *pair =
      encoded ? (text_pair){decode(name, arena), decode(value, arena)} : (text_pair){name, value};
  return pair->name.data != NULL && pair->value.data != NULL;
}

bool http_event_query_from_text(http_request *request, text_slice raw, text_arena *arena) {
  size_t most = 1;
  for (size_t i = 0; i < raw.size; i++) {
    most += raw.data[i] == '&';
  }
  text_pair *pairs = text_arena_allocate(arena, most * sizeof *pairs);
  if (pairs == NULL) {
    return false;
  }
  text_slice rest = raw;
  text_slice piece;
  while (text_slice_split(&rest, '&', &piece)) {
    text_slice name;
    text_slice value = piece;
    (void)text_slice_split(&value, '=', &name);
    if (piece.size > 0 && !add(&pairs[request->query_count++], name, value, true, arena)) {
      return false;
    }
  }
  request->query = pairs;
  return true;
}

static size_t count_values(const cJSON *map) {
  size_t count = 0;
  const cJSON *item;
  cJSON_ArrayForEach(item, map) {
    count += cJSON_IsArray(item) ? (size_t)cJSON_GetArraySize(item) : 1;
  }
  return count;
}

bool http_event_query_from_map(http_request *request, const cJSON *map, bool encoded,
                               text_arena *arena) {
  if (!cJSON_IsObject(map)) {
    return true;
  }
  text_pair *pairs = text_arena_allocate(arena, count_values(map) * sizeof *pairs);
  if (pairs == NULL) {
    return false;
  }
  const cJSON *item;
  cJSON_ArrayForEach(item, map) {
    const text_slice name = text_slice_of(item->string);
    const cJSON *value = cJSON_IsArray(item) ? item->child : item;
    /* An item that is no array is the only value, although it has neighbours. */
    for (; value != NULL; value = cJSON_IsArray(item) ? value->next : NULL) {
      const text_slice text = http_json_text(value);
      if (text.data != NULL && !add(&pairs[request->query_count++], name, text, encoded, arena)) {
        return false;
      }
    }
  }
  request->query = pairs;
  return true;
}
