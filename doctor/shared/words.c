#include "words.h"

#include <string.h>

#include "text/utc.h"

text_slice words_fill(text_arena *arena, const char *pattern, const text_slice *pieces,
                      size_t count) {
  text_buffer text = text_arena_open(arena);
  size_t next = 0;
  const char *hole = strstr(pattern, "{}");
  for (; hole != NULL && next < count; hole = strstr(pattern, "{}")) {
    text_buffer_append(&text, (text_slice){pattern, (size_t)(hole - pattern)});
    text_buffer_append(&text, pieces[next++]);
    pattern = hole + 2;
  }
  text_buffer_append_string(&text, pattern);
  return text_arena_close(arena, &text);
}

text_slice words_number(text_arena *arena, int64_t number) {
  text_buffer text = text_arena_open(arena);
  text_buffer_append_decimal(&text, number);
  return text_arena_close(arena, &text);
}

text_slice words_duration(text_arena *arena, int64_t seconds) {
  static const struct {
    int64_t from_seconds, unit_seconds;
    const char *name;
  } units[] = {
      {172800, 86400, " days"}, {7200, 3600, " h"}, {120, 60, " min"}, {INT64_MIN, 1, " s"}};
  size_t row = 0;
  while (seconds < units[row].from_seconds) {
    row++;
  }
  text_buffer text = text_arena_open(arena);
  text_buffer_append_decimal(&text, seconds / units[row].unit_seconds);
  text_buffer_append_string(&text, units[row].name);
  return text_arena_close(arena, &text);
}

text_slice words_time(text_arena *arena, int64_t unix_seconds) {
  text_buffer text = text_arena_open(arena);
  if (text_utc_append(&text, unix_seconds, TEXT_UTC_DATE_TIME)) {
    text_buffer_append_byte(&text, 'Z');
  } else {
    text_buffer_append_decimal(&text, unix_seconds);
  }
  return text_arena_close(arena, &text);
}
