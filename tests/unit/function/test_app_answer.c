/* What the app answers: it may refuse, narrow and add, and whatever else it says lets nothing in.
 */
#include "function/admission/app_answer.h"

#include <stdio.h>

#include "function/config/config_rules.h"
#include "tests/unit/support.h"

static upload_rules rules;
static upload_metadata metadata;
static app_answer answer;

/* Null, or what has no meaning. */
static const char *read_answer(const char *body) {
  text_arena *arena = large_arena();
  http_json_setup();
  rules = config_rules_default();
  rules.max_bytes = 1000;
  rules.tags = TEXT_LITERAL("source=web");
  metadata = (upload_metadata){.list = {{TEXT_LITERAL("x-amz-meta-a"), TEXT_LITERAL("client")}},
                               .texts = {TEXT_LITERAL("client")},
                               .count = 1,
                               .size_bytes = sizeof "x-amz-meta-aclient" - 1};
  const app_answer_target target = {&rules, &metadata};
  return app_answer_read(&answer, &target, guarded_string(body), TEXT_LITERAL("uploads/"), arena);
}

TEST(lets_in_and_changes_nothing_by_itself) {
  CHECK("problem", read_answer("{\"allow\":true,\"anything\":[1],\"max_bytes\":null,\"types\":null,"
                               "\"expires_seconds\":null,\"metadata\":null,\"tags\":null,\"key\":"
                               "null,\"message\":null}") == NULL);
  CHECK("allowed", answer.is_allowed);
  CHECK_NUMBER("key", answer.key.size, 0);
  CHECK_NUMBER("cap", rules.max_bytes, 1000);
  CHECK_NUMBER("lists", rules.types_count, 1);
  CHECK_NUMBER("metadata", metadata.count, 1);
  CHECK_TEXT("tags", rules.tags, "source=web");
}

TEST(narrows_and_never_widens) {
  CHECK("less", read_answer("{\"allow\":true,\"max_bytes\":10,\"types\":[\"image/*\",\"a/b\"],"
                            "\"expires_seconds\":60}") == NULL);
  CHECK_NUMBER("cap", rules.max_bytes, 10);
  CHECK_TEXT("types", rules.types[1], "image/*,a/b");
  CHECK_NUMBER("lifetime", rules.expires_seconds, 60);
  CHECK("more",
        read_answer("{\"allow\":true,\"max_bytes\":\"2000\",\"expires_seconds\":301}") == NULL);
  CHECK_NUMBER("cap", rules.max_bytes, 1000);
  CHECK_NUMBER("lifetime", rules.expires_seconds, 300);
}

TEST(adds_metadata_and_tags) {
  CHECK("problem", read_answer("{\"allow\":true,\"metadata\":{\"A\":\"app\",\"user\":42,\"c\":"
                               "null},\"tags\":{\"scan\":\"y s/+\",\"\xC3\xBC\":\"\"}}") == NULL);
  CHECK_NUMBER("metadata", metadata.count, 2);
  CHECK_TEXT("replaced", metadata.list[0].value, "app");
  CHECK_TEXT("replaced", metadata.texts[0], "app");
  CHECK_TEXT("added", metadata.list[1].name, "x-amz-meta-user");
  CHECK_TEXT("added", metadata.list[1].value, "42");
  CHECK_NUMBER("size", metadata.size_bytes, strlen("x-amz-meta-aappx-amz-meta-user42"));
  CHECK_TEXT("tags", rules.tags, "source=web&scan=y%20s%2F%2B&%C3%BC=");
}

static const struct {
  const char *given, *key;
} keys[] = {
    {"users/42/a b.png", "uploads/users/42/a b.png"},
    {"uploads/users/42", "uploads/users/42"},
    {"uploads", "uploads/uploads"},
    {"\xC3\xBC", "uploads/\xC3\xBC"},
};

TEST(names_the_key_behind_what_each_begins_with) {
  char body[256];
  for (size_t i = 0; i < COUNT(keys); i++) {
    (void)snprintf(body, sizeof body, "{\"allow\":true,\"key\":\"%s\"}", keys[i].given);
    CHECK(body, read_answer(body) == NULL);
    CHECK_TEXT(body, answer.key, keys[i].key);
  }
}

#define USUAL_REFUSAL "the app does not allow this upload"
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define BYTES_500 FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY

static const struct {
  const char *body, *message;
} refusals[] = {
    {"{\"allow\":false}", USUAL_REFUSAL},
    {"{\"allow\":false,\"message\":\"Only members may. \xC3\xBC <b>\"}",
     "Only members may. \xC3\xBC <b>"},
    {"{\"allow\":false,\"message\":\"\"}", USUAL_REFUSAL},
    {"{\"allow\":false,\"message\":7}", USUAL_REFUSAL},
    {"{\"allow\":false,\"message\":\"a\\nb\"}", USUAL_REFUSAL},
    {"{\"allow\":false,\"message\":\"a\\u0000b\"}", USUAL_REFUSAL},
    {"{\"allow\":false,\"message\":\"" BYTES_500 TEN "ab\"}", BYTES_500 TEN "ab"},
    {"{\"allow\":false,\"message\":\"" BYTES_500 TEN "abc\"}", USUAL_REFUSAL},
    {"{\"allow\":false,\"max_bytes\":\"nonsense\"}", USUAL_REFUSAL},
};

