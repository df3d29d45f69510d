#include "s3/names.h"

#include "tests/unit/support.h"

#define L63 "a23456789012345678901234567890123456789012345678901234567890123"

static const struct {
  const char *bucket;
  bool valid;
} buckets[] = {
    {"abc", true},
    {"a-b.c1", true},
    {"123456", true},
    {"1.2.3", true},
    {"1.2.3.4.5", true},
    {"1.2.3.a", true},
    {L63, true},
    {"a--b", true},
    {"", false},
    {"ab", false},
    {L63 "4", false},
    {"Abc", false},
    {"ab_c", false},
    {"-abc", false},
    {"abc-", false},
    {".abc", false},
    {"abc.", false},
    {"a..b", false},
    {"a.-b", false},
    {"a-.b", false},
    {"192.168.5.4", false},
    {"a/b", false},
    {"a b", false},
    {"ab\xC3\xA9", false},
    {"arn:aws:s3:::abc", false},
    {"abc?", false},
    {"abc@", false},
};

TEST(knows_which_names_fit_a_host) {
  for (size_t i = 0; i < COUNT(buckets); i++) {
    CHECK_NUMBER(buckets[i].bucket, s3_bucket_fits_host(guarded_string(buckets[i].bucket)),
                 buckets[i].valid);
  }
}

#define L60 "A_2345678901234567890123456789012345678901234567890123456789"

/* As they could be in us-east-1, and can be in other stores. */
static const struct {
  const char *bucket;
  bool valid;
} older[] = {
    {"Abc", true},
    {"ab_c", true},
    {"_A-", true},
    {"-.-", true},
    {"a..b", true},
    {"...", true},
    {L60 L60 L60 L60 "A23456789012345", true},
    {L60 L60 L60 L60 "A234567890123456", false},
    {"", false},
    {"Ab", false},
    {"192.168.5.4", false},
    {"192.168.5.4a", true},
    {"1...4", true},
    {"a/b", false},
    {"a b", false},
    {"a%2fb", false},
    {"a?b", false},
    {"a#b", false},
    {"ab\n", false},
    {"ab:c", false},
    {"ab~c", false},
    {"ab\xC3\xA9", false},
};

TEST(knows_which_names_a_bucket_can_have) {
  for (size_t i = 0; i < COUNT(older); i++) {
    CHECK_NUMBER(older[i].bucket, s3_bucket_is_valid(guarded_string(older[i].bucket)),
                 older[i].valid);
  }
  for (size_t i = 0; i < COUNT(buckets); i++) {
    const text_slice bucket = guarded_string(buckets[i].bucket);
    CHECK(buckets[i].bucket, s3_bucket_is_valid(bucket) || !s3_bucket_fits_host(bucket));
  }
}

static const struct {
  const char *region;
  bool valid;
} regions[] = {
    {"us-east-1", true},   {"local", true},      {"garage", true},     {"1", true},   {L63, true},
    {"", false},           {"US-EAST-1", false}, {"us_east_1", false}, {"-a", false}, {"a-", false},
    {"us-east-1/", false}, {"us.east", false},   {L63 "4", false},
};

TEST(knows_which_names_a_region_can_have) {
  for (size_t i = 0; i < COUNT(regions); i++) {
    CHECK_NUMBER(regions[i].region, s3_region_is_valid(guarded_string(regions[i].region)),
                 regions[i].valid);
  }
}

RUN_TESTS(cmocka_unit_test(knows_which_names_fit_a_host),
          cmocka_unit_test(knows_which_names_a_bucket_can_have),
          cmocka_unit_test(knows_which_names_a_region_can_have))
