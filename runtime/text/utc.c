#include "utc.h"

#include <time.h>

#include "ascii.h"

static const int64_t last_second = 253402300799; /* 9999-12-31T23:59:59Z */

/* As strftime() would have them; it takes as long as all else of a signature but
 * the hashing. */
static const char *const patterns[] = {
    [UTC_DATE] = "Y-m-d", [UTC_DATE_TIME] = "Y-m-dTH:M:S", [UTC_BASIC_FORM] = "YmdTHMSZ"};

static char *write_digits(char *at, int number, int count) {
  for (int i = count - 1; i >= 0; i--) {
    at[i] = (char)('0' + number % 10);
    number /= 10;
  }
  return at + count;
}

static char *write_part(char *at, char part, const struct tm *utc) {
  switch (part) {
  case 'Y':
    return write_digits(at, utc->tm_year + 1900, 4);
  case 'm':
    return write_digits(at, utc->tm_mon + 1, 2);
  case 'd':
    return write_digits(at, utc->tm_mday, 2);
  case 'H':
    return write_digits(at, utc->tm_hour, 2);
  case 'M':
    return write_digits(at, utc->tm_min, 2);
  case 'S':
    return write_digits(at, utc->tm_sec, 2);
  default:
    *at = part;
    return at + 1;
  }
}

bool utc_append(text_buffer *buffer, int64_t unix_seconds, utc_form form) {
  char text[sizeof "2026-11-24T12:00:00"];
  char *end = text;
  struct tm utc;
  const time_t seconds = (time_t)unix_seconds;
  if (unix_seconds < 0 || unix_seconds > last_second || gmtime_r(&seconds, &utc) == NULL) {
    return false;
  }
  for (const char *part = patterns[form]; *part != '\0'; part++) {
    end = write_part(end, *part, &utc);
  }
  text_buffer_append(buffer, (text_slice){text, (size_t)(end - text)});
  return true;
}

/* What is behind the seconds: Z, or a fraction and Z. */
static bool is_utc_end(text_slice text) {
  size_t at = 0;
  if (text.size > 1 && text.data[0] == '.') {
    for (at = 1; at < text.size && ascii_is_digit(text.data[at]); at++) {
    }
  }
  return at != 1 && text_slice_equal(text_slice_from(text, at), TEXT_LITERAL("Z"));
}

/* Whether `text` is how `unix_seconds` is written. */
static bool is_written_so(text_slice text, int64_t unix_seconds, utc_form form) {
  char storage[sizeof "2026-11-24T12:00:00"];
  text_buffer written;
  text_buffer_init(&written, storage, sizeof storage);
  return utc_append(&written, unix_seconds, form) &&
         text_slice_equal(text_buffer_slice(&written), text);
}

bool utc_parse(text_slice text, int64_t *unix_seconds) {
  static const size_t sizes[] = {4, 2, 2, 2, 2, 2};
  enum { PARTS = sizeof sizes / sizeof sizes[0], ISO_BYTES = sizeof "2026-11-24T12:00:00" - 1 };
  int parts[PARTS] = {0};
  size_t at = 0;
  for (size_t part = 0; part < PARTS; part++) {
    for (size_t digit = 0; digit < sizes[part] && at < text.size; at++) {
      if (ascii_is_digit(text.data[at])) {
        parts[part] = parts[part] * 10 + (text.data[at] - '0');
        digit++;
      }
    }
  }
  struct tm utc = {.tm_year = parts[0] - 1900,
                   .tm_mon = parts[1] - 1,
                   .tm_mday = parts[2],
                   .tm_hour = parts[3],
                   .tm_min = parts[4],
                   .tm_sec = parts[5]};
  /* Whatever was read: only what is written the same is the time of `text`. */
  const int64_t seconds = (int64_t)timegm(&utc);
  const size_t whole = text.size < ISO_BYTES ? text.size : ISO_BYTES;
  const bool read = is_written_so(text, seconds, UTC_BASIC_FORM) ||
                    (is_written_so((text_slice){text.data, whole}, seconds, UTC_DATE_TIME) &&
                     is_utc_end(text_slice_from(text, whole)));
  *unix_seconds = read ? seconds : *unix_seconds;
  return read;
}
