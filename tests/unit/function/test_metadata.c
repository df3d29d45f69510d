#include "function/admission/metadata.h"

#include <stdio.h>

#include "tests/unit/support.h"

/* A null value: refused. */
static const struct {
  const char *what, *value, *sent;
} values[] = {
    {"ASCII", "photo 1.jpg", "photo 1.jpg"},
    {"nothing", "", ""},
    {"every kind of ASCII", "a%20b+c\"<>?=", "a%20b+c\"<>?="},
    {"a question mark alone", "?", "?"},
    {"Latin", "caf\xC3\xA9", "=?UTF-8?B?Y2Fmw6k=?="},
    {"an emoji", "\xF0\x9F\x98\x80", "=?UTF-8?B?8J+YgA==?="},
    {"what looks encoded", "=?UTF-8?B?eA==?=", "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?="},
    {"two spaces", "a  b", "=?UTF-8?B?YSAgYg==?="},
    {"a space in front", " a", "=?UTF-8?B?IGE=?="},
    {"a space behind", "a ", "=?UTF-8?B?YSA=?="},
    {"two lines", "a\r\nb: c", "=?UTF-8?B?YQ0KYjogYw==?="},
    {"45 bytes", "\xC3\xA9 3456789012345678901234567890123456789012345",
     "=?UTF-8?B?w6kgMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0?= "
     "=?UTF-8?B?NQ==?="},
    {"a character at the 45th", "12345678901234567890123456789012345678901234\xC3\xA9",
     "=?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ=?= "
     "=?UTF-8?B?w6k=?="},
    {"what an escaped NUL is read as", "a\x01", NULL},
    {"an escape character", "\x1B", NULL},
    {"DEL", "\x7F", NULL},
    {"the first of C1", "a\xC2\x80", NULL},
    {"the last of C1", "a\xC2\x9F", NULL},
    {"what comes after C1", "\xC2\xA0", "=?UTF-8?B?wqA=?="},
    {"bytes that are not UTF-8", "caf\xE9", NULL},
};

TEST(a_value_is_sent_as_ascii) {
  for (size_t i = 0; i < COUNT(values); i++) {
    upload_metadata metadata;
    const text_pair query = {TEXT_LITERAL("metadata[Name]"), guarded_string(values[i].value)};
    const http_request request = {.query = &query, .query_count = 1};
    const http_error error = metadata_from_query(&metadata, &request, large_arena());
    CHECK_NUMBER(values[i].what, error.status, values[i].sent ? 0 : 400);
    if (values[i].sent != NULL) {
      CHECK_TEXT(values[i].what, metadata.list[0].name, "x-amz-meta-name");
      CHECK_TEXT(values[i].what, metadata.list[0].value, values[i].sent);
    }
  }
}

TEST(a_nul_is_no_text) {
  static const text_slice with_nul[] = {SLICE("a\0b"), SLICE("\0"), SLICE("a\0")};
  for (size_t i = 0; i < COUNT(with_nul); i++) {
    upload_metadata metadata;
    const text_pair query = {TEXT_LITERAL("metadata[a]"), guarded(with_nul[i])};
    const http_request request = {.query = &query, .query_count = 1};
    CHECK_NUMBER("status", metadata_from_query(&metadata, &request, large_arena()).status, 400);
  }
}

static const struct {
  const char *what, *name;
  int status;
  size_t count;
} names[] = {
    {"letters", "metadata[relativePath]", 0, 1},
    {"all that is allowed", "metadata[a-B.c_9]", 0, 1},
    {"48 bytes", "metadata[123456789012345678901234567890123456789012345678]", 0, 1},
    {"49 bytes", "metadata[1234567890123456789012345678901234567890123456789]", 400, 0},
    {"nothing", "metadata[]", 400, 0},
    {"a space", "metadata[a b]", 400, 0},
    {"a colon", "metadata[a:b]", 400, 0},
    {"a line end", "metadata[a\r\nx-amz-acl]", 400, 0},
    {"another script", "metadata[\xC3\xA9]", 400, 0},
    {"a nested one", "metadata[a][b]", 400, 0},
    {"another parameter", "metadata", 0, 0},
    {"an open one", "metadata[a", 0, 0},
    {"another case", "Metadata[a]", 0, 0},
};

