#include "text/utc.h"

#include <stdio.h>

#include "tests/unit/support.h"

static const struct {
  const char *name;
  int64_t unix_seconds;
  text_utc_form form;
  const char *text;
} times[] = {
    {"the first second", 0, TEXT_UTC_DATE_TIME, "1970-01-01T00:00:00"},
    {"the last second", 253402300799, TEXT_UTC_DATE_TIME, "9999-12-31T23:59:59"},
    {"past 32 bits", 4294967296, TEXT_UTC_DATE_TIME, "2106-02-07T06:28:16"},
    {"a leap day", 1709164800, TEXT_UTC_DATE, "2024-02-29"},
    {"the leap day of 2000", 951868799, TEXT_UTC_DATE_TIME, "2000-02-29T23:59:59"},
    {"the last second before 2000", 946684799, TEXT_UTC_DATE_TIME, "1999-12-31T23:59:59"},
    {"no leap day in 2100", 4107542400, TEXT_UTC_DATE, "2100-03-01"},
    {"the last second of February 2100", 4107542399, TEXT_UTC_DATE_TIME, "2100-02-28T23:59:59"},
    {"the basic form", 1369353600, TEXT_UTC_BASIC_FORM, "20130524T000000Z"},
};

TEST(writes_a_time_in_utc) {
  for (size_t i = 0; i < COUNT(times); i++) {
    text_buffer buffer = buffer_of(strlen(times[i].text));
    CHECK(times[i].name, text_utc_append(&buffer, times[i].unix_seconds, times[i].form));
    CHECK_TEXT(times[i].name, text_buffer_slice(&buffer), times[i].text);
    CHECK(times[i].name, !buffer.overflowed);
  }
}

TEST(refuses_other_centuries) {
  static const int64_t refused[] = {-1, INT64_MIN, 253402300800, INT64_MAX};
  for (size_t i = 0; i < COUNT(refused); i++) {
    text_buffer buffer = buffer_of(32);
    CHECK("refused", !text_utc_append(&buffer, refused[i], TEXT_UTC_DATE_TIME));
    CHECK_NUMBER("nothing appended", buffer.size, 0);
  }
}

enum { FIRST_YEAR = 1970, LAST_YEAR = 2401 }; /* the calendar comes round after 400 years */

static int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

/* At another time of the day each time. */
TEST(knows_every_day_of_the_calendar) {
  int64_t days = 0;
  for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (int month = 1; month <= 12; month++) {
      for (int day = 1; day <= days_in(year, month); day++, days++) {
        const int second = (int)(days * 997 % 86400);
        char expected[80];
        snprintf(expected, sizeof expected, "%04d%02d%02dT%02d%02d%02dZ", year, month, day,
                 second / 3600, second / 60 % 60, second % 60);
        text_buffer written = buffer_of(strlen(expected));
        int64_t read = -1;
        CHECK(expected, text_utc_append(&written, days * 86400 + second, TEXT_UTC_BASIC_FORM));
        CHECK_TEXT(expected, text_buffer_slice(&written), expected);
        CHECK(expected, text_utc_parse(text_slice_of(expected), &read));
        CHECK_NUMBER(expected, read, days * 86400 + second);
      }
    }
  }
}

static const struct {
  const char *text;
  int64_t unix_seconds; /* -1: refused */
} read_times[] = {
    {"20130524T000000Z", 1369353600},
    {"2013-05-24T00:00:00Z", 1369353600},
    {"2013-05-24T00:00:00.123Z", 1369353600},
    {"2024-02-29T00:00:00Z", 1709164800},
    {"9999-12-31T23:59:59Z", 253402300799},
    {"", -1},
    {"2013", -1},
    {"20130524", -1},
    {"2013-05-24T00:00:00", -1},
    {"2013-05-24T00:00:00+01:00", -1},
    {"2013-05-24T00:00:00.Z", -1},
    {"2013-05-24T00:00:00.1", -1},
    {"2013-05-24 00:00:00Z", -1},
    {"2023-02-29T00:00:00Z", -1},
    {"2100-02-29T00:00:00Z", -1},
    {"2024-00-10T00:00:00Z", -1},
    {"2024-13-01T00:00:00Z", -1},
    {"2024-12-00T00:00:00Z", -1},
    {"2024-99-99T99:99:99Z", -1},
    {"0000-01-01T00:00:00Z", -1},
    {"1969-12-31T23:59:59Z", -1},
    {"20130524T000000Zx", -1},
    {"20130524T246000Z", -1},
    {"a0130524T000000Z", -1},
    {"99999999999999999999999999", -1},
};

TEST(reads_a_time_in_utc) {
  for (size_t i = 0; i < COUNT(read_times); i++) {
    int64_t seconds = -1;
    const bool read = text_utc_parse(guarded_string(read_times[i].text), &seconds);
    CHECK_NUMBER(read_times[i].text, seconds, read_times[i].unix_seconds);
    CHECK_NUMBER(read_times[i].text, read, read_times[i].unix_seconds >= 0);
  }
}

static const struct {
  const char *text;
  int64_t seconds; /* -1: none */
} http_dates[] = {
    {"Tue, 24 Nov 2026 12:00:00 GMT", 1795521600},
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Xyz, 24 Nov 2026 12:00:00 GMT", 1795521600},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Tue, 31 Feb 2026 12:00:00 GMT", -1},
    {"Tue, 24 nov 2026 12:00:00 GMT", -1},
    {"Tue, 24 ovD 2026 12:00:00 GMT", -1},
    {"Tue, 4 Nov 2026 12:00:00 GMT", -1},
    {"Tue, 24 Nov 2026 12:00:00 UTC", -1},
    {"Tue, 24 Nov 2026 25:00:00 GMT", -1},
    {"Sunday, 06-Nov-94 08:49:37 GMT", -1},
    {"Sun Nov  6 08:49:37 1994", -1},
    {"", -1},
};

TEST(reads_the_date_of_http) {
  for (size_t i = 0; i < COUNT(http_dates); i++) {
    int64_t seconds = -1;
    const bool read = text_utc_parse_http(guarded_string(http_dates[i].text), &seconds);
    CHECK_NUMBER(http_dates[i].text, seconds, http_dates[i].seconds);
    CHECK_NUMBER(http_dates[i].text, read, http_dates[i].seconds >= 0);
  }
}

RUN_TESTS(cmocka_unit_test(reads_the_date_of_http), cmocka_unit_test(reads_a_time_in_utc),
          cmocka_unit_test(writes_a_time_in_utc), cmocka_unit_test(refuses_other_centuries),
          cmocka_unit_test(knows_every_day_of_the_calendar))
