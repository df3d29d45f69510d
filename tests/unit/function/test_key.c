#include "function/admission/key.h"

#include "tests/unit/support.h"

static const uint8_t id[KEY_ID_BYTES] = {0x00, 0x01, 0x0F, 0x10, 0x7F, 0x80, 0xA5, 0xFF,
                                         0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
#define ID "00010f107f80a5ff1122334455667788"

static const struct {
  const char *template, *name, *key;
} keys[] = {
    {"uploads/{id}/{name}", "a.txt", "uploads/" ID "/a.txt"},
    {"{name}", "../../etc/passwd", ".._.._etc_passwd"},
    {"{date}/{name}", "a b+c%", "2026-03-31/a b+c%"},
    {"{name}{name}", "x", "xx"},
    {"{id}", "not used", ID},
    {"{name}", "{id}{date}", "{id}{date}"},
    {"{name}/{id}", "C:\\a\\b", "C:_a_b/" ID},
    {"\xC3\xA9-{name}", "\xF0\x9F\x98\x80", "\xC3\xA9-\xF0\x9F\x98\x80"},
};

TEST(a_key_is_the_template_with_its_parts_put_in_once) {
  for (size_t i = 0; i < COUNT(keys); i++) {
    const key_parts parts = {id, guarded_string(keys[i].name), 1774958400, NULL};
    text_buffer key = buffer_of(strlen(keys[i].key));
    key_append(&key, guarded_string(keys[i].template), &parts);
    CHECK_TEXT(keys[i].template, text_buffer_slice(&key), keys[i].key);
    CHECK(keys[i].template, !key.overflowed);
  }
}

static const struct {
  const char *what, *name;
  bool good;
} names[] = {
    {"letters", "photo.jpg", true},
    {"spaces", " a  b ", true},
    {"plus and percent", "a+b%2F%zz", true},
    {"emoji", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80.png", true},
    {"right to left", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D.txt", true},
    {"a right-to-left mark",
     "a\xE2\x80\x8F"
     "b",
     true},
    {"slashes", "../a\\b", true},
    {"three dots", "...", true},
    {"a hidden file", ".env", true},
    {"quotes and angles", "<a href=\"x\">'", true},
    {"the first character behind C1", "\xC2\xA0", true},
    {"one dot", ".", false},
    {"two dots", "..", false},
    {"a line end", "a\nb", false},
    {"a tab", "a\tb", false},
    {"the last of C0", "\x1F", false},
    {"DEL", "a\x7F", false},
    {"the first of C1", "\xC2\x80", false},
    {"the last of C1", "\xC2\x9F", false},
    {"a cut character", "a\xC3", false},
    {"an overlong slash", "\xC0\xAF", false},
    {"a surrogate", "\xED\xA0\x80", false},
    {"Latin-1", "caf\xE9", false},
};

TEST(a_name_is_utf8_without_controls_and_no_dots_only) {
  for (size_t i = 0; i < COUNT(names); i++) {
    const char *problem = key_name_problem(guarded_string(names[i].name));
    CHECK_NUMBER(names[i].what, problem == NULL, names[i].good);
  }
  CHECK("nul", key_name_problem(guarded(TEXT_LITERAL("a\0b"))) != NULL);
}

/* Each byte alone: what is refused, and what else than itself a key gets. */
TEST(every_ascii_byte_is_refused_or_kept_but_for_the_slashes) {
  for (int byte = 0; byte < 0x80; byte++) {
    const char name[] = {'a', (char)byte};
    const bool control = byte < 0x20 || byte == 0x7F;
    text_buffer key = buffer_of(sizeof name);
    key_append_name(&key, guarded((text_slice){name, sizeof name}));
    CHECK_NUMBER("refused", key_name_problem((text_slice){name, sizeof name}) != NULL, control);
    CHECK_NUMBER("kept", key.data[1], byte == '/' || byte == '\\' ? '_' : byte);
  }
}

TEST(every_byte_above_ascii_alone_is_refused) {
  for (int byte = 0x80; byte < 0x100; byte++) {
    const char name = (char)byte;
    CHECK("refused", key_name_problem(guarded((text_slice){&name, 1})) != NULL);
  }
}

static const struct {
  const char *what, *value;
  bool good;
} claims[] = {
    {"an id", "5b1c9f1e-0000-4000-8000-000000000000", true},
    {"a bar", "auth0|abc", true},
    {"an address", "a+b@example.com", true},
    {"another script", "\xD7\xA9\xD7\x9C", true},
    {"three dots", "...", true},
    {"brackets within", "a[b]", true},
    {"nothing", "", false},
    {"a list of a token", "[admin user]", false},
    {"an object of a token", "map[a:b]", false},
    {"a list in JSON", "[\"admin\"]", false},
    {"an object in JSON", "{\"a\":1}", false},
    {"a slash", "a/b", false},
    {"a way up", "../bob", false},
    {"a backslash", "a\\b", false},
    {"a dot", ".", false},
    {"two dots", "..", false},
    {"a line end", "a\n", false},
    {"what an escaped NUL is read as", "a\x01", false},
    {"bytes that are not UTF-8", "\xFF", false},
};

TEST(a_claim_that_is_no_folder_is_refused) {
  for (size_t i = 0; i < COUNT(claims); i++) {
    const char *problem = key_claim_value_problem(guarded_string(claims[i].value));
    CHECK_NUMBER(claims[i].what, problem == NULL, claims[i].good);
  }
  static char value[KEY_CLAIM_MAX_BYTES + 1];
  memset(value, 'v', sizeof value);
  CHECK("longest", key_claim_value_problem((text_slice){value, KEY_CLAIM_MAX_BYTES}) == NULL);
  CHECK("longer", key_claim_value_problem((text_slice){value, sizeof value}) != NULL);
}

RUN_TESTS(cmocka_unit_test(a_key_is_the_template_with_its_parts_put_in_once),
          cmocka_unit_test(a_name_is_utf8_without_controls_and_no_dots_only),
          cmocka_unit_test(every_ascii_byte_is_refused_or_kept_but_for_the_slashes),
          cmocka_unit_test(every_byte_above_ascii_alone_is_refused),
          cmocka_unit_test(a_claim_that_is_no_folder_is_refused))