TEST(a_name_is_one_that_a_header_can_have) {
  for (size_t i = 0; i < COUNT(names); i++) {
    upload_metadata metadata;
    const text_pair query = {guarded_string(names[i].name), TEXT_LITERAL("v")};
    const http_request request = {.query = &query, .query_count = 1};
    const http_error error = metadata_from_query(&metadata, &request, large_arena());
    CHECK_NUMBER(names[i].what, error.status, names[i].status);
    if (error.status == 0) {
      CHECK_NUMBER(names[i].what, metadata.count, names[i].count);
    }
  }
}

TEST(null_in_a_query_is_none) {
  upload_metadata metadata;
  const text_pair query[] = {PAIR("metadata[relativePath]", "null"), PAIR("metadata[b]", "x")};
  const http_request request = {.query = query, .query_count = COUNT(query)};
  CHECK_NUMBER("status", metadata_from_query(&metadata, &request, large_arena()).status, 0);
  CHECK_NUMBER("count", metadata.count, 1);
  CHECK_TEXT("name", metadata.list[0].name, "x-amz-meta-b");
}

TEST(a_name_given_twice_is_refused_whatever_its_case) {
  upload_metadata metadata;
  const text_pair query[] = {PAIR("metadata[name]", "a"), PAIR("metadata[Name]", "b")};
  const http_request request = {.query = query, .query_count = COUNT(query)};
  CHECK_NUMBER("status", metadata_from_query(&metadata, &request, large_arena()).status, 400);
}

/* Null names: refused. */
static const struct {
  const char *json, *names, *values;
} objects[] = {
    {"{}", "", ""},
    {"null", "", ""},
    {"{\"name\":\"a.txt\",\"relativePath\":null}", "x-amz-meta-name;", "a.txt;"},
    {"{\"a\":1,\"b\":true,\"c\":false}", "x-amz-meta-a;x-amz-meta-b;x-amz-meta-c;",
     "1;true;false;"},
    {"{\"name\":\"\\u00e9\"}", "x-amz-meta-name;", "=?UTF-8?B?w6k=?=;"},
    {"{\"name\":\"null\"}", "x-amz-meta-name;", "null;"},
    {"{\"a\":1.5}", NULL, NULL},
    {"{\"a\":-1}", NULL, NULL},
    {"{\"a\":{}}", NULL, NULL},
    {"{\"a\":[\"b\"]}", NULL, NULL},
    {"{\"a\":\"b\\u0000c\"}", NULL, NULL},
    {"{\"\":\"b\"}", NULL, NULL},
    {"[\"a\"]", NULL, NULL},
    {"\"a\"", NULL, NULL},
};

TEST(an_object_has_texts_whole_numbers_and_booleans) {
  http_json_setup();
  for (size_t i = 0; i < COUNT(objects); i++) {
    text_arena *arena = large_arena();
    upload_metadata metadata;
    const cJSON *object = http_json_parse(guarded_string(objects[i].json), arena);
    const http_error error = metadata_from_json(&metadata, object, arena);
    CHECK_NUMBER(objects[i].json, error.status, objects[i].names ? 0 : 400);
    text_buffer names_found = buffer_of(256);
    text_buffer values_found = buffer_of(256);
    for (size_t at = 0; error.status == 0 && at < metadata.count; at++) {
      text_buffer_append(&names_found, metadata.list[at].name);
      text_buffer_append_byte(&names_found, ';');
      text_buffer_append(&values_found, metadata.list[at].value);
      text_buffer_append_byte(&values_found, ';');
    }
    CHECK_TEXT(objects[i].json, text_buffer_slice(&names_found), objects[i].names);
    CHECK_TEXT(objects[i].json, text_buffer_slice(&values_found), objects[i].values);
  }
}

