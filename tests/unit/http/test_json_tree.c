#include "http/json_tree.h"

#include "tests/unit/support.h"

static const cJSON *parse(const char *text) {
  return http_json_parse(guarded_string(text), large_arena());
}

static const struct {
  const char *name, *text;
  bool valid;
} documents[] = {
    {"an object", "{\"a\":[1,2,{}]}", true},
    {"space around", " \r\n\t{} \r\n\t", true},
    {"a number", "1", true},
    {"a string", "\"a\"", true},
    {"null", "null", true},
    {"UTF-8", "\"\xC3\xA9\"", true},
    {"a pair of surrogates", "\"\\ud83d\\ude00\"", true},
    {"nothing", "", false},
    {"space only", "  ", false},
    {"two values", "{}{}", false},
    {"something behind", "{} x", false},
    {"an open object", "{\"a\":1", false},
    {"an open array", "[1,", false},
    {"an open string", "\"a", false},
    {"an open escape", "\"a\\", false},
    {"an open Unicode escape", "\"\\u12", false},
    {"a comma at the end", "[1,]", false},
    {"a name without quotes", "{a:1}", false},
    {"single quotes", "{'a':1}", false},
    {"a comment", "/**/{}", false},
    {"an unknown escape", "\"\\x41\"", false},
    {"a first surrogate alone", "\"\\ud83d\"", true},
    {"a surrogate as a name", "{\"\\ud83d\":1}", true},
    {"a surrogate cut short", "\"\\ud83\"", false},
    {"a surrogate with another digit", "\"\\ud83g\"", false},
    {"an escape without digits", "\"\\u00zz\"", false},
    {"an escape that ends too soon", "\"\\u12\",1", false},
    {"an array with such an escape", "[\"\\u12\",\"\"]", false},
    {"a surrogate outside a text", "[\\ud83d]", false},
    {"NaN", "NaN", false},
    {"a word", "nul", false},
};

TEST(takes_one_whole_value) {
  for (size_t i = 0; i < COUNT(documents); i++) {
    CHECK_NUMBER(documents[i].name, parse(documents[i].text) != NULL, documents[i].valid);
  }
}

/* Of texts without escapes of code units cJSON, by itself, makes the same tree. */
static const char *const alike[] = {
    "{\"a\":\"b\",\"c\":[\"d\",1,\"\",{\"e\":\"f\",\"g\":{}},[],\"h\"],\"i\":\"j\"}",
    "[[[\"a\"],\"b\"],\"c\"]",
    "{\"a\":{\"b\":{\"c\":\"d\"},\"e\":\"f\"},\"g\":\"h\"}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\\\\"",
    "[\"\\\"\",\"\\\\\",\"a\\nb\",\"0123456789abcdef\\\"0123456789abcdef\"]",
    "[\"\x01\x1F\x7F\",\"\xFF\xC3\",\"\xC3\xA9\\t\xE2\x82\xAC\"]",
    "\xEF\xBB\xBF[1]",
    "[1 ,\t2,\r\n3 , 4]",
    "[\x01\x02 1]",
    "[1,22,333,-4.5e-6,1234567890123456789012345678901234567890123456789012345678901234567890]",
    "[true,false,null]",
    "[1 2]",
    " \xEF\xBB\xBF[1]",
    "\xEF\xBB\xBF",
    "[1] \x01",
    "[1]\"\"",
    "\"\"\"\"",
    "{\"\"\"\"}",
    "[\"a\" \"b\"]",
    "{\"a\"}",
    "[tr\"\"ue]",
    "[1\\\"\"]",
    "\"\\",
    "[\"a\\q\"]",
    "\"",
    "[ ",
    "{\"a\": ",
};

/* With an allocator of its own again; null for no JSON. */
static char *as_cjson_has_it(const char *text) {
  const char *end = NULL;
  cJSON_InitHooks(NULL);
  cJSON *tree = cJSON_ParseWithLengthOpts(text, strlen(text), &end, 0);
  char *printed = tree != NULL && end[strspn(end, " \t\r\n")] == '\0' ? cJSON_Print(tree) : NULL;
  cJSON_Delete(tree);
  http_json_setup();
  return printed;
}

static char *as_we_have_it(const char *text) {
  const cJSON *tree = parse(text);
  cJSON_InitHooks(NULL);
  char *printed = tree != NULL ? cJSON_Print(tree) : NULL;
  http_json_setup();
  return printed;
}

TEST(reads_what_cjson_reads) {
  for (size_t i = 0; i < COUNT(alike); i++) {
    char *wanted = as_cjson_has_it(alike[i]);
    char *printed = as_we_have_it(alike[i]);
    CHECK_TEXT(alike[i], text_slice_of(printed), wanted != NULL ? wanted : "");
    CHECK(alike[i], (printed == NULL) == (wanted == NULL));
    cJSON_InitHooks(NULL);
    cJSON_free(printed);
    cJSON_free(wanted);
    http_json_setup();
  }
}

