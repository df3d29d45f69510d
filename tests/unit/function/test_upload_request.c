#include "function/admission/upload_request.h"

#include <stdio.h>

#include "tests/unit/support.h"

/* The fields, in order, with | between them and - for one that was not given. */
static text_slice written(const upload_request *upload) {
  const text_slice fields[] = {upload->file_name, upload->file_type, upload->size, upload->sha256,
                               upload->expires};
  text_buffer text = buffer_of(4096);
  for (size_t i = 0; i < COUNT(fields); i++) {
    text_buffer_append_string(&text, i > 0 ? "|" : "");
    text_buffer_append(&text, fields[i].data ? fields[i] : TEXT_LITERAL("-"));
  }
  return text_buffer_slice(&text);
}

static const struct {
  const char *name;
  text_pair query[6];
  size_t count;
  int status;
  const char *text; /* the fields, or the error's message */
} queries[] = {
    {"nothing", .count = 0, .text = "-|-|-|-|-"},
    {"all",
     .query = {PAIR("expires", "5"), PAIR("sha256", "4"), PAIR("size", "3"), PAIR("file_type", "2"),
               PAIR("file_name", "1")},
     .count = 5, .text = "1|2|3|4|5"},
    {"an empty value", .query = {PAIR("size", "")}, .count = 1, .text = "-|-||-|-"},
    {"unknown ones, even twice", .query = {PAIR("a", "1"), PAIR("a", "2"), PAIR("File_Name", "3")},
     .count = 3, .text = "-|-|-|-|-"},
    {"one twice", .query = {PAIR("size", "1"), PAIR("file_name", "a"), PAIR("size", "1")},
     .count = 3, .status = 400, .text = "size is given more than once"},
};

TEST(takes_what_a_query_has) {
  for (size_t i = 0; i < COUNT(queries); i++) {
    const http_request request = {.query = queries[i].query, .query_count = queries[i].count};
    upload_request upload;
    const http_error error = upload_request_from_query(&upload, &request, large_arena());
    CHECK_NUMBER(queries[i].name, error.status, queries[i].status);
    CHECK_TEXT(queries[i].name, error.status ? error.message : written(&upload), queries[i].text);
  }
}

static http_error from_json(upload_request *upload, const char *type, text_slice body) {
  text_arena *arena = large_arena();
  char headers[128];
  (void)snprintf(headers, sizeof headers, "{\"Content-Type\":\"%s\"}", type);
  const http_request request = {.headers = http_json_parse(text_slice_of(headers), arena),
                                .body = guarded(body)};
  return upload_request_from_json(upload, &request, arena);
}

#define ALL \
  "{\"file_name\":\"1\",\"file_type\":\"2\",\"size\":\"3\",\"sha256\":\"4\",\"expires\":\"5\"}"

static const struct {
  const char *name, *body;
  int status;
  const char *text; /* the fields, or how the error's message begins */
} bodies[] = {
    {"nothing", "{}", 0, "-|-|-|-|-"},
    {"all", ALL, 0, "1|2|3|4|5"},
    {"numbers", "{\"size\":13,\"expires\":60}", 0, "-|-|13|-|60"},
    {"zero", "{\"size\":0}", 0, "-|-|0|-|-"},
    {"minus zero", "{\"size\":-0}", 0, "-|-|0|-|-"},
    {"an exponent", "{\"size\":1.5e3}", 0, "-|-|1500|-|-"},
    {"a whole number with a point", "{\"size\":13.0}", 0, "-|-|13|-|-"},
    {"the largest number", "{\"size\":9007199254740991}", 0, "-|-|9007199254740991|-|-"},
    {"nulls", "{\"file_name\":null,\"size\":null}", 0, "-|-|-|-|-"},
    {"unknown ones", "{\"a\":[{}],\"file_name\":\"b\"}", 0, "b|-|-|-|-"},
    {"another case", "{\"File_Name\":\"b\"}", 0, "-|-|-|-|-"},
    {"the first of two", "{\"size\":1,\"size\":2}", 0, "-|-|1|-|-"},
    {"an escaped name", "{\"file_name\":\"\\u00e9\\\"\"}", 0, "\xC3\xA9\"|-|-|-|-"},
    {"an escaped NUL", "{\"file_name\":\"a\\u0000b\"}", 0,
     "a\x01"
     "b|-|-|-|-"},
    {"one past the largest", "{\"size\":9007199254740993}", 400, "size must be a whole number"},
    {"a negative number", "{\"size\":-1}", 400, "size must be a whole number"},
    {"a fraction", "{\"expires\":1.5}", 400, "expires must be a whole number"},
    {"a huge number", "{\"size\":1e400}", 400, "size must be a whole number"},
    {"a truth", "{\"size\":true}", 400, "size must be a whole number"},
    {"an array", "{\"size\":[1]}", 400, "size must be a whole number"},
    {"a number for a name", "{\"file_name\":1}", 400, "file_name must be a text"},
    {"an object for a name", "{\"sha256\":{}}", 400, "sha256 must be a text"},
    {"an array of all", "[" ALL "]", 400, "the body must be a JSON object"},
    {"a text", "\"a\"", 400, "the body must be a JSON object"},
    {"an empty body", "", 400, "the body must be a JSON object"},
    {"a form", "file_name=a", 400, "the body must be a JSON object"},
    {"two objects", "{}{}", 400, "the body must be a JSON object"},
    {"half of a surrogate pair", "{\"file_name\":\"\\ud800\"}", 0, "\xEF\xBF\xBD|-|-|-|-"},
};

TEST(takes_what_a_body_has) {
  for (size_t i = 0; i < COUNT(bodies); i++) {
    upload_request upload;
    const http_error error = from_json(&upload, "application/json", text_slice_of(bodies[i].body));
    CHECK_NUMBER(bodies[i].name, error.status, bodies[i].status);
    if (error.status == 0) {
      CHECK_TEXT(bodies[i].name, written(&upload), bodies[i].text);
    } else {
      CHECK(bodies[i].name, text_slice_starts_with(error.message, text_slice_of(bodies[i].text)));
    }
  }
}

static const struct {
  const char *type;
  bool taken;
} types[] = {
    {"application/json", true},
    {"Application/JSON; charset=utf-8", true},
    {"", false},
    {"text/plain", false},
    {"application/jsonp", false},
    {"text/json", false},
};

TEST(a_body_must_be_said_to_be_json) {
  for (size_t i = 0; i < COUNT(types); i++) {
    upload_request upload;
    const http_error error = from_json(&upload, types[i].type, TEXT_LITERAL("{}"));
    CHECK_NUMBER(types[i].type, error.status, types[i].taken ? 0 : 415);
  }
}

TEST(a_body_without_a_content_type_is_refused) {
  upload_request upload;
  const http_request request = {.body = TEXT_LITERAL("{}")};
  CHECK_NUMBER("none", upload_request_from_json(&upload, &request, large_arena()).status, 415);
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(takes_what_a_query_has),
                cmocka_unit_test(takes_what_a_body_has),
                cmocka_unit_test(a_body_must_be_said_to_be_json),
                cmocka_unit_test(a_body_without_a_content_type_is_refused))