TEST(refuses_in_the_apps_own_words) {
  for (size_t i = 0; i < COUNT(refusals); i++) {
    CHECK(refusals[i].body, read_answer(refusals[i].body) == NULL);
    CHECK(refusals[i].body, !answer.is_allowed);
    CHECK_TEXT(refusals[i].body, answer.message, refusals[i].message);
  }
}

static const char *const nonsense[] = {
    "",
    "true",
    "null",
    "[]",
    "{}",
    "{\"allow\":1}",
    "{\"allow\":\"true\"}",
    "{\"allow\":null}",
    "{\"Allow\":true}",
    "{\"allow\":true",
    "{\"allow\":true}}",
    "<html></html>",
    "{\"allow\":true,\"allow\":false}",
    "{\"allow\":true,\"max_bytes\":10,\"max_bytes\":1}",
    "{\"allow\":true,\"types\":[\"\",\"a/b\"]}",
    "{\"allow\":true,\"max_bytes\":0}",
    "{\"allow\":true,\"max_bytes\":-1}",
    "{\"allow\":true,\"max_bytes\":\"1 MB\"}",
    "{\"allow\":true,\"types\":[]}",
    "{\"allow\":true,\"types\":\"image\"}",
    "{\"allow\":true,\"expires_seconds\":0}",
    "{\"allow\":true,\"metadata\":[]}",
    "{\"allow\":true,\"metadata\":{\"a b\":\"c\"}}",
    "{\"allow\":true,\"metadata\":{\"a\":{}}}",
    "{\"allow\":true,\"metadata\":{\"a\":\"" BYTES_500 BYTES_500 BYTES_500 BYTES_500 FIFTY "\"}}",
    "{\"allow\":true,\"tags\":\"a=b\"}",
    "{\"allow\":true,\"tags\":[\"a\"]}",
    "{\"allow\":true,\"tags\":{\"a\":1}}",
    "{\"allow\":true,\"tags\":{\"source\":\"app\"}}",
    "{\"allow\":true,\"tags\":{\"\":\"a\"}}",
    "{\"allow\":true,\"tags\":{\"aws:a\":\"a\"}}",
    "{\"allow\":true,\"tags\":{\"a\":\"!\"}}",
    "{\"allow\":true,\"key\":\"\"}",
    "{\"allow\":true,\"key\":7}",
    "{\"allow\":true,\"key\":\"uploads/\"}",
    "{\"allow\":true,\"key\":\"/etc/passwd\"}",
    "{\"allow\":true,\"key\":\"../other\"}",
    "{\"allow\":true,\"key\":\"uploads/../other\"}",
    "{\"allow\":true,\"key\":\"a/./b\"}",
    "{\"allow\":true,\"key\":\"a\\nb\"}",
    "{\"allow\":true,\"key\":\"a\\u0000b\"}",
    "{\"allow\":true,\"key\":\"\xFF\"}",
    "{\"allow\":true,\"key\":\"" BYTES_500 BYTES_500 TEN "0123456\"}",
};

TEST(lets_nothing_in_by_an_answer_without_a_meaning) {
  for (size_t i = 0; i < COUNT(nonsense); i++) {
    CHECK(nonsense[i], read_answer(nonsense[i]) != NULL);
  }
}

TEST(needs_its_memory) {
  static const char body[] =
      "{\"allow\":true,\"types\":[\"a/b\"],\"metadata\":{\"b\":\"c\"},\"tags\":{\"a\":\"b\"},"
      "\"key\":\"k\"}";
  CHECK("fits", read_answer(body) == NULL);
  for (size_t size = 0; size < 1024; size += 16) {
    rules = config_rules_default();
    metadata = (upload_metadata){.count = 0};
    const app_answer_target target = {&rules, &metadata};
    const char *problem = app_answer_read(&answer, &target, TEXT_LITERAL(body),
                                          TEXT_LITERAL("uploads/"), arena_of(size));
    CHECK("whole or not", problem != NULL || (rules.tags.size > 0 && metadata.count == 1 &&
                                              rules.types_count == 2 && answer.key.size > 0));
  }
}

RUN_TESTS(cmocka_unit_test(lets_in_and_changes_nothing_by_itself),
          cmocka_unit_test(narrows_and_never_widens), cmocka_unit_test(adds_metadata_and_tags),
          cmocka_unit_test(names_the_key_behind_what_each_begins_with),
          cmocka_unit_test(refuses_in_the_apps_own_words),
          cmocka_unit_test(lets_nothing_in_by_an_answer_without_a_meaning),
          cmocka_unit_test(needs_its_memory))
