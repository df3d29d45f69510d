#include "function/config/config_values.h"

#include "tests/unit/support.h"

struct row {
  const char *value;
  bool valid;
};

static void check_rows(const struct row *rows, size_t count, bool (*is_valid)(text_slice)) {
  for (size_t i = 0; i < count; i++) {
    CHECK_NUMBER(rows[i].value, is_valid(guarded_string(rows[i].value)), rows[i].valid);
  }
}

static bool is_printable_of_4(text_slice value) {
  return value_is_printable(value, 4);
}

TEST(printable_is_ascii_without_a_space) {
  static const struct row rows[] = {
      {"a", true},    {"!~", true},  {"abcd", true},  {"", false},         {"abcde", false},
      {"a b", false}, {"\t", false}, {"\x7F", false}, {"\xC3\xA9", false}, {"a\n", false}};
  check_rows(rows, COUNT(rows), is_printable_of_4);
}

TEST(a_boolean_is_true_or_false_in_any_case) {
  static const struct {
    const char *value;
    bool valid, result;
  } rows[] = {{"true", true, true},   {"TRUE", true, true},   {"True", true, true},
              {"false", true, false}, {"FALSE", true, false}, {"", false, false},
              {"yes", false, false},  {"1", false, false},    {"true ", false, false}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    bool result = !rows[i].result;
    CHECK_NUMBER(rows[i].value, value_read_boolean(guarded_string(rows[i].value), &result),
                 rows[i].valid);
    CHECK_NUMBER(rows[i].value, result, rows[i].result);
  }
}

TEST(a_number_keeps_within_its_bounds) {
  static const struct {
    const char *value;
    bool valid;
    int64_t result;
  } rows[] = {{"5", true, 5},    {"9", true, 9},  {"4", false, -1},
              {"10", false, -1}, {"", false, -1}, {"5.0", false, -1}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    int64_t result = -1;
    CHECK_NUMBER(rows[i].value, value_read_number(guarded_string(rows[i].value), 5, 9, &result),
                 rows[i].valid);
    CHECK_NUMBER(rows[i].value, result, rows[i].result);
  }
}

TEST(a_choice_is_one_of_the_names_exactly) {
  const text_slice names[] = {TEXT_LITERAL("one"), TEXT_LITERAL("two")};
  size_t choice = 9;
  CHECK("two", value_read_choice(guarded_string("two"), names, 2, &choice));
  CHECK_NUMBER("two", choice, 1);
  CHECK("case", !value_read_choice(guarded_string("Two"), names, 2, &choice));
  CHECK("a prefix", !value_read_choice(guarded_string("tw"), names, 2, &choice));
  CHECK("none", !value_read_choice(guarded_string("two"), names, 0, &choice));
}

static bool is_a(text_slice item) {
  return text_slice_equal(item, TEXT_LITERAL("a"));
}

static bool is_list_of_a(text_slice value) {
  return value_is_list(value, is_a);
}

TEST(a_list_has_good_items_only) {
  static const struct row rows[] = {
      {"a", true},   {"a,a", true},   {" a ,\ta", true}, {"", false},    {"a,", false},
      {",a", false}, {"a,,a", false}, {"a,b", false},    {"b,a", false}, {"a;a", false}};
  check_rows(rows, COUNT(rows), is_list_of_a);
}

TEST(a_type_pattern_is_a_type_or_ends_with_a_star) {
  static const struct row rows[] = {{"*/*", true},
                                    {"image/*", true},
                                    {"image/png", true},
                                    {"a/b+c.d-e", true},
                                    {"image/svg+xml", true},
                                    {"", false},
                                    {"*", false},
                                    {"image", false},
                                    {"image/", false},
                                    {"/png", false},
                                    {"/*", false},
                                    {"*/png", false},
                                    {"im*ge/png", false},
                                    {"image/p*", false},
                                    {"image/**", false},
                                    {"image/png;q=1", false},
                                    {"image/ png", false},
                                    {"image /png", false},
                                    {"image/a/b", false},
                                    {"image/\xC3\xA9", false},
                                    {"i m/*", false}};
  check_rows(rows, COUNT(rows), value_is_type_pattern);
}

TEST(an_origin_pattern_is_a_scheme_and_a_host) {
  static const struct row rows[] = {
      {"*", true},
      {"https://example.com", true},
      {"http://localhost:3000", true},
      {"http://[::1]:3000", true},
      {"https://*.example.com", true},
      {"http://localhost:*", true},
      {"https://*", true},
      {"capacitor://localhost", true},
      {"", false},
      {"example.com", false},
      {"//example.com", false},
      {"://example.com", false},
      {"https://", false},
      {"https:/example.com", false},
      {"https:///example.com", false},
      {"https://example.com/", false},
      {"https://example.com/a", false},
      {"https://*.*.example.com", false},
      {"https://example.com?a", false},
      {"https://user@example.com", false},
      {"https://exa mple.com", false},
      {"https://b\xC3\xBC"
       "cher.de",
       false},
      {"**", false},
  };
  check_rows(rows, COUNT(rows), value_is_origin_pattern);
}

