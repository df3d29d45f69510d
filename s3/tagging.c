#include "tagging.h"

#include "text/percent.h"

static void append_escaped(text_buffer *buffer, char c) {
  switch (c) {
  case '&':
    text_buffer_append_string(buffer, "&amp;");
    break;
  case '<':
    text_buffer_append_string(buffer, "&lt;");
    break;
  case '>':
    text_buffer_append_string(buffer, "&gt;");
    break;
  default:
    text_buffer_append_byte(buffer, c);
  }
}

static void append_element(text_buffer *buffer, const char *start, text_slice encoded,
                           const char *end) {
  char storage[S3_TAGS_MAX_BYTES];
  text_buffer text;
  text_buffer_init(&text, storage, sizeof storage);
  text_percent_append_form_decoded(&text, encoded);
  text_buffer_append_string(buffer, start);
  for (size_t i = 0; i < text.size; i++) {
    append_escaped(buffer, text.data[i]);
  }
  text_buffer_append_string(buffer, end);
  buffer->overflowed |= text.overflowed;
}

void s3_tagging_append_xml(text_buffer *buffer, text_slice tags) {
  text_slice value;
  text_buffer_append_string(buffer, "<Tagging><TagSet>");
  while (text_slice_split(&tags, '&', &value)) {
    text_slice name;
    (void)text_slice_split(&value, '=', &name);
    append_element(buffer, "<Tag><Key>", name, "</Key>");
    append_element(buffer, "<Value>", value, "</Value></Tag>");
  }
  text_buffer_append_string(buffer, "</TagSet></Tagging>");
}
