#include "runtime/text/utc.h"

#include "support.h"

static const struct {
  const char *name;
  int64_t unix_seconds;
  utc_form form;
  const char *text;
} times[] = {
    {"the first second", 0, UTC_DATE_TIME, "1970-01-01T00:00:00"},
    {"the last second", 253402300799, UTC_DATE_TIME, "9999-12-31T23:59:59"},
    {"past 32 bits", 4294967296, UTC_DATE_TIME, "2106-02-07T06:28:16"},
    {"a leap day", 1709164800, UTC_DATE, "2024-02-29"},
    {"no leap day in 2100", 4107542400, UTC_DATE, "2100-03-01"},
    {"the basic form", 1369353600, UTC_BASIC_FORM, "20130524T000000Z"},
};

TEST(writes_a_time_in_utc) {
  for (size_t i = 0; i < COUNT(times); i++) {
    text_buffer buffer = buffer_of(strlen(times[i].text));
    CHECK(times[i].name, utc_append(&buffer, times[i].unix_seconds, times[i].form));
    CHECK_TEXT(times[i].name, text_buffer_slice(&buffer), times[i].text);
    CHECK(times[i].name, !buffer.overflowed);
  }
}

TEST(refuses_other_centuries) {
  static const int64_t refused[] = {-1, INT64_MIN, 253402300800, INT64_MAX};
  for (size_t i = 0; i < COUNT(refused); i++) {
    text_buffer buffer = buffer_of(32);
    CHECK("refused", !utc_append(&buffer, refused[i], UTC_DATE_TIME));
    CHECK_NUMBER("nothing appended", buffer.size, 0);
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
    {"20130524T000000Zx", -1},
    {"20130524T246000Z", -1},
    {"a0130524T000000Z", -1},
    {"99999999999999999999999999", -1},
};

TEST(reads_a_time_in_utc) {
  for (size_t i = 0; i < COUNT(read_times); i++) {
    int64_t seconds = -1;
    const bool read = utc_parse(guarded_string(read_times[i].text), &seconds);
    CHECK_NUMBER(read_times[i].text, seconds, read_times[i].unix_seconds);
    CHECK_NUMBER(read_times[i].text, read, read_times[i].unix_seconds >= 0);
  }
}

RUN_TESTS(cmocka_unit_test(reads_a_time_in_utc), cmocka_unit_test(writes_a_time_in_utc),
          cmocka_unit_test(refuses_other_centuries))
