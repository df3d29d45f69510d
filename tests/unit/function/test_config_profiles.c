/* The profiles: what they start from, what they may set, and each thing that can be wrong. */
#include "environment.h"
#include "tests/unit/support.h"

static upload_config config;

static const char *read_profiles(const char *json) {
  environment_set("UPLOAD_PROFILES", json);
  return environment_read(&config, large_arena());
}

TEST(start_from_the_deployments_rules) {
  environment_reset();
  environment_set("UPLOAD_MAX_BYTES", "1000");
  environment_set("UPLOAD_REQUIRE", "size");
  environment_set("UPLOAD_TAGS", "source=web");
  assert_null(read_profiles("{\"avatar\":{\"types\":\"image/*\",\"max_bytes\":10},\"a_b-9\":{}}"));
  CHECK_NUMBER("profiles", config.profile_count, 2);
  const upload_rules *avatar = &config.profiles[0];
  CHECK_TEXT("name", avatar->profile, "avatar");
  CHECK_TEXT("key", avatar->key_template, "uploads/avatar/{id}/{name}");
  CHECK_TEXT("types", avatar->types[0], "image/*");
  CHECK_NUMBER("lists", avatar->types_count, 1);
  CHECK_NUMBER("cap", avatar->max_bytes, 10);
  CHECK("size", avatar->require_size && !avatar->require_sha256);
  CHECK_TEXT("tags", avatar->tags, "source=web");
  const upload_rules *other = &config.profiles[1];
  CHECK_TEXT("key", other->key_template, "uploads/a_b-9/{id}/{name}");
  CHECK_TEXT("types", other->types[0], "*/*");
  CHECK_NUMBER("cap", other->max_bytes, 1000);
  CHECK_NUMBER("the deployment's cap", config.rules.max_bytes, 1000);
}

TEST(may_set_each_of_the_rules) {
  environment_reset();
  environment_set("UPLOAD_REQUIRE", "size");
  assert_null(read_profiles(
      "{\"p\":{\"key\":\"uploads/{claim:sub}/{name}\",\"expires_seconds\":\"60\",\"max_bytes\":"
      "53687091200,\"types\":\"a/b, c/*\",\"require\":\"sha256\",\"overwrite\":\"deny\",\"form\":"
      "\"put\",\"downloads\":\"on\",\"tags\":\"a=b\",\"disposition\":\"attachment\","
      "\"cache_control\":\"no-store\"}}"));
  const upload_rules *rules = &config.profiles[0];
  CHECK_TEXT("key", rules->key_template, "uploads/{claim:sub}/{name}");
  CHECK_NUMBER("lifetime", rules->expires_seconds, 60);
  CHECK_NUMBER("cap", rules->max_bytes, 53687091200);
  CHECK_TEXT("types", rules->types[0], "a/b, c/*");
  CHECK("switches", !rules->require_size && rules->require_sha256 && rules->deny_overwrite &&
                        rules->form_is_put && rules->downloads);
  CHECK_TEXT("tags", rules->tags, "a=b");
  CHECK_TEXT("disposition", rules->disposition, "attachment");
  CHECK_TEXT("caching", rules->cache_control, "no-store");
}

TEST(stand_behind_what_the_key_begins_with) {
  static const struct {
    const char *key, *derived;
  } rows[] = {{"{id}/{name}", "p/{id}/{name}"},
              {"in/b-{name}", "in/b-p/{name}"},
              {"in/{claim:sub}/{name}", "in/p/{claim:sub}/{name}"}};
  environment_reset();
  for (size_t i = 0; i < COUNT(rows); i++) {
    environment_set("UPLOAD_KEY", rows[i].key);
    assert_null(read_profiles("{\"p\":{}}"));
    CHECK_TEXT(rows[i].key, config.profiles[0].key_template, rows[i].derived);
  }
}

#define NAME_OF_33 "abcdefghijklmnopqrstuvwxyz0123456"

