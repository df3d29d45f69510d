#include "http/error.h"

#include "tests/unit/support.h"

TEST(formats_its_message) {
  const http_error error =
      http_error_make(large_arena(), 413, "TooLarge", "at most %d %s", 5, "bytes");
  CHECK_NUMBER("status", error.status, 413);
  CHECK_TEXT("code", text_slice_of(error.code), "TooLarge");
  CHECK_TEXT("message", error.message, "at most 5 bytes");
}

TEST(cuts_a_message_at_1024_bytes_and_no_character_within) {
  const http_error longest = http_error_make(large_arena(), 400, "Long", "%1023d\xC3\xBC", 1);
  CHECK_NUMBER("size", longest.message.size, 1023);
  const http_error error = http_error_make(large_arena(), 400, "Long", "%2000d", 1);
  CHECK_NUMBER("size", error.message.size, 1024);
}

TEST(is_an_error_although_there_is_no_room_for_its_message) {
  const http_error error = http_error_make(arena_of(16), 413, "TooLarge", "at most %d bytes", 5);
  CHECK_NUMBER("status", error.status, 413);
  CHECK("some message", error.message.size > 0);
}

TEST(is_written_as_json) {
  const http_error error = http_error_make(large_arena(), 400, "Bad", "no \"%s\"", "a");
  text_buffer json = buffer_of(128);
  http_error_append_members(&json, &error, TEXT_LITERAL("id-1"));
  CHECK_TEXT("members", text_buffer_slice(&json),
             "\"message\":\"no \\\"a\\\"\",\"error\":\"no \\\"a\\\"\",\"code\":\"Bad\","
             "\"requestId\":\"id-1\"");
}

RUN_TESTS(cmocka_unit_test(formats_its_message),
          cmocka_unit_test(cuts_a_message_at_1024_bytes_and_no_character_within),
          cmocka_unit_test(is_an_error_although_there_is_no_room_for_its_message),
          cmocka_unit_test(is_written_as_json))
