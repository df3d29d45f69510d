#include "http/event_query.h"

#include "tests/unit/support.h"

/* The parameters, written as name=value with a line end behind each. */
static text_slice written(const http_request *request) {
  text_buffer text = buffer_of(4096);
  for (size_t i = 0; i < request->query_count; i++) {
    text_buffer_append(&text, request->query[i].name);
    text_buffer_append_byte(&text, '=');
    text_buffer_append(&text, request->query[i].value);
    text_buffer_append_byte(&text, '\n');
  }
  return text_buffer_slice(&text);
}

static const struct {
  const char *name, *raw, *parameters;
} texts[] = {
    {"nothing", "", ""},
    {"one", "a=b", "a=b\n"},
    {"several, in their order", "b=1&a=2&b=3", "b=1\na=2\nb=3\n"},
    {"no value", "a", "a=\n"},
    {"an empty value", "a=", "a=\n"},
    {"no name", "=b", "=b\n"},
    {"an equals sign in the value", "a=b=c", "a=b=c\n"},
    {"empty ones", "&&a=b&&", "a=b\n"},
    {"decoded", "a%3Db+c=%26%2B+%C3%A9", "a=b c=&+ \xC3\xA9\n"},
    {"decoded after it is split", "a=b%26c%3Dd", "a=b&c=d\n"},
    {"not UTF-8", "a=%FF", "a=\xFF\n"},
    {"a semicolon", "a=b;c=d", "a=b;c=d\n"},
};

TEST(takes_a_query_string_apart) {
  for (size_t i = 0; i < COUNT(texts); i++) {
    http_request request = {0};
    CHECK(texts[i].name,
          http_event_query_from_text(&request, guarded_string(texts[i].raw), large_arena()));
    CHECK_TEXT(texts[i].name, written(&request), texts[i].parameters);
  }
}

static const struct {
  const char *name, *map, *plain, *decoded;
} maps[] = {
    {"nothing", "{}", "", ""},
    {"texts", "{\"a\":\"b\",\"c\":\"\"}", "a=b\nc=\n", "a=b\nc=\n"},
    {"arrays", "{\"a\":[\"1\",\"2\"],\"b\":[\"3\"],\"c\":[]}", "a=1\na=2\nb=3\n",
     "a=1\na=2\nb=3\n"},
    {"a text and an array", "{\"a\":\"1\",\"b\":[\"2\",\"3\"],\"c\":\"4\"}", "a=1\nb=2\nb=3\nc=4\n",
     "a=1\nb=2\nb=3\nc=4\n"},
    {"encoded ones", "{\"a%20b\":\"c%2Bd+e\"}", "a%20b=c%2Bd+e\n", "a b=c+d e\n"},
    {"no texts", "{\"a\":null,\"b\":[1,{}],\"c\":true}", "", ""},
    {"arrays in arrays", "{\"a\":[[\"1\"],\"2\"]}", "a=2\n", "a=2\n"},
    {"an empty name", "{\"\":\"a\"}", "=a\n", "=a\n"},
    {"an array", "[\"a\"]", "", ""},
    {"null", "null", "", ""},
};

TEST(takes_an_object_apart) {
  for (size_t i = 0; i < COUNT(maps); i++) {
    text_arena *arena = large_arena();
    const cJSON *map = http_json_parse(guarded_string(maps[i].map), arena);
    http_request plain = {0};
    http_request decoded = {0};
    CHECK(maps[i].name, http_event_query_from_map(&plain, map, false, arena));
    CHECK_TEXT(maps[i].name, written(&plain), maps[i].plain);
    CHECK(maps[i].name, http_event_query_from_map(&decoded, map, true, arena));
    CHECK_TEXT(maps[i].name, written(&decoded), maps[i].decoded);
  }
}

TEST(a_missing_object_is_an_empty_query) {
  http_request request = {0};
  CHECK("null", http_event_query_from_map(&request, NULL, true, large_arena()));
  CHECK_NUMBER("null", request.query_count, 0);
}

TEST(says_so_when_there_is_no_room) {
  http_request request = {0};
  CHECK("no pairs", !http_event_query_from_text(&request, TEXT_LITERAL("a=b"), arena_of(16)));
  request = (http_request){0};
  CHECK("no value",
        !http_event_query_from_text(&request, TEXT_LITERAL("a=0123456789ab%63def"), arena_of(48)));
}

TEST(copies_only_what_decoding_changes) {
  static const char *const copied[] = {"a%62=b", "a=+", "a=%", "a=", "a"};
  const text_slice plain = guarded_string("a=0123456789");
  http_request request = {0};
  CHECK("plain", http_event_query_from_text(&request, plain, arena_of(sizeof(text_pair))));
  CHECK_TEXT("plain", request.query[0].value, "0123456789");
  CHECK("in its place", request.query[0].value.data == plain.data + 2);
  for (size_t i = 0; i < COUNT(copied); i++) {
    request = (http_request){0};
    CHECK(copied[i], !http_event_query_from_text(&request, guarded_string(copied[i]),
                                                 arena_of(sizeof(text_pair))));
  }
}

TEST(says_so_when_there_is_no_room_for_an_object) {
  /* The tree is in its own arena, which stays as it is. */
  static alignas(16) char memory[4096];
  text_arena tree;
  text_arena_init(&tree, memory, sizeof memory);
  const cJSON *map = http_json_parse(TEXT_LITERAL("{\"a\":\"0123456789+abcdef\"}"), &tree);
  http_request request = {0};
  CHECK("no pairs", !http_event_query_from_map(&request, map, false, arena_of(16)));
  request = (http_request){0};
  CHECK("no value", !http_event_query_from_map(&request, map, true, arena_of(48)));
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(takes_a_query_string_apart),
                cmocka_unit_test(takes_an_object_apart),
                cmocka_unit_test(a_missing_object_is_an_empty_query),
                cmocka_unit_test(says_so_when_there_is_no_room),
                cmocka_unit_test(copies_only_what_decoding_changes),
                cmocka_unit_test(says_so_when_there_is_no_room_for_an_object))