TEST(tags_are_ten_pairs_at_most) {
  static const struct row rows[] = {{"a=b", true},
                                    {"a=", true},
                                    {"a=b&c=d", true},
                                    {"a=b=c", true},
                                    {"a%20b=c%2B", true},
                                    {"a=%26", false},
                                    {"a=~", false},
                                    {"a=%7E", false},
                                    {"a%20b=1&a+b=2", false},
                                    {"aws:a=b", false},
                                    {"%61WS:a=b", false},
                                    {"aws=a:b", true},
                                    {"1=&2=&3=&4=&5=&6=&7=&8=&9=&0=", true},
                                    {"", false},
                                    {"a", false},
                                    {"=b", false},
                                    {"a=b&", false},
                                    {"&a=b", false},
                                    {"a=b&&c=d", false},
                                    {"a=b c", false},
                                    {"a=\xC3\xA9", false},
                                    {"a=%C3%A9", true},
                                    {"a=%", false},
                                    {"a=%2", false},
                                    {"a=%zz", false},
                                    {"%=b", false},
                                    {"a=%FF", false},
                                    {"a=%00", false},
                                    {"a=%0A", false},
                                    {"a=b&a=c", false},
                                    {"a=b&A=c", true},
                                    {"a=\"", false},
                                    {"a=<b>", false},
                                    {"a+b=c:d/e@f_g-h.i", true},
                                    {"1=&2=&3=&4=&5=&6=&7=&8=&9=&0=&x=", false}};
  check_rows(rows, COUNT(rows), value_is_tags);
}

/* Appends `count` times what `character` is written as. */
static void append_times(text_buffer *tags, const char *character, size_t count) {
  for (size_t i = 0; i < count; i++) {
    text_buffer_append_string(tags, character);
  }
}

static bool is_tag_of(const char *character, size_t name, size_t value) {
  text_buffer tags = buffer_of(4096);
  append_times(&tags, character, name);
  text_buffer_append_byte(&tags, '=');
  append_times(&tags, character, value);
  return value_is_tags(text_buffer_slice(&tags));
}

TEST(a_tag_has_names_and_values_as_long_as_s3_takes) {
  static const struct {
    const char *text;
    size_t name_most, value_most;
  } characters[] = {{"a", 128, 256},
                    {"%61", 128, 256},
                    {"+", 128, 256},
                    {"%C3%A9", 128, 256},
                    {"%F0%9F%90%A2", 64, 128}};
  for (size_t i = 0; i < COUNT(characters); i++) {
    const char *text = characters[i].text;
    CHECK(text, is_tag_of(text, 1, characters[i].value_most));
    CHECK(text, !is_tag_of(text, 1, characters[i].value_most + 1));
    CHECK(text, is_tag_of(text, characters[i].name_most, 1));
    CHECK(text, !is_tag_of(text, characters[i].name_most + 1, 1));
  }
}

TEST(tags_have_at_most_2048_bytes) {
  text_buffer tags = buffer_of(4096);
  for (size_t i = 0; i < 8; i++) {
    text_buffer_append_string(&tags, i > 0 ? "&" : "");
    text_buffer_append_byte(&tags, (char)('a' + i));
    text_buffer_append_byte(&tags, '=');
    append_times(&tags, "v", 253);
  }
  CHECK_NUMBER("size", tags.size, 2047);
  CHECK("2047", value_is_tags(text_buffer_slice(&tags)));
  text_buffer_append_byte(&tags, 'v');
  CHECK("2048", value_is_tags(text_buffer_slice(&tags)));
  text_buffer_append_byte(&tags, 'v');
  CHECK("2049", !value_is_tags(text_buffer_slice(&tags)));
}

TEST(caching_is_directives_with_one_space_at_most_between) {
  static const struct row rows[] = {{"no-store", true},
                                    {"private, max-age=3600", true},
                                    {"public,max-age=60,s-maxage=9, immutable", true},
                                    {"", false},
                                    {",", false},
                                    {"private,", false},
                                    {",private", false},
                                    {"private,  max-age=1", false},
                                    {"private ,max-age=1", false},
                                    {"max-age=", false},
                                    {"max-age", true},
                                    {"=1", false},
                                    {"a=b=c", false},
                                    {"a b", false},
                                    {"a\r\nx: y", false},
                                    {"a\"b\"", false},
                                    {"\xC3\xA9", false}};
  check_rows(rows, COUNT(rows), value_is_cache_control);
}

RUN_TESTS(cmocka_unit_test(printable_is_ascii_without_a_space),
          cmocka_unit_test(a_boolean_is_true_or_false_in_any_case),
          cmocka_unit_test(a_number_keeps_within_its_bounds),
          cmocka_unit_test(a_choice_is_one_of_the_names_exactly),
          cmocka_unit_test(a_list_has_good_items_only),
          cmocka_unit_test(a_type_pattern_is_a_type_or_ends_with_a_star),
          cmocka_unit_test(an_origin_pattern_is_a_scheme_and_a_host),
          cmocka_unit_test(caching_is_directives_with_one_space_at_most_between),
          cmocka_unit_test(tags_are_ten_pairs_at_most),
          cmocka_unit_test(a_tag_has_names_and_values_as_long_as_s3_takes),
          cmocka_unit_test(tags_have_at_most_2048_bytes))
