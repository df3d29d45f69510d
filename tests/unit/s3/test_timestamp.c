#include "s3/timestamp.h"

#include "tests/unit/support.h"

static const struct {
  int64_t unix_seconds;
  const char *text, *date;
} times[] = {
    {0, "19700101T000000Z", "19700101"},
    {1369353600, "20130524T000000Z", "20130524"},
    {1369439999, "20130524T235959Z", "20130524"},
    {253402300799, "99991231T235959Z", "99991231"},
};

TEST(has_a_long_and_a_short_form) {
  for (size_t i = 0; i < COUNT(times); i++) {
    s3_timestamp timestamp;
    CHECK(times[i].text, s3_timestamp_init(&timestamp, times[i].unix_seconds));
    CHECK_TEXT(times[i].text, s3_timestamp_slice(&timestamp), times[i].text);
    CHECK_TEXT(times[i].text, s3_timestamp_date(&timestamp), times[i].date);
  }
}

TEST(refuses_what_eight_digits_can_not_say) {
  static const int64_t refused[] = {-1, INT64_MIN, 253402300800, INT64_MAX};
  for (size_t i = 0; i < COUNT(refused); i++) {
    s3_timestamp timestamp;
    CHECK("refused", !s3_timestamp_init(&timestamp, refused[i]));
  }
}

RUN_TESTS(cmocka_unit_test(has_a_long_and_a_short_form),
          cmocka_unit_test(refuses_what_eight_digits_can_not_say))
