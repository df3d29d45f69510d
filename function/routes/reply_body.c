#include "reply_body.h"

#include "text/json.h"
#include "text/utc.h"

void reply_body_append_text(text_buffer *body, const char *start, text_slice value) {
  text_buffer_append_string(body, start);
  text_json_append_string(body, value);
}

void reply_body_append_url(text_buffer *body, const char *start, text_slice url) {
  text_buffer_append_string(body, start);
  text_buffer_append_byte(body, '"');
  text_buffer_append(body, url);
  text_buffer_append_byte(body, '"');
}

void reply_body_append_pairs(text_buffer *body, const char *start, const text_pair *pairs,
                             size_t count) {
  text_buffer_append_string(body, start);
  text_buffer_append_byte(body, '{');
  for (size_t i = 0; i < count; i++) {
    reply_body_append_text(body, i > 0 ? "," : "", pairs[i].name);
    reply_body_append_text(body, ":", pairs[i].value);
  }
  text_buffer_append_byte(body, '}');
}

void reply_body_append_expiry(text_buffer *body, int64_t now_seconds, int64_t expires_seconds) {
  text_buffer_append_string(body, ",\"expires_in\":");
  text_buffer_append_decimal(body, expires_seconds);
  text_buffer_append_string(body, ",\"expires_at\":\"");
  (void)text_utc_append(body, now_seconds + expires_seconds, TEXT_UTC_DATE_TIME);
  text_buffer_append_string(body, "Z\"");
}
