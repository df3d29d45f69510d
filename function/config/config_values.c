#include "config_values.h"

#include <string.h>

#include "http/content_type.h"
#include "text/ascii.h"
#include "text/decimal.h"
#include "text/header_value.h"
#include "text/percent.h"
#include "text/utf8.h"

/* S3's own limits: past one of them it would refuse each upload.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
enum {
  TAGS_MAX = 10,
  TAGS_MAX_BYTES = 2048,
  TAG_NAME_MAX = 128, /* UTF-16 units */
  TAG_VALUE_MAX = 256,
  UTF8_MAX_BYTES = 4
};

enum { CACHE_CONTROL_MAX_BYTES = 256 };

bool value_is_printable(text_slice value, size_t max_bytes) {
  bool printable = value.size > 0 && value.size <= max_bytes;
  for (size_t i = 0; i < value.size; i++) {
    printable &= value.data[i] > ' ' && value.data[i] < '\x7F';
  }
  return printable;
}

bool value_read_boolean(text_slice value, bool *result) {
  *result = text_slice_equal_ignoring_case(value, TEXT_LITERAL("true"));
  return *result || text_slice_equal_ignoring_case(value, TEXT_LITERAL("false"));
}

bool value_read_either(text_slice value, const char *no, const char *yes, bool *result) {
  *result = text_slice_equal(value, text_slice_of(yes));
  return *result || text_slice_equal(value, text_slice_of(no));
}

bool value_read_switch(text_slice value, bool *result) {
  return value_read_either(value, "off", "on", result);
}

bool value_read_number(text_slice value, int64_t min, int64_t max, int64_t *result) {
  int64_t number = 0;
  if (!text_decimal_parse(value, max, &number) || number < min) {
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
    return http_content_type_is_name((text_slice){value.data, value.size - any.size});
  }
  return http_content_type_is_valid(value) &&
         text_slice_equal(http_content_type_essence(value), value);
}

static bool is_origin_character(char c) {
  return text_ascii_is_alnum(c) || c == '.' || c == '-' || c == ':' || c == '*' || c == '[' ||
         c == ']';
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

bool value_is_origin(text_slice value) {
  return value_is_origin_pattern(value) && !text_slice_contains(value, '*');
}

bool value_names_its_hosts(text_slice pattern) {
  text_slice after = pattern;
  text_slice before;
  if (!text_slice_contains(pattern, '*') || !text_slice_split(&after, '*', &before)) {
    return true;
  }
  const bool before_name =
      after.size > 1 && after.data[0] == '.' && text_ascii_is_alnum(after.data[1]);
  return before_name || (after.size == 0 && text_slice_ends_with(before, TEXT_LITERAL(":")));
}

/* token, or token=token. Source: RFC 9111, section 5.2, whose quoted fields make no sense here. */
static bool is_cache_directive(text_slice value) {
  text_slice argument = value;
  text_slice name;
  const bool has_argument = text_slice_split(&argument, '=', &name) && name.size < value.size;
  return text_header_value_is_token(name) &&
         (!has_argument || text_header_value_is_token(argument));
}

bool value_is_cache_control(text_slice value) {
  text_slice rest = value;
  text_slice directive;
  for (bool first = true; text_slice_split(&rest, ',', &directive); first = false) {
    if (!first && directive.size > 0 && directive.data[0] == ' ') {
      directive = text_slice_from(directive, 1);
    }
    if (!is_cache_directive(directive)) {
      return false;
    }
  }
  return value.size > 0 && value.size <= CACHE_CONTROL_MAX_BYTES;
}

/* Appends what is percent-encoded, where it is that as S3 wants it. */
static bool append_decoded(text_buffer *decoded, text_slice encoded) {
  for (size_t i = 0; i < encoded.size; i++) {
    const char c = encoded.data[i];
    const bool fits = c == '%'
                          ? i + 2 < encoded.size && text_ascii_is_hex(encoded.data[i + 1]) &&
                                text_ascii_is_hex(encoded.data[i + 2])
                          : text_ascii_is_alnum(c) || (c != '\0' && strchr("-._+:/@=", c) != NULL);
    if (!fits) {
      return false;
    }
  }
  text_percent_append_form_decoded(decoded, encoded);
  return !decoded->overflowed;
}

/* A tag's name or value: letters, digits, spaces and some signs. S3 counts as UTF-16 does. */
static bool is_tag_text(text_slice text, size_t max_units) {
  size_t units = 0;
  for (size_t i = 0; i < text.size; i++) {
    const unsigned char byte = (unsigned char)text.data[i];
    if (byte < 0x80 && !text_ascii_is_alnum(text.data[i]) && strchr(" +-=._:/@", byte) == NULL) {
      return false;
    }
    units += (byte & 0xC0U) == 0x80 ? 0 : byte < 0xF0 ? 1 : 2;
  }
  return text_utf8_is_clean(text) && units <= max_units;
}

static bool is_tag_name(text_slice name) {
  const text_slice reserved = TEXT_LITERAL("aws:");
  const bool is_reserved =
      name.size >= reserved.size &&
      text_slice_equal_ignoring_case((text_slice){name.data, reserved.size}, reserved);
  return name.size > 0 && !is_reserved && is_tag_text(name, TAG_NAME_MAX);
}

static bool is_tag_value(text_slice encoded) {
  char storage[TAG_VALUE_MAX * UTF8_MAX_BYTES];
  text_buffer value;
  text_buffer_init(&value, storage, sizeof storage);
  return append_decoded(&value, encoded) && is_tag_text(text_buffer_slice(&value), TAG_VALUE_MAX);
}

static bool is_among(text_slice name, const text_slice *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (text_slice_equal(names[i], name)) {
      return true;
    }
  }
  return false;
}

bool value_is_tags(text_slice value) {
  char storage[TAGS_MAX_BYTES];
  text_buffer decoded;
  text_slice names[TAGS_MAX];
  size_t count = 0;
  text_slice rest = value;
  text_slice tag;
  text_buffer_init(&decoded, storage, sizeof storage);
  while (text_slice_split(&rest, '&', &tag)) {
    text_slice encoded = tag;
    text_slice name;
    const size_t start = decoded.size;
    (void)text_slice_split(&encoded, '=', &name);
    if (count == TAGS_MAX || name.size == tag.size || !append_decoded(&decoded, name)) {
      return false;
    }
    name = text_slice_from(text_buffer_slice(&decoded), start);
    if (!is_tag_name(name) || is_among(name, names, count) || !is_tag_value(encoded)) {
      return false;
    }
    names[count++] = name;
  }
  return value.size <= TAGS_MAX_BYTES;
}
