#include "file_type.h"

#include "text/embed.h"

/* A line for each type, and its extensions behind it, with a space between each two. */
TEXT_EMBED(http_file_types, "build/types/content_types.txt");

/* Empty when it has none. */
static text_slice extension_of(text_slice file_name) {
  size_t start = file_name.size;
  while (start > 0 && file_name.data[start - 1] != '.') {
    start--;
  }
  const bool before = start > 1 && file_name.data[start - 2] != '/';
  return before ? text_slice_from(file_name, start) : (text_slice){NULL, 0};
}

static bool has(text_slice extensions, text_slice extension) {
  text_slice one;
  while (text_slice_split(&extensions, ' ', &one)) {
    if (text_slice_equal_ignoring_case(one, extension)) {
      return true;
    }
  }
  return false;
}

text_slice http_file_type(text_slice file_name) {
  const text_slice extension = extension_of(file_name);
  text_slice rest = extension.size > 0 ? TEXT_EMBEDDED(http_file_types) : extension;
  text_slice line;
  text_slice type;
  while (text_slice_split(&rest, '\n', &line)) {
    if (text_slice_split(&line, ' ', &type) && has(line, extension)) {
      return type;
    }
  }
  return TEXT_LITERAL("application/octet-stream");
}
