#include "text/json.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *text, *json;
} rows[] = {
    {"nothing", "", "\"\""},
    {"letters", "abc", "\"abc\""},
    {"a quote and a backslash", "\"\\", "\"\\\"\\\\\""},
    {"a slash", "</a>", "\"</a>\""},
    {"line ends", "a\r\nb", "\"a\\u000d\\nb\""},
    {"a tab", "\t", "\"\\u0009\""},
    {"controls", "\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\""},
    {"UTF-8", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
    {"right to left", "\xD7\xA9\xD7\x9C", "\"\xD7\xA9\xD7\x9C\""},
    {"a byte that is not UTF-8",
     "a\xFF"
     "b",
     "\"a\\ufffdb\""},
    {"a cut character", "\xE2\x82", "\"\\ufffd\\ufffd\""},
    {"a surrogate", "\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
    {"a quote behind a cut character", "\xC3\"", "\"\\ufffd\\\"\""},
};

TEST(writes_a_valid_string_whatever_the_text_is) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    text_buffer buffer = buffer_of(strlen(rows[i].json));
    text_json_append_string(&buffer, guarded_string(rows[i].text));
    CHECK_TEXT(rows[i].name, text_buffer_slice(&buffer), rows[i].json);
    CHECK(rows[i].name, !buffer.overflowed);
  }
}

TEST(escapes_a_nul) {
  text_buffer buffer = buffer_of(16);
  text_json_append_string(&buffer, guarded(TEXT_LITERAL("a\0b")));
  CHECK_TEXT("nul", text_buffer_slice(&buffer), "\"a\\u0000b\"");
}

TEST(escapes_in_a_line_only_what_would_end_it) {
  text_buffer buffer = buffer_of(64);
  text_json_append_line(&buffer, TEXT_LITERAL("\"a\" \\ \xC3\xA9\n\x1B\xFF"));
  CHECK_TEXT("line", text_buffer_slice(&buffer), "\"a\" \\ \xC3\xA9\\n\\u001b\\ufffd");
}

TEST(makes_at_most_six_bytes_of_each) {
  for (int byte = 0; byte < 256; byte++) {
    const char text = (char)byte;
    text_buffer buffer = buffer_of(6);
    text_json_append_line(&buffer, (text_slice){&text, 1});
    CHECK("any byte", !buffer.overflowed);
  }
}

/* A text is looked at in words; what is written of a byte is what is written of it alone. */
TEST(finds_each_byte_wherever_it_stands) {
  enum { SIZE = 19 };
  for (int byte = 0; byte < 256; byte++) {
    const char one = (char)byte;
    text_buffer alone = buffer_of(8);
    text_json_append_string(&alone, (text_slice){&one, 1});
    for (size_t at = 0; at < SIZE; at++) {
      char text[SIZE];
      char wanted[64];
      text_buffer expected;
      memset(text, 'a', sizeof text);
      text[at] = one;
      text_buffer_init(&expected, wanted, sizeof wanted);
      text_buffer_append_byte(&expected, '"');
      text_buffer_append(&expected, (text_slice){"aaaaaaaaaaaaaaaaaaa", at});
      text_buffer_append(&expected, (text_slice){alone.data + 1, alone.size - 2});
      text_buffer_append(&expected, (text_slice){"aaaaaaaaaaaaaaaaaaa", SIZE - 1 - at});
      text_buffer_append_byte(&expected, '"');
      text_buffer buffer = buffer_of(64);
      text_json_append_string(&buffer, guarded((text_slice){text, SIZE}));
      CHECK("any byte", text_slice_equal(text_buffer_slice(&buffer), text_buffer_slice(&expected)));
    }
  }
}

TEST(says_so_when_there_is_no_room) {
  text_buffer buffer = buffer_of(4);
  text_json_append_string(&buffer, TEXT_LITERAL("abc"));
  CHECK("the last quote", buffer.overflowed);
}

RUN_TESTS(cmocka_unit_test(writes_a_valid_string_whatever_the_text_is),
          cmocka_unit_test(escapes_a_nul),
          cmocka_unit_test(escapes_in_a_line_only_what_would_end_it),
          cmocka_unit_test(makes_at_most_six_bytes_of_each),
          cmocka_unit_test(finds_each_byte_wherever_it_stands),
          cmocka_unit_test(says_so_when_there_is_no_room))
