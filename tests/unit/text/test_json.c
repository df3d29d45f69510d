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

/* Texts are looked at in blocks: one of one letter, but for one byte of it. */
enum { TEXT_BYTES = 50 };

static text_slice text_with(char byte, size_t at, size_t size) {
  char text[TEXT_BYTES];
  memset(text, 'a', sizeof text);
  text[at] = byte;
  return guarded((text_slice){text, size});
}

TEST(counts_up_to_each_byte_that_is_not_plain_wherever_it_stands) {
  for (int byte = 0; byte < 256; byte++) {
    const bool plain = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
    for (size_t at = 0; at < TEXT_BYTES; at++) {
      for (size_t size = at + 1; size <= TEXT_BYTES; size++) {
        const text_slice text = text_with((char)byte, at, size);
        CHECK_NUMBER("any byte", text_json_plain_size(text), plain ? size : at);
      }
    }
  }
}

TEST(counts_up_to_the_first_of_some_bytes) {
  CHECK_NUMBER("in one block", text_json_plain_size(guarded_string("aaa\"\"\"\"\"\"aaa\"aaaaaa")),
               3);
  CHECK_NUMBER("in its halves", text_json_plain_size(guarded_string("aaaaaaa\"\n aaaaaaaa")), 7);
  CHECK_NUMBER("none", text_json_plain_size(guarded_string("")), 0);
}

/* What is written of a byte is what is written of it alone. */
TEST(writes_each_byte_the_same_wherever_it_stands) {
  for (int byte = 0; byte < 256; byte++) {
    const char one = (char)byte;
    char storage[8];
    text_buffer alone;
    text_buffer_init(&alone, storage, sizeof storage);
    text_json_append_string(&alone, (text_slice){&one, 1});
    for (size_t at = 0; at < TEXT_BYTES; at++) {
      const text_slice text = text_with(one, at, TEXT_BYTES);
      text_buffer expected = buffer_of(TEXT_BYTES + 8);
      text_buffer_append_byte(&expected, '"');
      text_buffer_append(&expected, (text_slice){text.data, at});
      text_buffer_append(&expected, (text_slice){alone.data + 1, alone.size - 2});
      text_buffer_append(&expected, text_slice_from(text, at + 1));
      text_buffer_append_byte(&expected, '"');
      text_buffer buffer = buffer_of(TEXT_BYTES + 8);
      text_json_append_string(&buffer, text);
      CHECK_SLICE("any byte", text_buffer_slice(&buffer), text_buffer_slice(&expected));
    }
  }
}

/* JSON in which quotes and backslashes stand at all places of a block, and in a row. */
TEST(writes_json_as_any_other_text) {
  for (size_t quotes = 0; quotes < 4; quotes++) {
    for (size_t before = 0; before < TEXT_BYTES; before++) {
      char text[2 * TEXT_BYTES];
      memset(text, 'a', sizeof text);
      memcpy(text + before, "\\\"\\\\", quotes);
      for (size_t size = before + quotes; size < sizeof text; size += 5) {
        const text_slice json = guarded((text_slice){text, size});
        text_buffer wanted = buffer_of(3 * sizeof text);
        text_json_append_string(&wanted, json);
        const text_slice expected = text_buffer_slice(&wanted);
        /* With all the room that any text could need, with as much as it needs, and less. */
        text_buffer most = buffer_of(2 * size + 2);
        text_buffer enough = buffer_of(expected.size);
        text_buffer too_little = buffer_of(expected.size - 1);
        text_json_append_json(&most, json);
        text_json_append_json(&enough, json);
        text_json_append_json(&too_little, json);
        CHECK_SLICE("most", text_buffer_slice(&most), expected);
        CHECK_SLICE("enough", text_buffer_slice(&enough), expected);
        CHECK("too little", too_little.overflowed && !enough.overflowed && !most.overflowed);
      }
    }
  }
}

TEST(keeps_what_is_no_ascii_of_json) {
  const text_slice json = guarded_string("{\"\xC3\xA9\":\"\xE2\x82\xAC 0123456789\"}");
  text_buffer buffer = buffer_of(2 * json.size + 2);
  text_json_append_json(&buffer, json);
  CHECK_TEXT("UTF-8", text_buffer_slice(&buffer),
             "\"{\\\"\xC3\xA9\\\":\\\"\xE2\x82\xAC 0123456789\\\"}\"");
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
          cmocka_unit_test(counts_up_to_each_byte_that_is_not_plain_wherever_it_stands),
          cmocka_unit_test(counts_up_to_the_first_of_some_bytes),
          cmocka_unit_test(writes_each_byte_the_same_wherever_it_stands),
          cmocka_unit_test(writes_json_as_any_other_text),
          cmocka_unit_test(keeps_what_is_no_ascii_of_json),
          cmocka_unit_test(says_so_when_there_is_no_room))