static int status_of_value(size_t size) {
  static char value[4096];
  upload_metadata metadata;
  memset(value, 'v', sizeof value);
  const text_pair query = {TEXT_LITERAL("metadata[n]"), {value, size}};
  const http_request request = {.query = &query, .query_count = 1};
  return metadata_from_query(&metadata, &request, large_arena()).status;
}

TEST(all_of_it_is_at_most_2048_bytes_and_16_values) {
  const size_t longest = 2048 - strlen("x-amz-meta-n");
  CHECK_NUMBER("2048", status_of_value(longest), 0);
  CHECK_NUMBER("2049", status_of_value(longest + 1), 400);
  CHECK_NUMBER("4096", status_of_value(4096), 400);
  upload_metadata metadata;
  char names_storage[17][16];
  text_pair query[17];
  for (size_t i = 0; i < COUNT(query); i++) {
    (void)snprintf(names_storage[i], sizeof names_storage[i], "metadata[n%zu]", i);
    query[i] = (text_pair){text_slice_of(names_storage[i]), TEXT_LITERAL("v")};
  }
  const http_request fits = {.query = query, .query_count = 16};
  CHECK_NUMBER("16", metadata_from_query(&metadata, &fits, large_arena()).status, 0);
  const http_request more = {.query = query, .query_count = 17};
  CHECK_NUMBER("17", metadata_from_query(&metadata, &more, large_arena()).status, 400);
}

TEST(the_apps_values_replace_those_of_the_same_name) {
  static const upload_metadata given = {
      .list = {PAIR("x-amz-meta-b", "new"), PAIR("x-amz-meta-a", "app")},
      .texts = {SLICE("new"), SLICE("app")},
      .count = 2,
      .size_bytes = 30};
  upload_metadata metadata = {.list = {PAIR("x-amz-meta-a", "longer")},
                              .texts = {SLICE("longer")},
                              .count = 1,
                              .size_bytes = 18};
  CHECK("fits", metadata_put(&metadata, &given));
  CHECK_NUMBER("count", metadata.count, 2);
  CHECK_TEXT("replaced", metadata.list[0].value, "app");
  CHECK_TEXT("replaced", metadata.texts[0], "app");
  CHECK_TEXT("name", metadata_name(&metadata.list[1]), "b");
  CHECK_TEXT("added", metadata.texts[1], "new");
  CHECK_NUMBER("size", metadata.size_bytes, 30);
}

TEST(what_is_put_in_has_the_same_limits) {
  static const upload_metadata one = {
      .list = {PAIR("x-amz-meta-z", "v")}, .texts = {SLICE("v")}, .count = 1};
  upload_metadata full = {.count = METADATA_MAX};
  CHECK("17", !metadata_put(&full, &one));
  upload_metadata large = {
      .list = {PAIR("x-amz-meta-y", "v")}, .count = 1, .size_bytes = METADATA_MAX_BYTES - 12};
  CHECK("2049", !metadata_put(&large, &one));
}

RUN_TESTS(cmocka_unit_test(the_apps_values_replace_those_of_the_same_name),
          cmocka_unit_test(what_is_put_in_has_the_same_limits),
          cmocka_unit_test(a_value_is_sent_as_ascii), cmocka_unit_test(a_nul_is_no_text),
          cmocka_unit_test(a_name_is_one_that_a_header_can_have),
          cmocka_unit_test(null_in_a_query_is_none),
          cmocka_unit_test(a_name_given_twice_is_refused_whatever_its_case),
          cmocka_unit_test(an_object_has_texts_whole_numbers_and_booleans),
          cmocka_unit_test(all_of_it_is_at_most_2048_bytes_and_16_values))
