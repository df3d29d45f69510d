/* What an authorizer may say of a request: it narrows, never widens, and nothing without a meaning
 * passes. */
#include "function/admission/authorizer_limits.h"

#include <stdio.h>

#include "function/config/config_rules.h"
#include "tests/unit/support.h"

static upload_rules rules;
static const char *claim;

/* `context` is what a Lambda authorizer gave. */
static int apply(const char *context) {
  char json[1024];
  (void)snprintf(json, sizeof json, "{\"authorizer\":{\"lambda\":%s}}", context);
  text_arena *arena = large_arena();
  http_json_setup();
  const http_claims caller = {http_json_parse(text_slice_of(json), arena)};
  CHECK(context, caller.context != NULL);
  rules = config_rules_default();
  rules.profile = TEXT_LITERAL("avatar");
  rules.max_bytes = 1000;
  claim = NULL;
  if (!authorizer_limits_are_said(&caller)) {
    return -1;
  }
  return authorizer_limits_apply(&rules, &caller, &claim, arena).status;
}

TEST(says_nothing_of_most_callers) {
  CHECK_NUMBER("none", apply("{\"sub\":\"ann\"}"), -1);
  CHECK_NUMBER("null", apply("null"), -1);
}

TEST(narrows_in_each_form) {
  CHECK_NUMBER("number", apply("{\"uploadMaxBytes\":10}"), 0);
  CHECK_NUMBER("number", rules.max_bytes, 10);
  CHECK_NUMBER("text", apply("{\"uploadMaxBytes\":\"10\",\"uploadExpiresSeconds\":\"60\"}"), 0);
  CHECK_NUMBER("text", rules.max_bytes, 10);
  CHECK_NUMBER("text", rules.expires_seconds, 60);
  CHECK_NUMBER("types", apply("{\"uploadTypes\":\"image/*, text/plain\"}"), 0);
  CHECK_NUMBER("lists", rules.types_count, 2);
  CHECK_TEXT("types", rules.types[1], "image/*, text/plain");
  CHECK_NUMBER("list", apply("{\"uploadTypes\":[\"image/*\",\"text/plain\"]}"), 0);
  CHECK_TEXT("list", rules.types[1], "image/*,text/plain");
  CHECK_NUMBER("profiles", apply("{\"uploadProfiles\":\"video, avatar\"}"), 0);
  CHECK_NUMBER("profiles", apply("{\"uploadProfiles\":[\"avatar\"]}"), 0);
}

TEST(never_widens) {
  CHECK_NUMBER("status", apply("{\"uploadMaxBytes\":2000,\"uploadExpiresSeconds\":400}"), 0);
  CHECK_NUMBER("cap", rules.max_bytes, 1000);
  CHECK_NUMBER("lifetime", rules.expires_seconds, 300);
}

TEST(refuses_what_has_no_meaning) {
  static const char *const values[] = {"null", "0",  "-1", "1.5",   "\"\"", "\"10 MB\"",
                                       "true", "[]", "{}", "1e300", "[10]"};
  static const char *const lists[] = {
      "null",      "0",      "\"\"",      "\" \"",       "true",
      "[]",        "[\"\"]", "[1]",       "{}",          "[\"image/*\",null]",
      "\"image\"", "\",\"",  "\"[a b]\"", "\"image/*,\""};
  char context[128];
  for (size_t i = 0; i < COUNT(values); i++) {
    (void)snprintf(context, sizeof context, "{\"uploadMaxBytes\":%s}", values[i]);
    CHECK_NUMBER(context, apply(context), 500);
    CHECK(context, strcmp(claim, "uploadMaxBytes") == 0);
    (void)snprintf(context, sizeof context, "{\"uploadExpiresSeconds\":%s}", values[i]);
    CHECK_NUMBER(context, apply(context), 500);
    CHECK(context, strcmp(claim, "uploadExpiresSeconds") == 0);
  }
  for (size_t i = 0; i < COUNT(lists); i++) {
    (void)snprintf(context, sizeof context, "{\"uploadTypes\":%s}", lists[i]);
    CHECK_NUMBER(context, apply(context), 500);
    CHECK(context, strcmp(claim, "uploadTypes") == 0);
    (void)snprintf(context, sizeof context, "{\"uploadProfiles\":%s}", lists[i]);
    /* "image" is a name, though none of this caller's. */
    CHECK_NUMBER(context, apply(context), strstr(context, "\"image\"") != NULL ? 403 : 500);
    CHECK(context, strcmp(claim, "uploadProfiles") == 0);
  }
}

TEST(refuses_a_profile_that_is_none_of_the_callers) {
  CHECK_NUMBER("other", apply("{\"uploadProfiles\":\"video\"}"), 403);
  CHECK_NUMBER("part", apply("{\"uploadProfiles\":\"avatars,avata\"}"), 403);
  CHECK_NUMBER("more", apply("{\"uploadProfiles\":[\"avatar-2\"]}"), 403);
  CHECK_NUMBER("null", apply("{\"uploadProfiles\":null}"), 500);
  CHECK("claim", strcmp(claim, "uploadProfiles") == 0);
}

RUN_TESTS(cmocka_unit_test(says_nothing_of_most_callers), cmocka_unit_test(narrows_in_each_form),
          cmocka_unit_test(never_widens), cmocka_unit_test(refuses_what_has_no_meaning),
          cmocka_unit_test(refuses_a_profile_that_is_none_of_the_callers))
