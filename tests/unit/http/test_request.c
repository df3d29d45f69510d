#include "http/request.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *headers, *origin;
} headers[] = {
    {"as it is", "{\"origin\":\"a\"}", "a"},
    {"another case", "{\"Host\":\"h\",\"ORIGIN\":\"a\"}", "a"},
    {"an array", "{\"Origin\":[\"a\"]}", "a"},
    {"the last of several", "{\"Origin\":[\"a\",\"b\",\"c\"]}", "c"},
    {"an empty one", "{\"origin\":\"\"}", ""},
};

TEST(finds_a_header_in_any_case) {
  for (size_t i = 0; i < COUNT(headers); i++) {
    const http_request request = {
        .headers = http_json_parse(guarded_string(headers[i].headers), large_arena())};
    const text_slice origin = http_request_header(&request, TEXT_LITERAL("Origin"));
    CHECK(headers[i].name, origin.data != NULL);
    CHECK_TEXT(headers[i].name, origin, headers[i].origin);
  }
}

static const char *const without[] = {
    "{}",
    "{\"origins\":\"a\",\"origi\":\"b\"}",
    "{\"origin\":1}",
    "{\"origin\":null}",
    "{\"origin\":[]}",
    "{\"origin\":[1]}",
    "{\"origin\":{\"a\":\"b\"}}",
    "[\"origin\"]",
    "\"origin\"",
    "null",
};

TEST(a_header_that_is_missing_or_no_text_is_null) {
  for (size_t i = 0; i < COUNT(without); i++) {
    const http_request request = {.headers =
                                      http_json_parse(guarded_string(without[i]), large_arena())};
    CHECK(without[i], http_request_header(&request, TEXT_LITERAL("origin")).data == NULL);
  }
  const http_request request = {.headers = NULL};
  CHECK("null", http_request_header(&request, TEXT_LITERAL("origin")).data == NULL);
}

static const struct {
  const char *headers;
  bool takes_gzip;
} encodings[] = {
    {"{}", false},
    {"{\"accept-encoding\":\"\"}", false},
    {"{\"accept-encoding\":\"gzip\"}", true},
    {"{\"Accept-Encoding\":\"gzip, deflate, br, zstd\"}", true},
    {"{\"accept-encoding\":\"br;q=1.0,GZIP;q=0.5\"}", true},
    {"{\"accept-encoding\":[\"identity, gzip ; q=0.001\"]}", true},
    {"{\"accept-encoding\":\"gzip;q=0\"}", false},
    {"{\"accept-encoding\":\"gzip; Q=0.000, br\"}", false},
    {"{\"accept-encoding\":\"br, deflate, identity\"}", false},
    {"{\"accept-encoding\":\"*\"}", false},
    {"{\"accept-encoding\":\"gzipped, x\"}", false},
    {"{\"accept-encoding\":\"x;gzip\"}", false},
    {"{\"accept-encoding\":1}", false},
};

TEST(takes_gzip_where_that_is_said) {
  for (size_t i = 0; i < COUNT(encodings); i++) {
    const http_request request = {
        .headers = http_json_parse(guarded_string(encodings[i].headers), large_arena())};
    CHECK_NUMBER(encodings[i].headers, http_request_takes_gzip(&request), encodings[i].takes_gzip);
  }
}

TEST(counts_a_parameter_and_gives_its_first_value) {
  const text_pair query[] = {PAIR("a", "1"), PAIR("b", "2"), PAIR("a", "3"), PAIR("A", "4")};
  const http_request request = {.query = query, .query_count = 4};
  text_slice value = TEXT_LITERAL("before");
  CHECK_NUMBER("missing", http_request_parameter(&request, TEXT_LITERAL("c"), &value), 0);
  CHECK_TEXT("left as it was", value, "before");
  CHECK_NUMBER("twice", http_request_parameter(&request, TEXT_LITERAL("a"), &value), 2);
  CHECK_TEXT("the first", value, "1");
  CHECK_NUMBER("once", http_request_parameter(&request, TEXT_LITERAL("b"), &value), 1);
  CHECK_TEXT("once", value, "2");
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(finds_a_header_in_any_case),
                cmocka_unit_test(takes_gzip_where_that_is_said),
                cmocka_unit_test(a_header_that_is_missing_or_no_text_is_null),
                cmocka_unit_test(counts_a_parameter_and_gives_its_first_value))
