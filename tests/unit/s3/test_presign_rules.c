/* Which keys and headers can be signed as they are sent. */
#include "s3/canonical.h"
#include "s3/presign.h"
#include "tests/unit/support.h"

static const struct {
  const char *key;
  bool usable;
} keys[] = {
    {"a", true},      {"a/b", true},      {"/a", true},     {"a/", true},      {"a//b", true},
    {"...", true},    {"a/...", true},    {".a", true},     {"..a", true},     {"a..", true},
    {"%2e%2e", true}, {" ", true},        {"\xFF", true},   {"a/.b", true},    {"\\..\\", true},
    {"", false},      {".", false},       {"..", false},    {"./a", false},    {"../a", false},
    {"a/.", false},   {"a/..", false},    {"a/./b", false}, {"a/../b", false}, {"/..", false},
    {"../", false},   {"a//../b", false},
};

TEST(a_key_has_no_segment_that_a_browser_drops) {
  for (size_t i = 0; i < COUNT(keys); i++) {
    CHECK_NUMBER(keys[i].key, s3_key_is_usable(guarded_string(keys[i].key)), keys[i].usable);
  }
}

TEST(a_key_has_at_most_1024_bytes) {
  static char key[1025];
  memset(key, 'k', sizeof key);
  CHECK("1024", s3_key_is_usable(guarded((text_slice){key, 1024})));
  CHECK("1025", !s3_key_is_usable(guarded((text_slice){key, 1025})));
}

#define N64 "n234567890123456789012345678901234567890123456789012345678901234"

static s3_status status_of_name(text_slice name) {
  s3_canonical_headers headers;
  const text_pair given = {guarded(name), TEXT_LITERAL("v")};
  return s3_canonical_headers_init(&headers, &given, 1, TEXT_LITERAL("h"));
}

static const struct {
  const char *name;
  s3_status status;
} names[] = {
    {"Content-Type", S3_OK},  {"x-amz-meta-a_b.c", S3_OK}, {N64, S3_OK},
    {N64 "5", S3_BAD_HEADER}, {"", S3_BAD_HEADER},         {"a b", S3_BAD_HEADER},
    {"Host", S3_BAD_HEADER},  {"host", S3_BAD_HEADER},     {"\xC3\xA9", S3_BAD_HEADER},
};

TEST(a_name_is_short_and_not_host) {
  for (size_t i = 0; i < COUNT(names); i++) {
    CHECK_NUMBER(names[i].name, status_of_name(text_slice_of(names[i].name)), names[i].status);
  }
}

/* Others would have to be encoded where the URL lists the signed names. */
TEST(a_name_is_of_letters_digits_and_three_marks) {
  static const char taken[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
  for (int byte = 0; byte < 256; byte++) {
    const char name = (char)byte;
    const bool good = byte != 0 && strchr(taken, byte) != NULL;
    CHECK_NUMBER("a byte", status_of_name((text_slice){&name, 1}), good ? S3_OK : S3_BAD_HEADER);
  }
}

TEST(refuses_a_header_that_is_given_twice) {
  s3_canonical_headers headers;
  const text_pair given[] = {{TEXT_LITERAL("a-b"), TEXT_LITERAL("1")},
                             {TEXT_LITERAL("c"), TEXT_LITERAL("2")},
                             {TEXT_LITERAL("A-B"), TEXT_LITERAL("3")}};
  CHECK_NUMBER("another case", s3_canonical_headers_init(&headers, given, 3, TEXT_LITERAL("h")),
               S3_BAD_HEADER);
}

TEST(takes_32_headers_and_no_more) {
  static char letters[] = "abcdefghijklmnopqrstuvwxyz0123456";
  static text_pair given[S3_HEADERS_MAX + 1];
  s3_canonical_headers headers;
  for (size_t i = 0; i < COUNT(given); i++) {
    given[i] = (text_pair){{letters + i, 1}, TEXT_LITERAL("v")};
  }
  CHECK_NUMBER("32", s3_canonical_headers_init(&headers, given, 32, TEXT_LITERAL("h")), S3_OK);
  CHECK_NUMBER("32 and host", headers.count, 33);
  CHECK_NUMBER("33", s3_canonical_headers_init(&headers, given, 33, TEXT_LITERAL("h")),
               S3_TOO_MANY);
}

RUN_TESTS(cmocka_unit_test(a_key_has_no_segment_that_a_browser_drops),
          cmocka_unit_test(a_key_has_at_most_1024_bytes),
          cmocka_unit_test(a_name_is_short_and_not_host),
          cmocka_unit_test(a_name_is_of_letters_digits_and_three_marks),
          cmocka_unit_test(refuses_a_header_that_is_given_twice),
          cmocka_unit_test(takes_32_headers_and_no_more))
