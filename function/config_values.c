#include "config_values.h"

#include "content_type.h"
#include "runtime/text/ascii.h"
#include "runtime/text/decimal.h"

enum { TAGS_MAX = 10, TAGS_MAX_BYTES = 2048 };

bool value_is_printable(text_slice value, size_t max_bytes) {
  for (size_t i = 0; i < value.size; i++) {
    if (!ascii_is_print(value.data[i]) || value.data[i] == ' ') {
      return false;
    }
  }
  return value.size > 0 && value.size <= max_bytes;
}

bool value_read_boolean(text_slice value, bool *result) {
  *result = text_slice_equal_ignoring_case(value, TEXT_LITERAL("true"));
  return *result || text_slice_equal_ignoring_case(value, TEXT_LITERAL("false"));
}

bool value_read_switch(text_slice value, bool *result) {
  *result = text_slice_equal(value, TEXT_LITERAL("on"));
  return *result || text_slice_equal(value, TEXT_LITERAL("off"));
}

bool value_read_number(text_slice value, int64_t min, int64_t max, int64_t *result) {
  int64_t number = 0;
  if (!decimal_parse(value, max, &number) || number < min) {
    return false;
  }
  *result = number;
  return true;
}

bool value_read_choice(text_slice value, const text_slice *names, size_t count, size_t *choice) {
  for (size_t i = 0; i < count; i++) {
    if (text_slice_equal(value, names[i])) {
      *choice = i;
      return true;
    }
  }
  return false;
}

bool value_is_list(text_slice value, bool (*is_item)(text_slice)) {
  text_slice rest = value;
  text_slice piece;
  while (text_slice_split(&rest, ',', &piece)) {
    if (!is_item(text_slice_trim(piece))) {
      return false;
    }
  }
  return true;
}

bool value_is_type_pattern(text_slice value) {
  const text_slice any = TEXT_LITERAL("/*");
  if (text_slice_equal(value, TEXT_LITERAL("*/*"))) {
    return true;
  }
  if (text_slice_ends_with(value, any)) {
    return content_type_is_name((text_slice){value.data, value.size - any.size});
  }
  return content_type_is_valid(value) && text_slice_equal(content_type_essence(value), value);
}

static bool is_origin_character(char c) {
  return ascii_is_alnum(c) || c == '.' || c == '-' || c == ':' || c == '*' || c == '[' || c == ']';
}

bool value_is_origin_pattern(text_slice value) {
  if (text_slice_equal(value, TEXT_LITERAL("*"))) {
    return true;
  }
  text_slice host = value;
  text_slice scheme;
  if (!text_slice_split(&host, ':', &scheme) || scheme.size == 0 ||
      !text_slice_starts_with(host, TEXT_LITERAL("//")) || host.size == 2) {
    return false;
  }
  size_t stars = 0;
  for (size_t i = 0; i < value.size; i++) {
    const bool in_mark = i >= scheme.size && i < scheme.size + 3; /* :// */
    stars += value.data[i] == '*';
    if (!in_mark && !is_origin_character(value.data[i])) {
      return false;
    }
  }
  return stars <= 1;
}

static bool is_tag(text_slice tag) {
  text_slice value = tag;
  text_slice name;
  return text_slice_split(&value, '=', &name) && name.size > 0 && name.size < tag.size &&
         value_is_printable(tag, 1024);
}

bool value_is_tags(text_slice value) {
  size_t count = 0;
  text_slice rest = value;
  text_slice tag;
  while (text_slice_split(&rest, '&', &tag)) {
    count++;
    if (!is_tag(tag)) {
      return false;
    }
  }
  return count <= TAGS_MAX && value.size <= TAGS_MAX_BYTES;
}
