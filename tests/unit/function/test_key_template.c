#include "function/config/key_template.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *template;
  bool good;
} templates[] = {
    {"the default", "uploads/{id}/{name}", true},
    {"the id alone", "{id}", true},
    {"the name alone", "{name}", true},
    {"each twice", "{date}/{id}{id}/{name}-{name}", true},
    {"text of any script", "\xD7\xA9\xC3\xA9 a+b%/{id}", true},
    {"a segment that only starts with dots", "..a/.b/{id}", true},
    {"a slash at the end", "{id}/", true},
    {"a claim as a folder", "uploads/{claim:sub}/{id}/{name}", true},
    {"a claim first", "{claim:custom:team-1_a.b}/{name}", true},
    {"two claims", "{claim:org}/{claim:sub}/{id}", true},
    {"a claim and the date alone", "{claim:sub}/{date}/", false},
    {"a claim at the end", "{id}/{claim:sub}", false},
    {"a claim behind text", "u-{claim:sub}/{id}", false},
    {"a claim before text", "{claim:sub}-{name}", false},
    {"two claims in a folder", "{claim:a}{claim:b}/{id}", false},
    {"a claim without a name", "{claim:}/{id}", false},
    {"a claim's name with a space", "{claim:a b}/{id}", false},
    {"a claim's name with a slash", "{claim:a/b}/{id}", false},
    {"an open claim", "{id}/{claim:sub", false},
    {"a claim in another case", "{Claim:sub}/{id}", false},
    {"the date alone", "{date}", false},
    {"no placeholder", "uploads/file", false},
    {"nothing", "", false},
    {"an unknown one", "{id}/{user}", false},
    {"another case", "{ID}", false},
    {"a space inside", "{ id }", false},
    {"an open brace", "{id}/{", false},
    {"an open placeholder", "{id}/{name", false},
    {"a closing brace", "{id}}", false},
    {"braces in braces", "{{id}}", false},
    {"a slash at the start", "/{id}", false},
    {"a dot segment", "./{id}", false},
    {"a segment of two dots", "a/../{id}", false},
    {"two dots at the end", "{id}/..", false},
    {"a control character", "{id}/\x1F", false},
    {"a line end", "{id}\n", false},
    {"a C1 control character", "{id}\xC2\x80", false},
    {"bytes that are not UTF-8", "{id}/\xFF", false},
};

TEST(a_template_tells_uploads_apart_and_makes_no_dot_segments) {
  for (size_t i = 0; i < COUNT(templates); i++) {
    const char *problem = key_template_problem(guarded_string(templates[i].template));
    CHECK_NUMBER(templates[i].name, problem == NULL, templates[i].good);
  }
}

TEST(a_template_has_at_most_512_bytes) {
  static char template[KEY_TEMPLATE_MAX_BYTES + 1] = "{id}";
  memset(template + 4, 'a', sizeof template - 4);
  CHECK("512", key_template_problem(guarded((text_slice){template, 512})) == NULL);
  CHECK("513", key_template_problem(guarded((text_slice){template, 513})) != NULL);
}

TEST(a_template_leaves_room_for_a_name) {
  text_buffer ids = buffer_of(33 * strlen("{id}"));
  for (int i = 0; i < 33; i++) {
    text_buffer_append_string(&ids, "{id}");
  }
  CHECK("33 ids", key_template_problem(text_buffer_slice(&ids)) != NULL);
}

static const struct {
  const char *a, *b;
  bool may_meet;
} pairs[] = {
    {"uploads/{id}/{name}", "uploads/{id}/{name}", true},
    {"uploads/{id}/{name}", "uploads/{name}/{id}", true},
    {"uploads/{name}", "uploads/a/{name}", false},
    {"uploads/a/{id}", "uploads/b/{id}", false},
    {"uploads/a/{id}", "uploads/ab/{id}", false},
    {"uploads/a-{id}", "uploads/{id}-a", true}, /* it can't tell */
    {"uploads/a-{name}", "uploads/{name}-a", true},
    {"uploads/a-{name}", "uploads/b-{name}", false},
    {"uploads/{name}.jpg", "uploads/{name}.png", false},
    {"uploads/{id}/{name}", "uploads/a/{name}", false}, /* an id has 32 digits */
    {"uploads/{id}/{name}", "uploads/0123456789abcdef0123456789abcdef/{name}", true},
    {"uploads/{id}/{name}", "uploads/{date}/{name}", false},
    {"uploads/{date}/{name}", "uploads/2026-11-30/{name}", true},
    {"uploads/{claim:sub}/{id}", "uploads/a/{name}", true},
    {"uploads/{claim:sub}/{id}", "uploads/a/{date}", false},
    {"{name}", "a{name}", true},
    {"{id}{name}", "abc", false},
};

TEST(two_templates_meet_only_where_their_keys_can_be_the_same) {
  for (size_t i = 0; i < COUNT(pairs); i++) {
    const text_slice a = guarded_string(pairs[i].a);
    const text_slice b = guarded_string(pairs[i].b);
    CHECK_NUMBER(pairs[i].b, key_template_may_meet(a, b), pairs[i].may_meet);
    CHECK_NUMBER(pairs[i].b, key_template_may_meet(b, a), pairs[i].may_meet);
  }
}

RUN_TESTS(cmocka_unit_test(a_template_tells_uploads_apart_and_makes_no_dot_segments),
          cmocka_unit_test(a_template_has_at_most_512_bytes),
          cmocka_unit_test(a_template_leaves_room_for_a_name),
          cmocka_unit_test(two_templates_meet_only_where_their_keys_can_be_the_same))
