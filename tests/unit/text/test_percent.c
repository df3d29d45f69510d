#include "text/percent.h"

#include <stdio.h>

#include "tests/unit/support.h"

static const char unreserved[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

TEST(encodes_every_byte_but_the_unreserved) {
  for (int byte = 0; byte < 256; byte++) {
    const char text = (char)byte;
    char expected[4] = {text, '\0'};
    if (byte == 0 || strchr(unreserved, byte) == NULL) {
      (void)snprintf(expected, sizeof expected, "%%%02X", (unsigned)byte);
    }
    text_buffer buffer = buffer_of(3);
    text_percent_append_encoded(&buffer, guarded((text_slice){&text, 1}));
    CHECK_TEXT(expected, text_buffer_slice(&buffer), expected);
  }
}

TEST(keeps_a_slash_in_a_path_and_nothing_else) {
  for (int byte = 0; byte < 256; byte++) {
    const char text = (char)byte;
    text_buffer plain = buffer_of(3);
    text_buffer path = buffer_of(3);
    text_percent_append_encoded(&plain, (text_slice){&text, 1});
    text_percent_append_encoded_path(&path, (text_slice){&text, 1});
    CHECK_SLICE("a byte", text_buffer_slice(&path),
                byte == '/' ? TEXT_LITERAL("/") : text_buffer_slice(&plain));
  }
}

/* Alone, and at each place of longer texts, which are looked at sixteen bytes at a time. */
TEST(encodes_a_byte_alike_wherever_it_stands) {
  for (size_t size = 1; size < 50; size++) {
    for (int byte = 0; byte < 256; byte++) {
      char text[50];
      char storage[2][200];
      const size_t at = ((size_t)byte * 7 + size) % size;
      memset(text, 'a', sizeof text);
      text[at] = (char)byte;
      for (int is_path = 0; is_path < 2; is_path++) {
        void (*append)(text_buffer *, text_slice) =
            is_path ? text_percent_append_encoded_path : text_percent_append_encoded;
        text_buffer whole;
        text_buffer pieces;
        text_buffer_init(&whole, storage[0], sizeof storage[0]);
        text_buffer_init(&pieces, storage[1], sizeof storage[1]);
        append(&whole, guarded((text_slice){text, size}));
        for (size_t i = 0; i < size; i++) {
          append(&pieces, (text_slice){text + i, 1});
        }
        CHECK_SLICE("whole", text_buffer_slice(&whole), text_buffer_slice(&pieces));
      }
    }
  }
}

static const struct {
  const char *text, *encoded, *encoded_path;
} texts[] = {
    {"", "", ""},
    {"a/b c", "a%2Fb%20c", "a/b%20c"},
    {"//a", "%2F%2Fa", "//a"},
    {"a+b%20", "a%2Bb%2520", "a%2Bb%2520"},
    {"\xC3\xA9", "%C3%A9", "%C3%A9"},
    {"\xF0\x9F\x98\x80.jpg", "%F0%9F%98%80.jpg", "%F0%9F%98%80.jpg"},
};

TEST(encodes_texts) {
  for (size_t i = 0; i < COUNT(texts); i++) {
    text_buffer buffer = buffer_of(strlen(texts[i].encoded));
    text_percent_append_encoded(&buffer, guarded_string(texts[i].text));
    CHECK_TEXT(texts[i].text, text_buffer_slice(&buffer), texts[i].encoded);
    CHECK(texts[i].text, !buffer.overflowed);
    buffer = buffer_of(strlen(texts[i].encoded_path));
    text_percent_append_encoded_path(&buffer, guarded_string(texts[i].text));
    CHECK_TEXT(texts[i].text, text_buffer_slice(&buffer), texts[i].encoded_path);
    CHECK(texts[i].text, !buffer.overflowed);
  }
}

static const struct {
  const char *name, *text, *decoded;
} forms[] = {
    {"nothing", "", ""},
    {"letters", "abc", "abc"},
    {"both cases of digits", "%2f%2F%aB", "//\xAB"},
    {"a plus", "a+b", "a b"},
    {"an encoded plus", "a%2Bb", "a+b"},
    {"UTF-8", "%F0%9F%98%80", "\xF0\x9F\x98\x80"},
    {"bytes that are not UTF-8", "%FF%80", "\xFF\x80"},
    {"a percent sign", "100%", "100%"},
    {"one digit", "%4", "%4"},
    {"no digits", "%zz", "%zz"},
    {"one digit and a letter", "%4z", "%4z"},
    {"a letter before a digit", "%z4", "%z4"},
    {"two percent signs", "%%41", "%A"},
    {"decoded once only", "%2541", "%41"},
    {"the neighbours of digits and letters", "%/0%:0%@0%G0%`0%g0", "%/0%:0%@0%G0%`0%g0"},
};

TEST(decodes_as_forms_are) {
  for (size_t i = 0; i < COUNT(forms); i++) {
    text_buffer buffer = buffer_of(strlen(forms[i].decoded));
    text_percent_append_form_decoded(&buffer, guarded_string(forms[i].text));
    CHECK_TEXT(forms[i].name, text_buffer_slice(&buffer), forms[i].decoded);
    CHECK(forms[i].name, !buffer.overflowed);
  }
}

TEST(decodes_a_nul) {
  text_buffer buffer = buffer_of(3);
  text_percent_append_form_decoded(&buffer, guarded_string("a%00b"));
  CHECK_SLICE("nul", text_buffer_slice(&buffer), TEXT_LITERAL("a\0b"));
}

RUN_TESTS(cmocka_unit_test(encodes_every_byte_but_the_unreserved),
          cmocka_unit_test(keeps_a_slash_in_a_path_and_nothing_else),
          cmocka_unit_test(encodes_texts),
          cmocka_unit_test(encodes_a_byte_alike_wherever_it_stands),
          cmocka_unit_test(decodes_as_forms_are), cmocka_unit_test(decodes_a_nul))
