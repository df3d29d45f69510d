#include "s3/etag.h"

#include "tests/unit/support.h"

static const struct {
  const char *etag, *bare;
} rows[] = {{"\"a-1\"", "a-1"}, {"a-1", "a-1"}, {"W/\"a\"", "a"}, {"\"\"", ""}, {"\"", "\""},
            {"\"a", "\"a"},     {"a\"", "a\""}, {"", ""},         {"W/", ""}};

TEST(takes_the_quotes_off) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    CHECK_TEXT(rows[i].etag, s3_etag_bare(guarded_string(rows[i].etag)), rows[i].bare);
  }
}

RUN_TESTS(cmocka_unit_test(takes_the_quotes_off))
