#include "text/decimal.h"

#include "tests/unit/support.h"

static const struct {
  const char *text;
  int64_t max, number;
} accepted[] = {
    {"0", 0, 0},
    {"7", 7, 7},
    {"007", 7, 7},
    {"10", 10, 10},
    {"604800", 604800, 604800},
    {"9223372036854775807", INT64_MAX, INT64_MAX},
    {"0000000000000000000000000000001", 9, 1},
};

TEST(reads_digits_up_to_the_largest_number) {
  for (size_t i = 0; i < COUNT(accepted); i++) {
    int64_t number = -1;
    CHECK(accepted[i].text,
          text_decimal_parse(guarded_string(accepted[i].text), accepted[i].max, &number));
    CHECK_NUMBER(accepted[i].text, number, accepted[i].number);
  }
}

static const struct {
  const char *name, *text;
  int64_t max;
} refused[] = {
    {"nothing", "", 10},
    {"a space before", " 1", 10},
    {"a space behind", "1 ", 10},
    {"a plus", "+1", 10},
    {"a minus", "-1", 10},
    {"a point", "1.0", 10},
    {"an exponent", "1e1", 100},
    {"hexadecimal", "0x1", 10},
    {"a letter", "1a", 10},
    {"the byte before 0", "1/", 10},
    {"the byte behind 9", "1:", 10},
    {"digits of another script", "\xD9\xA1", 10},
    {"one too many", "11", 10},
    {"a digit over a small one", "9", 1},
    {"one over the largest of all", "9223372036854775808", INT64_MAX},
    {"what would wrap around", "18446744073709551617", INT64_MAX},
    {"many digits", "99999999999999999999999999999999", INT64_MAX},
};

TEST(refuses_what_is_no_number_or_too_large) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    int64_t number = -1;
    CHECK(refused[i].name,
          !text_decimal_parse(guarded_string(refused[i].text), refused[i].max, &number));
    CHECK_NUMBER(refused[i].name, number, -1);
  }
}

RUN_TESTS(cmocka_unit_test(reads_digits_up_to_the_largest_number),
          cmocka_unit_test(refuses_what_is_no_number_or_too_large))
