#include "content_type.h"

#include "text/ascii.h"
#include "text/header_value.h"

bool http_content_type_is_name(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    if (!text_ascii_is_token(name.data[i]) || name.data[i] == '*') {
      return false;
    }
  }
  return name.size > 0;
}

text_slice http_content_type_essence(text_slice type) {
  text_slice rest = type;
  text_slice essence = {NULL, 0};
  (void)text_slice_split(&rest, ';', &essence);
  return text_slice_trim(essence);
}

/* A comma begins another type for a browser, which takes the last one that is any. The
 * one of `video/webm;codecs=vp8,opus`, which browsers record, does no harm. */
static bool is_one_type(text_slice type) {
  text_slice rest = type;
  text_slice first;
  (void)text_slice_split(&rest, ',', &first);
  return !text_slice_contains(rest, '/');
}

bool http_content_type_is_valid(text_slice type) {
  text_slice subtype = http_content_type_essence(type);
  text_slice main_type;
  return type.size <= HTTP_CONTENT_TYPE_MAX_BYTES && text_header_value_is_usable(type) &&
         is_one_type(type) && text_slice_split(&subtype, '/', &main_type) &&
         http_content_type_is_name(main_type) && http_content_type_is_name(subtype);
}

static bool matches(text_slice essence, text_slice pattern) {
  if (text_slice_equal(pattern, TEXT_LITERAL("*/*"))) {
    return true;
  }
  if (text_slice_ends_with(pattern, TEXT_LITERAL("/*"))) {
    const size_t size = pattern.size - 1; /* the slash belongs to it */
    return essence.size > size && text_slice_equal_ignoring_case((text_slice){essence.data, size},
                                                                 (text_slice){pattern.data, size});
  }
  return text_slice_equal_ignoring_case(essence, pattern);
}

bool http_content_type_matches(text_slice type, text_slice patterns) {
  const text_slice essence = http_content_type_essence(type);
  text_slice rest = patterns;
  text_slice pattern;
  while (text_slice_split(&rest, ',', &pattern)) {
    if (matches(essence, text_slice_trim(pattern))) {
      return true;
    }
  }
  return false;
}
