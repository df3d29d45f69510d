#include "text/buffer.h"

#include "tests/unit/support.h"

TEST(holds_what_is_appended_in_order) {
  text_buffer buffer = buffer_of(16);
  text_buffer_append(&buffer, TEXT_LITERAL("a\0b"));
  text_buffer_append_byte(&buffer, '-');
  text_buffer_append_string(&buffer, "cd");
  text_buffer_append(&buffer, (text_slice){NULL, 0});
  CHECK_SLICE("all", text_buffer_slice(&buffer), TEXT_LITERAL("a\0b-cd"));
  CHECK("all", !buffer.overflowed);
}

TEST(can_be_filled_to_its_last_byte) {
  text_buffer buffer = buffer_of(4);
  text_buffer_append_string(&buffer, "abcd");
  CHECK_TEXT("full", text_buffer_slice(&buffer), "abcd");
  CHECK("full", !buffer.overflowed);
}

TEST(appends_all_or_nothing) {
  text_buffer buffer = buffer_of(4);
  text_buffer_append_string(&buffer, "abc");
  text_buffer_append_string(&buffer, "de");
  CHECK_TEXT("too much", text_buffer_slice(&buffer), "abc");
  CHECK("too much", buffer.overflowed);
}

TEST(stays_overflowed_although_less_would_fit) {
  text_buffer buffer = buffer_of(4);
  text_buffer_append_string(&buffer, "abcde");
  text_buffer_append_byte(&buffer, 'f');
  CHECK_NUMBER("after", buffer.size, 0);
  CHECK("after", buffer.overflowed);
}

TEST(an_absurd_size_does_not_wrap_around) {
  text_buffer buffer = buffer_of(8);
  text_buffer_append_string(&buffer, "abc");
  text_buffer_append(&buffer, (text_slice){"x", SIZE_MAX - 1});
  CHECK_TEXT("size", text_buffer_slice(&buffer), "abc");
  CHECK("size", buffer.overflowed);
}

TEST(has_no_room_without_storage) {
  text_buffer buffer;
  text_buffer_init(&buffer, NULL, 100);
  text_buffer_append_byte(&buffer, 'a');
  CHECK("null", buffer.overflowed);
  CHECK_NUMBER("null", buffer.size, 0);
}

TEST(is_empty_and_usable_again_once_cleared) {
  text_buffer buffer = buffer_of(4);
  text_buffer_append_string(&buffer, "abcde");
  text_buffer_clear(&buffer);
  text_buffer_append_string(&buffer, "xyz");
  CHECK_TEXT("cleared", text_buffer_slice(&buffer), "xyz");
  CHECK("cleared", !buffer.overflowed);
}

static const struct {
  int64_t number;
  const char *digits;
} decimals[] = {
    {0, "0"},
    {9, "9"},
    {10, "10"},
    {-1, "-1"},
    {604800, "604800"},
    {INT64_MAX, "9223372036854775807"},
    {INT64_MIN, "-9223372036854775808"},
};

TEST(writes_numbers_with_their_sign) {
  for (size_t i = 0; i < COUNT(decimals); i++) {
    text_buffer buffer = buffer_of(20);
    text_buffer_append_decimal(&buffer, decimals[i].number);
    CHECK_TEXT(decimals[i].digits, text_buffer_slice(&buffer), decimals[i].digits);
  }
}

TEST(writes_bytes_as_hexadecimal_digits) {
  text_buffer buffer = buffer_of(10);
  text_buffer_append_hex(&buffer, guarded(TEXT_LITERAL("\x00\x0F\xA5\xFF\x80")));
  CHECK_TEXT("digits", text_buffer_slice(&buffer), "000fa5ff80");
}

RUN_TESTS(cmocka_unit_test(holds_what_is_appended_in_order),
          cmocka_unit_test(can_be_filled_to_its_last_byte),
          cmocka_unit_test(appends_all_or_nothing),
          cmocka_unit_test(stays_overflowed_although_less_would_fit),
          cmocka_unit_test(an_absurd_size_does_not_wrap_around),
          cmocka_unit_test(has_no_room_without_storage),
          cmocka_unit_test(is_empty_and_usable_again_once_cleared),
          cmocka_unit_test(writes_numbers_with_their_sign),
          cmocka_unit_test(writes_bytes_as_hexadecimal_digits))
