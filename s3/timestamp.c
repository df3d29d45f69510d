#include "timestamp.h"

#include "text/utc.h"

enum { DATE_BYTES = sizeof "20261124" - 1 };

bool s3_timestamp_init(s3_timestamp *timestamp, int64_t unix_seconds) {
  text_buffer text;
  text_buffer_init(&text, timestamp->text, sizeof timestamp->text);
  return text_utc_append(&text, unix_seconds, TEXT_UTC_BASIC_FORM);
}

text_slice s3_timestamp_slice(const s3_timestamp *timestamp) {
  return (text_slice){timestamp->text, sizeof timestamp->text};
}

text_slice s3_timestamp_date(const s3_timestamp *timestamp) {
  return (text_slice){timestamp->text, DATE_BYTES};
}