TEST(refuses_a_nul_byte) {
  CHECK("inside", http_json_parse(guarded(TEXT_LITERAL("\"a\0b\"")), large_arena()) == NULL);
  CHECK("behind", http_json_parse(guarded(TEXT_LITERAL("{}\0")), large_arena()) == NULL);
}

static const struct {
  const char *name, *text, *value;
} escapes[] = {
    {"alone", "\"\\u0000\"", "\x01"},
    {"in a text", "\"a\\u0000b\"",
     "a\x01"
     "b"},
    {"two in a row", "\"\\u0000\\u0000\"", "\x01\x01"},
    {"an escaped backslash before the letters", "\"\\\\u0000\"", "\\u0000"},
    {"an escaped backslash and an escape", "\"\\\\\\u0000\"", "\\\x01"},
    {"both", "\"\\\\u0000\\u0000\"", "\\u0000\x01"},
    {"digits behind", "\"\\u00000\"",
     "\x01"
     "0"},
    {"another escape", "\"\\u0001\\u000a\"", "\x01\n"},
};

TEST(reads_an_escaped_nul_as_another_control_character) {
  for (size_t i = 0; i < COUNT(escapes); i++) {
    CHECK_TEXT(escapes[i].name, http_json_text(parse(escapes[i].text)), escapes[i].value);
  }
}

#define REPLACED "\xEF\xBF\xBD" /* U+FFFD */
#define FACE "\xF0\x9F\x98\x80" /* U+1F600 */

static const struct {
  const char *name, *text, *value;
} surrogates[] = {
    {"a first one", "\"\\ud83d\"", REPLACED},
    {"a second one", "\"\\ude00\"", REPLACED},
    {"in upper case", "\"\\uD83D\"", REPLACED},
    {"the lowest", "\"\\ud800\"", REPLACED},
    {"the highest", "\"\\uDFFF\"", REPLACED},
    {"no surrogates", "\"\\ud7ff\\ue000\"", "\xED\x9F\xBF\xEE\x80\x80"},
    {"a pair", "\"\\ud83d\\ude00\"", FACE},
    {"a pair in upper case", "\"\\uD83D\\uDE00\"", FACE},
    {"two pairs", "\"\\ud83d\\ude00\\ud83d\\ude00\"", FACE FACE},
    {"the wrong way round", "\"\\ude00\\ud83d\"", REPLACED REPLACED},
    {"a first one before a pair", "\"\\ud83d\\ud83d\\ude00\"", REPLACED FACE},
    {"a second one behind a pair", "\"\\ud83d\\ude00\\ude00\"", FACE REPLACED},
    {"another escape between", "\"\\ud83d\\u0061\\ude00\"", REPLACED "a" REPLACED},
    {"a NUL behind it", "\"\\ud83d\\u0000\"", REPLACED "\x01"},
    {"a short escape behind it", "\"\\ud83d\\n\"", REPLACED "\n"},
    {"letters around", "\"a\\ud83db\"", "a" REPLACED "b"},
    {"an escaped backslash", "\"\\\\ud83d\"", "\\ud83d"},
    {"an escaped backslash and an escape", "\"\\\\\\ud83d\"", "\\" REPLACED},
    {"a pair that an escaped backslash parts", "\"\\ud83d\\\\ude00\"", REPLACED "\\ude00"},
};

TEST(reads_half_of_a_pair_as_the_replacement_character) {
  for (size_t i = 0; i < COUNT(surrogates); i++) {
    CHECK_TEXT(surrogates[i].name, http_json_text(parse(surrogates[i].text)), surrogates[i].value);
  }
}

TEST(leaves_the_text_that_it_reads_as_it_is) {
  static const char text[] = "[\"\\ud83d\",\"\\u0000\"]";
  const text_slice given = guarded_string(text);
  CHECK("read", http_json_parse(given, large_arena()) != NULL);
  CHECK_TEXT("after", given, text);
}

/* A text of `depth` arrays in one another. */
static bool nests(size_t depth) {
  static char text[8192];
  memset(text, '[', depth);
  memset(text + depth, ']', depth);
  return http_json_parse(guarded((text_slice){text, 2 * depth}), large_arena()) != NULL;
}

TEST(nests_a_thousand_deep_and_no_deeper) {
  CHECK("1000", nests(1000));
  CHECK("1001", !nests(1001));
  CHECK("4000", !nests(4000));
}

TEST(needs_no_more_than_the_arena_has) {
  CHECK("a tree", http_json_parse(guarded_string("[1,2,3,4]"), arena_of(64)) == NULL);
  CHECK("a copy", http_json_parse(guarded_string("\"\\u0000 0123456789\""), arena_of(16)) == NULL);
  CHECK("a pair", http_json_parse(guarded_string("\"\\ud83d 0123456789\""), arena_of(16)) == NULL);
}

