#include "http/json_outline.h"

#include "tests/unit/support.h"

enum { STRINGS_MAX = 4 };

static const struct {
  const char *name, *text, *outline;
  const char *strings[STRINGS_MAX];
} rows[] = {
    {"no string", "[1,true]", "[1,true]", {NULL}},
    {"an empty one", "\"\"", "\"\"", {""}},
    {"names and texts", "{\"a\":\"b\",\"c\":1}", "{\"\":\"\",\"\":1}", {"a", "b", "c"}},
    {"spaces", " [\n\t\"  a  \" ,\r\n 1 2]", " [\n\"\" ,\r1 2]", {"  a  "}},
    {"what is structure elsewhere", "[\"[{\",\"}],:\"]", "[\"\",\"\"]", {"[{", "}],:"}},
    {"escapes", "[\"\\\"\\\\\\/\",\"\\b\\f\\n\\r\\t\"]", "[\"\",\"\"]", {"\"\\/", "\b\f\n\r\t"}},
    {"an escape between letters",
     "\"0123456789abcdef\\n0123456789abcdef\"",
     "\"\"",
     {"0123456789abcdef\n0123456789abcdef"}},
    {"a quote at the end", "[\"a\\\"\",\"b\"]", "[\"\",\"\"]", {"a\"", "b"}},
    {"code units",
     "\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"",
     "\"\"",
     {"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"}},
    {"a control character", "\"a\x01\n\"", "\"\"", {"a\x01\n"}},
    {"no UTF-8", "\"\xFF\xC3\"", "\"\"", {"\xFF\xC3"}},
    {"what is no JSON", "x \"a\" \\", "x \"\" \\", {"a"}},
    {"an open string", "[\"a", NULL, {NULL}},
    {"a quote alone", "\"", NULL, {NULL}},
    {"an open escape", "\"a\\", NULL, {NULL}},
    {"an escaped quote alone", "\"\\\"", NULL, {NULL}},
    {"an unknown escape", "\"\\x41\"", NULL, {NULL}},
    {"a code unit that ends too soon", "\"\\u12\"", NULL, {NULL}},
    {"no digits", "\"\\u00zz\"", NULL, {NULL}},
};

static text_slice string_of(const http_json_outline *outline, size_t number) {
  return (text_slice){outline->strings[number].data, outline->strings[number].size};
}

TEST(takes_the_strings_out) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    http_json_outline outline;
    const bool made = http_json_outline_make(&outline, guarded_string(rows[i].text), large_arena());
    CHECK_NUMBER(rows[i].name, made, rows[i].outline != NULL);
    if (made) {
      CHECK_TEXT(rows[i].name, outline.text, rows[i].outline);
    }
    for (size_t n = 0; n < STRINGS_MAX && rows[i].strings[n] != NULL; n++) {
      CHECK_TEXT(rows[i].name, string_of(&outline, n), rows[i].strings[n]);
      CHECK_NUMBER(rows[i].name, outline.strings[n].data[outline.strings[n].size], '\0');
    }
  }
}

TEST(has_no_nul_byte) {
  http_json_outline outline;
  CHECK("outside", !http_json_outline_make(&outline, guarded(TEXT_LITERAL("[\0]")), large_arena()));
  CHECK("in a string",
        !http_json_outline_make(&outline, guarded(TEXT_LITERAL("\"\0\"")), large_arena()));
  CHECK("behind an escape",
        !http_json_outline_make(&outline, guarded(TEXT_LITERAL("\"\\\0\"")), large_arena()));
}

/* Wherever the arena ends, it is kept to. */
TEST(needs_room_for_all_of_it) {
  const text_slice text = guarded_string("[\"a\",\"b\",\"c\"]");
  http_json_outline outline;
  size_t size = 0;
  while (!http_json_outline_make(&outline, text, arena_of(size))) {
    size += 16;
  }
  CHECK("some", size >= 2 * text.size + 3 * sizeof(http_json_string));
  CHECK_TEXT("the last", string_of(&outline, 2), "c");
}

RUN_TESTS(cmocka_unit_test(takes_the_strings_out), cmocka_unit_test(has_no_nul_byte),
          cmocka_unit_test(needs_room_for_all_of_it))
