#include "text/utf8.h"

#include "tests/unit/support.h"

/* The edges of RFC 3629's table, and what lies just outside. */
static const struct {
  const char *name, *bytes;
  size_t size;
  uint32_t code_point;
} characters[] = {
    {"the last of one byte", "\x7F", 1, 0x7F},
    {"the first of two bytes", "\xC2\x80", 2, 0x80},
    {"the last of two bytes", "\xDF\xBF", 2, 0x7FF},
    {"the first of three bytes", "\xE0\xA0\x80", 3, 0x800},
    {"before the surrogates", "\xED\x9F\xBF", 3, 0xD7FF},
    {"after the surrogates", "\xEE\x80\x80", 3, 0xE000},
    {"the last of three bytes", "\xEF\xBF\xBF", 3, 0xFFFF},
    {"the first of four bytes", "\xF0\x90\x80\x80", 4, 0x10000},
    {"the last of all", "\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
    {"a continuation", "\x80", 0, 0},
    {"an overlong slash", "\xC0\xAF", 0, 0},
    {"an overlong DEL", "\xC1\xBF", 0, 0},
    {"an overlong one of three", "\xE0\x9F\xBF", 0, 0},
    {"an overlong one of four", "\xF0\x8F\xBF\xBF", 0, 0},
    {"the first surrogate", "\xED\xA0\x80", 0, 0},
    {"the last surrogate", "\xED\xBF\xBF", 0, 0},
    {"past the last", "\xF4\x90\x80\x80", 0, 0},
    {"a lead of five", "\xF8\x88\x80\x80\x80", 0, 0},
    {"0xFF", "\xFF", 0, 0},
    {"two bytes, one missing", "\xC3", 0, 0},
    {"three bytes, one missing", "\xE2\x82", 0, 0},
    {"four bytes, one missing", "\xF0\x9F\x98", 0, 0},
    {"a letter instead of a continuation", "\xC3\x28", 0, 0},
    {"a lead instead of a continuation", "\xE2\x82\xC3", 0, 0},
};

TEST(reads_the_first_character) {
  for (size_t i = 0; i < COUNT(characters); i++) {
    uint32_t code_point = 0;
    const text_slice text = guarded_string(characters[i].bytes);
    CHECK_NUMBER(characters[i].name, text_utf8_next(text, &code_point), characters[i].size);
    CHECK_NUMBER(characters[i].name, code_point, characters[i].code_point);
  }
}

TEST(writes_each_character_as_it_is_read) {
  for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
    char storage[4];
    text_buffer text;
    uint32_t read = 0;
    if (code_point == 0xD800) {
      code_point = 0xE000;
    }
    text_buffer_init(&text, storage, sizeof storage);
    text_utf8_append(&text, code_point);
    CHECK_NUMBER("any", text_utf8_next(text_buffer_slice(&text), &read), text.size);
    CHECK_NUMBER("any", read, code_point);
  }
}

TEST(reads_a_nul_as_a_character) {
  uint32_t code_point = 1;
  CHECK_NUMBER("nul", text_utf8_next(guarded(TEXT_LITERAL("\0")), &code_point), 1);
  CHECK_NUMBER("nul", code_point, 0);
}

TEST(a_text_is_valid_when_each_character_is) {
  for (size_t i = 0; i < COUNT(characters); i++) {
    text_buffer text = buffer_of(16);
    text_buffer_append_string(&text, "a\xC3\xA9");
    text_buffer_append_string(&text, characters[i].bytes);
    CHECK_NUMBER(characters[i].name, text_utf8_is_valid(guarded(text_buffer_slice(&text))),
                 characters[i].size > 0);
  }
  CHECK("nothing", text_utf8_is_valid((text_slice){NULL, 0}));
}

static const struct {
  const char *name, *text, *whole;
} cuts[] = {
    {"nothing", "", ""},
    {"a letter", "ab", "ab"},
    {"a character of two bytes", "a\xC3\xA9", "a\xC3\xA9"},
    {"a character of three bytes", "\xE2\x82\xAC", "\xE2\x82\xAC"},
    {"a character of four bytes", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
    {"one byte of two", "a\xC3", "a"},
    {"one byte of three", "\xE2", ""},
    {"two bytes of three", "ab\xE2\x82", "ab"},
    {"one byte of four", "a\xF0", "a"},
    {"two bytes of four", "a\xF0\x9F", "a"},
    {"three bytes of four", "a\xF0\x9F\x98", "a"},
    {"a whole one before it", "\xC3\xA9\xE2\x82", "\xC3\xA9"},
};

TEST(drops_the_part_of_a_character_at_the_end) {
  for (size_t i = 0; i < COUNT(cuts); i++) {
    CHECK_TEXT(cuts[i].name, text_utf8_whole(guarded_string(cuts[i].text)), cuts[i].whole);
  }
}

TEST(keeps_the_end_of_what_is_no_text) {
  const text_slice text = guarded_string("a\x80\x80\x80\x80\x80");
  CHECK_SLICE("continuations", text_utf8_whole(text), text);
  CHECK_TEXT("no lead", text_utf8_whole(guarded_string("a\xFF")), "a\xFF");
}

RUN_TESTS(cmocka_unit_test(reads_the_first_character),
          cmocka_unit_test(writes_each_character_as_it_is_read),
          cmocka_unit_test(reads_a_nul_as_a_character),
          cmocka_unit_test(a_text_is_valid_when_each_character_is),
          cmocka_unit_test(drops_the_part_of_a_character_at_the_end),
          cmocka_unit_test(keeps_the_end_of_what_is_no_text))