TEST(takes_nothing_for_what_is_not_taken) {
  static const char *const texts[] = {"[1,2,3,4,", "\"\\u0000\" x", "{} x"};
  for (size_t i = 0; i < COUNT(texts); i++) {
    text_arena *arena = large_arena();
    const text_slice before = text_arena_copy(arena, TEXT_LITERAL("before"));
    const size_t used_bytes = arena->used_bytes;
    CHECK(texts[i], http_json_parse(guarded_string(texts[i]), arena) == NULL);
    CHECK_NUMBER(texts[i], arena->used_bytes, used_bytes);
    CHECK_TEXT(texts[i], before, "before");
  }
}

TEST(a_member_is_found_by_its_exact_name) {
  const cJSON *object = parse("{\"name\":\"a\",\"Name\":\"b\",\"name\":\"c\",\"\":\"d\"}");
  CHECK_TEXT("the first of two", http_json_text(http_json_member(object, "name")), "a");
  CHECK_TEXT("another case", http_json_text(http_json_member(object, "Name")), "b");
  CHECK_TEXT("an empty name", http_json_text(http_json_member(object, "")), "d");
  CHECK("missing", http_json_member(object, "nam") == NULL);
}

TEST(only_an_object_has_members) {
  CHECK("null", http_json_member(NULL, "a") == NULL);
  CHECK("an array", http_json_member(parse("[\"a\"]"), "a") == NULL);
  CHECK("a text", http_json_member(parse("\"a\""), "a") == NULL);
}

TEST(only_a_string_has_text) {
  static const char *const others[] = {"1", "null", "true", "[\"a\"]", "{\"a\":\"b\"}"};
  for (size_t i = 0; i < COUNT(others); i++) {
    CHECK(others[i], http_json_text(parse(others[i])).data == NULL);
  }
  CHECK("null", http_json_text(NULL).data == NULL);
  CHECK("an empty one", http_json_text(parse("\"\"")).data != NULL);
}

/* What is read is written as it was, without spaces. */
static const struct {
  const char *json, *written;
} texts[] = {
    {"{}", NULL},
    {"[]", NULL},
    {"true", NULL},
    {"\"a\"", NULL},
    {"{\"a\":[],\"b\":{},\"c\":[{}]}", NULL},
    {"{\"a\":[1,[2,[3]],{\"b\":null,\"c\":[true,false]}],\"d\":\"e\"}", NULL},
    {" { \"a\" : [ 1 , -2 ] } ", "{\"a\":[1,-2]}"},
    {"[9007199254740991,-9007199254740991,0,0.5]", NULL},
    {"[1e300,1.25e2]", "[1.0000000000000001e+300,125]"},
    {"[1e999,-1e999]", "[null,null]"},
    {"[\"\\u00fc\\n\\\"\\\\\"]", "[\"\xC3\xBC\\n\\\"\\\\\"]"},
};

TEST(writes_what_it_read) {
  for (size_t i = 0; i < COUNT(texts); i++) {
    text_buffer json = buffer_of(256);
    http_json_append(&json, http_json_parse(guarded_string(texts[i].json), large_arena()));
    CHECK_TEXT(texts[i].json, text_buffer_slice(&json),
               texts[i].written != NULL ? texts[i].written : texts[i].json);
    CHECK(texts[i].json, !json.overflowed);
  }
}

static bool is_written(size_t depth) {
  char text[256];
  memset(text, '[', depth);
  memset(text + depth, ']', depth);
  text_buffer json = buffer_of(256);
  http_json_append(&json, http_json_parse((text_slice){text, 2 * depth}, large_arena()));
  return !json.overflowed;
}

TEST(writes_no_deeper_than_32) {
  CHECK("33", is_written(33)); /* the innermost has nothing in it */
  CHECK("34", !is_written(34));
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(writes_what_it_read),
                cmocka_unit_test(writes_no_deeper_than_32), cmocka_unit_test(takes_one_whole_value),
                cmocka_unit_test(reads_what_cjson_reads), cmocka_unit_test(refuses_a_nul_byte),
                cmocka_unit_test(reads_an_escaped_nul_as_another_control_character),
                cmocka_unit_test(reads_half_of_a_pair_as_the_replacement_character),
                cmocka_unit_test(leaves_the_text_that_it_reads_as_it_is),
                cmocka_unit_test(nests_a_thousand_deep_and_no_deeper),
                cmocka_unit_test(needs_no_more_than_the_arena_has),
                cmocka_unit_test(takes_nothing_for_what_is_not_taken),
                cmocka_unit_test(a_member_is_found_by_its_exact_name),
                cmocka_unit_test(only_an_object_has_members),
                cmocka_unit_test(only_a_string_has_text))
