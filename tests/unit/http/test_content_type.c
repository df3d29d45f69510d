#include "http/content_type.h"

#include "tests/unit/support.h"

static const struct {
  const char *type;
  bool valid;
} types[] = {
    {"image/png", true},
    {"IMAGE/PNG", true},
    {"image/svg+xml", true},
    {"application/vnd.ms-excel.sheet.macroEnabled.12", true},
    {"text/plain; charset=utf-8", true},
    {"text/plain;charset=utf-8", true},
    {"text/plain;", true},
    {"multipart/form-data; boundary=\"a b\"", true},
    {"", false},
    {"image", false},
    {"image/", false},
    {"/png", false},
    {"/", false},
    {"image/png/x", false},
    {"image /png", false},
    {"image/ png", false},
    {" image/png", false},
    {"image/png ", false},
    {"text/plain;  charset=utf-8", false},
    {"text/plain;\tcharset=utf-8", false},
    {"text/plain\r\nx: y", false},
    {"text/pl\xC3\xA9in", false},
    {"text/plain; n=\xC3\xA9", false},
    {"te(xt/plain", false},
    {";image/png", false},
    {"image/*", false},
    {"*/*", false},
    {"im*ge/png", false},
    {"video/webm;codecs=vp8,opus", true},
    {"image/png;,text/html", false},
    {"image/png;a=b,text/html;charset=utf-8", false},
    {"image/png;charset=\"x\",text/html", false},
    {"image/png;a,b,text/html", false},
};

TEST(is_a_type_and_a_subtype_that_a_browser_sends_as_they_are) {
  for (size_t i = 0; i < COUNT(types); i++) {
    CHECK_NUMBER(types[i].type, http_content_type_is_valid(guarded_string(types[i].type)),
                 types[i].valid);
  }
}

TEST(has_at_most_255_bytes) {
  static char type[256] = "a/";
  memset(type + 2, 'b', sizeof type - 2);
  CHECK("255", http_content_type_is_valid(guarded((text_slice){type, 255})));
  CHECK("256", !http_content_type_is_valid(guarded((text_slice){type, 256})));
}

static const struct {
  const char *type, *essence;
} essences[] = {
    {"text/plain", "text/plain"},
    {"text/plain; a=b; c", "text/plain"},
    {" text/plain ;a", "text/plain"},
    {";a", ""},
    {"", ""},
};

TEST(ends_at_its_parameters) {
  for (size_t i = 0; i < COUNT(essences); i++) {
    CHECK_TEXT(essences[i].type, http_content_type_essence(guarded_string(essences[i].type)),
               essences[i].essence);
  }
  CHECK_NUMBER("null", http_content_type_essence((text_slice){NULL, 0}).size, 0);
}

static const struct {
  const char *type, *patterns;
  bool matches;
} matches[] = {
    {"image/png", "*/*", true},
    {"image/png", "image/*", true},
    {"image/png", "image/png", true},
    {"IMAGE/Png", "image/pnG", true},
    {"IMAGE/Png", "Image/*", true},
    {"image/png; a=b", "image/png", true},
    {"image/png", "text/plain,image/png", true},
    {"image/png", "text/plain , image/* ", true},
    {"image/png", "text/plain", false},
    {"image/png", "image/pn", false},
    {"image/png", "image/pngx", false},
    {"imagex/png", "image/*", false},
    {"image", "image/*", false},
    {"image/", "image/*", false},
    {"xmage/png", "image/*", false},
    {"image/png", "", false},
    {"", "image/png", false},
    {"text/plain; image/png", "image/png", false},
};

TEST(matches_one_of_the_patterns) {
  for (size_t i = 0; i < COUNT(matches); i++) {
    CHECK_NUMBER(matches[i].patterns,
                 http_content_type_matches(guarded_string(matches[i].type),
                                           guarded_string(matches[i].patterns)),
                 matches[i].matches);
  }
  CHECK("null", !http_content_type_matches((text_slice){NULL, 0}, TEXT_LITERAL("image/png")));
}

RUN_TESTS(cmocka_unit_test(is_a_type_and_a_subtype_that_a_browser_sends_as_they_are),
          cmocka_unit_test(has_at_most_255_bytes), cmocka_unit_test(ends_at_its_parameters),
          cmocka_unit_test(matches_one_of_the_patterns))
