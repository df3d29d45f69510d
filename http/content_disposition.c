#include "content_disposition.h"

#include "text/ascii.h"
#include "text/percent.h"
#include "text/utf8.h"

/* Browsers read %XX and backslashes in a quoted name each in its own way. */
static bool is_plain(char c) {
  return text_ascii_is_print(c) && c != '"' && c != '\\' && c != '%';
}

void http_content_disposition_append(text_buffer *buffer, text_slice name) {
  bool plain = true;
  uint32_t code_point = 0;
  text_buffer_append_string(buffer, "attachment; filename=\"");
  for (size_t at = 0; at < name.size;) {
    const size_t size = text_utf8_next(text_slice_from(name, at), &code_point);
    const bool kept = is_plain(name.data[at]);
    text_buffer_append_byte(buffer, kept ? name.data[at] : '_');
    plain = plain && kept;
    at += size > 0 ? size : 1;
  }
  text_buffer_append_byte(buffer, '"');
  if (!plain) {
    text_buffer_append_string(buffer, "; filename*=UTF-8''");
    text_percent_append_encoded(buffer, name);
  }
}
