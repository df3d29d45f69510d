#include "utc.h"

#include "ascii.h"

static const int64_t last_second = 253402300799; /* 9999-12-31T23:59:59Z */

enum { DAY_SECONDS = 24 * 60 * 60 };

typedef struct civil_time {
  int year;
  int month; /* 1 to 12 */
  int day;   /* 1 to 31 */
  int hour;
  int minute;
  int second;
} civil_time;

/* The calendar comes round after 400 years. A year that begins in March has its leap
 * day, if any, at its end, and before a month of it are (153 * month + 2) / 5 days.
 * gmtime_r() is nothing for the report of a crash: glibc's allocates memory, once,
 * for time zones. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, MARCH_0000_TO_1970_DAYS = 719468 };

static int64_t days_of(const civil_time *date) {
  const int year = date->month > 2 ? date->year : date->year - 1;
  const int month = date->month > 2 ? date->month - 3 : date->month + 9; /* from March on */
  const int year_of_era = year % ERA_YEARS;
  const int day_of_year = (153 * month + 2) / 5 + date->day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (int64_t)(year / ERA_YEARS) * ERA_DAYS + day_of_era - MARCH_0000_TO_1970_DAYS;
}

static int64_t seconds_of(const civil_time *time) {
  return ((days_of(time) * 24 + time->hour) * 60 + time->minute) * 60 + time->second;
}

/* Of a time that is not before 1970 and not after the year 9999. */
static civil_time civil_of(int64_t unix_seconds) {
  const int days = (int)(unix_seconds / DAY_SECONDS) + MARCH_0000_TO_1970_DAYS;
  const int seconds = (int)(unix_seconds % DAY_SECONDS);
  const int day_of_era = days % ERA_DAYS;
  /* Without the leap days before it, each year has 365. */
  const int leap_days = day_of_era / 1460 - day_of_era / 36524 + day_of_era / 146096;
  const int year_of_era = (day_of_era - leap_days) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month = (5 * day_of_year + 2) / 153; /* from March on */
  const int year = days / ERA_DAYS * ERA_YEARS + year_of_era;
  return (civil_time){.year = month < 10 ? year : year + 1,
                      .month = month < 10 ? month + 3 : month - 9,
                      .day = day_of_year - (153 * month + 2) / 5 + 1,
                      .hour = seconds / 3600,
                      .minute = seconds / 60 % 60,
                      .second = seconds % 60};
}

/* As strftime() would have them; it takes as long as all else of a signature but
 * the hashing. */
static const char *const patterns[] = {[TEXT_UTC_DATE] = "Y-m-d",
                                       [TEXT_UTC_DATE_TIME] = "Y-m-dTH:M:S",
                                       [TEXT_UTC_BASIC_FORM] = "YmdTHMSZ"};

static char *write_digits(char *at, int number, int count) {
  for (int i = count - 1; i >= 0; i--) {
    at[i] = (char)('0' + number % 10);
    number /= 10;
  }
  return at + count;
}

static char *write_part(char *at, char part, const civil_time *utc) {
  switch (part) {
  case 'Y':
    return write_digits(at, utc->year, 4);
  case 'm':
    return write_digits(at, utc->month, 2);
  case 'd':
    return write_digits(at, utc->day, 2);
  case 'H':
    return write_digits(at, utc->hour, 2);
  case 'M':
    return write_digits(at, utc->minute, 2);
  case 'S':
    return write_digits(at, utc->second, 2);
  default:
    *at = part;
    return at + 1;
  }
}

bool text_utc_append(text_buffer *buffer, int64_t unix_seconds, text_utc_form form) {
  char text[sizeof "2026-11-24T12:00:00"];
  char *end = text;
  if (unix_seconds < 0 || unix_seconds > last_second) {
    return false;
  }
  const civil_time utc = civil_of(unix_seconds);
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
    for (at = 1; at < text.size && text_ascii_is_digit(text.data[at]); at++) {
    }
  }
  return at != 1 && text_slice_equal(text_slice_from(text, at), TEXT_LITERAL("Z"));
}

/* Whether `text` is how `unix_seconds` is written. */
static bool is_written_so(text_slice text, int64_t unix_seconds, text_utc_form form) {
  char storage[sizeof "2026-11-24T12:00:00"];
  text_buffer written;
  text_buffer_init(&written, storage, sizeof storage);
  return text_utc_append(&written, unix_seconds, form) &&
         text_slice_equal(text_buffer_slice(&written), text);
}

bool text_utc_parse(text_slice text, int64_t *unix_seconds) {
  static const size_t sizes[] = {4, 2, 2, 2, 2, 2};
  enum { PARTS = sizeof sizes / sizeof sizes[0], ISO_BYTES = sizeof "2026-11-24T12:00:00" - 1 };
  int parts[PARTS] = {0};
  size_t at = 0;
  for (size_t part = 0; part < PARTS; part++) {
    for (size_t digit = 0; digit < sizes[part] && at < text.size; at++) {
      if (text_ascii_is_digit(text.data[at])) {
        parts[part] = parts[part] * 10 + (text.data[at] - '0');
        digit++;
      }
    }
  }
  /* Whatever was read: only what is written the same is the time of `text`. */
  const int64_t seconds =
      seconds_of(&(civil_time){parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]});
  const size_t whole = text.size < ISO_BYTES ? text.size : ISO_BYTES;
  const bool read = is_written_so(text, seconds, TEXT_UTC_BASIC_FORM) ||
                    (is_written_so((text_slice){text.data, whole}, seconds, TEXT_UTC_DATE_TIME) &&
                     is_utc_end(text_slice_from(text, whole)));
  *unix_seconds = read ? seconds : *unix_seconds;
  return read;
}

/* 1 to 12; 0 when it is none. */
static int month_of(text_slice name) {
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  enum { NAME_BYTES = 3, MONTHS = 12 };
  for (int month = 0; month < MONTHS; month++) {
    if (text_slice_equal(name, (text_slice){names + (size_t)month * NAME_BYTES, NAME_BYTES})) {
      return month + 1;
    }
  }
  return 0;
}

bool text_utc_parse_http(text_slice text, int64_t *unix_seconds) {
  enum { DAY_AT = 5, MONTH_AT = 8, YEAR_AT = 12, TIME_AT = 17 };
  static const text_slice form = TEXT_INITIALIZER("Tue, 24 Nov 2026 12:00:00 GMT");
  char storage[sizeof "2026-11-24T12:00:00Z"];
  text_buffer iso;
  if (text.size != form.size || !text_slice_ends_with(text, TEXT_LITERAL(" GMT"))) {
    return false;
  }
  const int month = month_of((text_slice){text.data + MONTH_AT, 3});
  text_buffer_init(&iso, storage, sizeof storage);
  text_buffer_append(&iso, (text_slice){text.data + YEAR_AT, 4});
  text_buffer_append_string(&iso, month < 10 ? "-0" : "-");
  text_buffer_append_decimal(&iso, month);
  text_buffer_append_byte(&iso, '-');
  text_buffer_append(&iso, (text_slice){text.data + DAY_AT, 2});
  text_buffer_append_byte(&iso, 'T');
  text_buffer_append(&iso, (text_slice){text.data + TIME_AT, 8});
  text_buffer_append_byte(&iso, 'Z');
  return text_utc_parse(text_buffer_slice(&iso), unix_seconds);
}
