#include "config_values.h"

#include <string.h>

#include "content_type.h"
#include "runtime/text/ascii.h"
#include "runtime/text/decimal.h"
#include "runtime/text/percent.h"
#include "runtime/text/utf8.h"

/* S3's own limits: past one of them it would refuse each upload.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
enum {
  TAGS_MAX = 10,
  TAGS_MAX_BYTES = 2048,
  TAG_NAME_MAX = 128, /* characters */
  TAG_VALUE_MAX = 256,
  UTF8_MAX_BYTES = 4
};

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

/* Whether the byte at `at` is one that a tag has as it is, or begins a %XX. */
static bool is_encoded(text_slice text, size_t at) {
  const char c = text.data[at];
  if (c == '%') {
    return at + 2 < text.size && ascii_is_hex(text.data[at + 1]) && ascii_is_hex(text.data[at + 2]);
  }
  return ascii_is_alnum(c) || (c != '\0' && strchr("-._~+:/@=", c) != NULL);
}

/* A tag's name or value. S3 counts characters, not bytes. */
static bool is_tag_text(text_slice encoded, size_t max_characters) {
  char storage[TAG_VALUE_MAX * UTF8_MAX_BYTES];
  text_buffer decoded;
  for (size_t i = 0; i < encoded.size; i++) {
    if (!is_encoded(encoded, i)) {
      return false;
    }
  }
  text_buffer_init(&decoded, storage, sizeof storage);
  percent_append_form_decoded(&decoded, encoded);
  const text_slice text = text_buffer_slice(&decoded);
  size_t characters = 0;
  for (size_t i = 0; i < text.size; i++) {
    characters += ((unsigned char)text.data[i] & 0xC0U) != 0x80;
  }
  return !decoded.overflowed && utf8_is_clean(text) && characters <= max_characters;
}

static text_slice tag_name(text_slice tag) {
  text_slice name;
  (void)text_slice_split(&tag, '=', &name);
  return name;
}

static bool is_tag(text_slice tag) {
  const text_slice name = tag_name(tag);
  return name.size > 0 && name.size < tag.size && is_tag_text(name, TAG_NAME_MAX) &&
         is_tag_text(text_slice_from(tag, name.size + 1), TAG_VALUE_MAX);
}

/* Whether one of the first `count` tags has this name. */
static bool is_named_again(text_slice tags, size_t count, text_slice name) {
  text_slice tag;
  for (size_t i = 0; i < count && text_slice_split(&tags, '&', &tag); i++) {
    if (text_slice_equal(tag_name(tag), name)) {
      return true;
    }
  }
  return false;
}

bool value_is_tags(text_slice value) {
  size_t count = 0;
  text_slice rest = value;
  text_slice tag;
  while (text_slice_split(&rest, '&', &tag)) {
    if (!is_tag(tag) || is_named_again(value, count, tag_name(tag))) {
      return false;
    }
    count++;
  }
  return count <= TAGS_MAX && value.size <= TAGS_MAX_BYTES;
}