static const struct {
  const char *json, *problem;
} bad[] = {
    {"avatar", "UPLOAD_PROFILES: must be a JSON object"},
    {"[]", "UPLOAD_PROFILES: must be a JSON object"},
    {"{}", "UPLOAD_PROFILES: must be a JSON object"},
    {"{\"a\":{}", "UPLOAD_PROFILES: must be a JSON object"},
    {"{\"a\":\"b\"}", "UPLOAD_PROFILES: a: must be an object"},
    {"{\"\":{}}", "UPLOAD_PROFILES: : a profile's name must"},
    {"{\"Avatar\":{}}", "UPLOAD_PROFILES: Avatar: a profile's name must"},
    {"{\"" NAME_OF_33 "\":{}}", "UPLOAD_PROFILES: " NAME_OF_33 ": a profile's name must"},
    {"{\"a/b\":{}}", "UPLOAD_PROFILES: a/b: a profile's name must"},
    {"{\"a\\nb\":{}}", "UPLOAD_PROFILES: a\\nb: a profile's name must"},
    {"{\"s3\":{}}", "UPLOAD_PROFILES: s3: is a word of the service's own paths"},
    {"{\"confirm\":{}}", "UPLOAD_PROFILES: confirm: is a word of the service's own paths"},
    {"{\"a\":{},\"a\":{}}", "UPLOAD_PROFILES: a: is given more than once"},
    {"{\"a\":{\"max_bytes\":1,\"max_bytes\":2}}", "UPLOAD_PROFILES: a.max_bytes: is given more"},
    {"{\"a\":{\"size\":1}}", "UPLOAD_PROFILES: a.size: is none of key, expires_seconds"},
    {"{\"a\":{\"MAX_BYTES\":1}}", "UPLOAD_PROFILES: a.MAX_BYTES: is none of"},
    {"{\"a\":{\"\":1}}", "UPLOAD_PROFILES: a.: is none of"},
    {"{\"a\":{\"max_bytes\":0}}", "UPLOAD_PROFILES: a.max_bytes: must be a number"},
    {"{\"a\":{\"max_bytes\":1.5}}", "UPLOAD_PROFILES: a.max_bytes: must be a text or a whole"},
    {"{\"a\":{\"max_bytes\":null}}", "UPLOAD_PROFILES: a.max_bytes: must be a text or a whole"},
    {"{\"a\":{\"downloads\":true}}", "UPLOAD_PROFILES: a.downloads: must be a text or a whole"},
    {"{\"a\":{\"types\":[\"a/b\"]}}", "UPLOAD_PROFILES: a.types: must be a text or a whole"},
    {"{\"a\":{\"types\":\" \"}}", "UPLOAD_PROFILES: a.types: must not be empty"},
    {"{\"a\":{\"key\":\"x/{id}\"}}", "UPLOAD_PROFILES: a.key: must begin with what UPLOAD_KEY has"},
    {"{\"a\":{\"key\":\"uploads/x\"}}", "UPLOAD_PROFILES: a.key: must have {id} or {name}"},
    {"{\"a\":{\"key\":\"uploads/{id}/{name}\"},\"b\":{\"key\":\"uploads/{claim:sub}/{name}\"}}",
     "UPLOAD_PROFILES: b.key: may make a key that another profile makes"},
};

TEST(tell_what_is_wrong_by_profile_and_member) {
  environment_reset();
  for (size_t i = 0; i < COUNT(bad); i++) {
    const char *problem = read_profiles(bad[i].json);
    CHECK(bad[i].json, problem != NULL);
    if (strncmp(problem, bad[i].problem, strlen(bad[i].problem)) != 0) {
      fail_msg("%s: %s", bad[i].json, problem);
    }
    CHECK(bad[i].json, strchr(problem, '\n') == NULL);
  }
}

TEST(tell_all_that_is_wrong_at_once) {
  environment_reset();
  const char *problems = read_profiles("{\"a\":{\"max_bytes\":0,\"types\":\"x\"},\"B\":{}}");
  assert_non_null(problems);
  size_t lines = 1;
  for (const char *at = strchr(problems, '\n'); at != NULL; at = strchr(at + 1, '\n')) {
    lines++;
  }
  CHECK_NUMBER("lines", lines, 3);
}

/* A key that is too long once the profile is in it. */
TEST(have_keys_of_their_own_checked) {
  char key[513];
  memset(key, 'a', sizeof key);
  memcpy(key + 500, "/{id}/{name}", sizeof "/{id}/{name}");
  environment_reset();
  environment_set("UPLOAD_KEY", key);
  assert_null(read_profiles(NULL));
  assert_non_null(read_profiles("{\"p\":{}}"));
}

RUN_TESTS(cmocka_unit_test(start_from_the_deployments_rules),
          cmocka_unit_test(may_set_each_of_the_rules),
          cmocka_unit_test(stand_behind_what_the_key_begins_with),
          cmocka_unit_test(tell_what_is_wrong_by_profile_and_member),
          cmocka_unit_test(tell_all_that_is_wrong_at_once),
          cmocka_unit_test(have_keys_of_their_own_checked))
