#include "runtime/reply.h"

#include "tests/unit/support.h"

enum { MESSAGE_MAX_BYTES = 64 * 1024 };

/* A reply that has room for `capacity` bytes. */
static lambda_reply reply_of(size_t capacity) {
  lambda_reply reply;
  runtime_reply_init(&reply, large_arena(), guarded_memory(capacity), capacity);
  return reply;
}

TEST(is_what_was_appended) {
  lambda_reply reply = reply_of(100);
  CHECK_NUMBER("append", lambda_reply_append(&reply, TEXT_LITERAL("a\0b")), 0);
  CHECK_NUMBER("append", lambda_reply_append(&reply, TEXT_LITERAL("c")), 0);
  runtime_reply_settle(&reply, 0);
  CHECK("answer", !reply.failed);
  CHECK_SLICE("answer", text_buffer_slice(&reply.body), TEXT_LITERAL("a\0bc"));
}

TEST(is_a_failure_when_it_is_too_large) {
  lambda_reply reply = reply_of(200);
  for (int i = 0; i < 201; i++) {
    CHECK_NUMBER("append", lambda_reply_append(&reply, TEXT_LITERAL("x")), 0);
  }
  runtime_reply_settle(&reply, 0);
  CHECK("failed", reply.failed);
  CHECK_TEXT("type", reply.error_type, "Function.ResponseSizeTooLarge");
}

TEST(is_a_failure_when_the_handler_says_no_more_than_that) {
  lambda_reply reply = reply_of(200);
  lambda_reply_append(&reply, TEXT_LITERAL("half an answer"));
  runtime_reply_settle(&reply, 7);
  CHECK("failed", reply.failed);
  CHECK_TEXT("type", reply.error_type, "Function.HandlerFailed");
}

TEST(keeps_what_the_handler_said_whatever_it_returns) {
  for (int result = -1; result <= 1; result++) {
    lambda_reply reply = reply_of(200);
    lambda_reply_append(&reply, TEXT_LITERAL("half an answer"));
    CHECK_NUMBER("fail", lambda_fail(&reply, "Function.Broken", TEXT_LITERAL("it broke")), -1);
    runtime_reply_settle(&reply, result);
    CHECK("failed", reply.failed);
    CHECK_TEXT("type", reply.error_type, "Function.Broken");
    CHECK_TEXT("message", reply.error_message, "it broke");
  }
}

TEST(drops_what_is_appended_after_a_failure) {
  lambda_reply reply = reply_of(120);
  lambda_fail(&reply, "Function.Broken", TEXT_LITERAL("it broke"));
  for (int i = 0; i < 120; i++) {
    lambda_reply_append(&reply, TEXT_LITERAL("x"));
  }
  CHECK_TEXT("report", runtime_reply_make_report(&reply).body,
             "{\"errorMessage\":\"it broke\",\"errorType\":\"Function.Broken\",\"stackTrace\":[]}");
}

TEST(can_fail_twice) {
  lambda_reply reply = reply_of(200);
  lambda_fail(&reply, "Function.First", TEXT_LITERAL("first"));
  lambda_fail(&reply, "Function.Second", TEXT_LITERAL("second"));
  CHECK_TEXT("type", reply.error_type, "Function.Second");
  CHECK_TEXT("message", reply.error_message, "second");
}

TEST(a_message_may_be_a_part_of_the_reply) {
  static const char body[] = "Function.Told: a message of the reply's own";
  enum { BODY_BYTES = sizeof body - 1 };
  for (size_t start = 0; start <= BODY_BYTES; start++) {
    lambda_reply reply = reply_of(400);
    lambda_reply_append(&reply, text_slice_of(body));
    const lambda_slice own = text_buffer_slice(lambda_reply_body(&reply));
    lambda_fail(&reply, "Function.LongerThanSomeMessages", text_slice_from(own, start));
    CHECK_TEXT(body + start, reply.error_message, body + start);
    CHECK_TEXT(body + start, reply.error_type, "Function.LongerThanSomeMessages");
  }
}

TEST(a_type_may_be_a_part_of_the_reply) {
  lambda_reply reply = reply_of(400);
  lambda_reply_append(&reply, TEXT_LITERAL("a message: Function.Told\0and more"));
  const lambda_slice own = text_buffer_slice(lambda_reply_body(&reply));
  lambda_fail(&reply, own.data + 11, (lambda_slice){own.data + 2, 30});
  CHECK_SLICE("message", reply.error_message, TEXT_LITERAL("message: Function.Told\0and mor"));
  CHECK_TEXT("type", reply.error_type, "Function.Told");
}

static const struct {
  const char *type;
  bool valid;
} types[] = {
    {"Function.Broken", true},
    {"Runtime.Broken", true},
    {"Function.AB", true},
    {"Function.ThisIsALongButValidName", true},
    {"Function.A", false},
    {"Function.", false},
    {"Function", false},
    {"Function.broken", false},
    {"Function.Broken1", false},
    {"Function.Broken.Twice", false},
    {"Function.Bro ken", false},
    {"Function.Broken\n", false},
    {"function.Broken", false},
    {"Other.Broken", false},
    {"RuntimeXBroken", false},
    {" Function.Broken", false},
    {"", false},
};

TEST(a_type_is_one_that_the_runtime_api_takes) {
  for (size_t i = 0; i < COUNT(types); i++) {
    CHECK_NUMBER(types[i].type, runtime_error_type_is_valid(guarded_string(types[i].type)),
                 types[i].valid);
    lambda_reply reply = reply_of(200);
    lambda_fail(&reply, types[i].type, TEXT_LITERAL("m"));
    CHECK_TEXT(types[i].type, reply.error_type,
               types[i].valid ? types[i].type : "Function.Unknown");
  }
}

TEST(a_missing_type_is_an_unknown_one) {
  lambda_reply reply = reply_of(200);
  lambda_fail(&reply, NULL, TEXT_LITERAL("m"));
  CHECK_TEXT("null", reply.error_type, "Function.Unknown");
}

TEST(a_type_has_at_most_128_bytes) {
  char type[130] = "Function.B";
  memset(type + strlen(type), 'b', 128 - strlen(type));
  CHECK_NUMBER("size", strlen(type), 128);
  CHECK("128", runtime_error_type_is_valid(text_slice_of(type)));
  type[128] = 'b';
  CHECK("129", !runtime_error_type_is_valid(text_slice_of(type)));
}

TEST(cuts_a_long_message_between_characters) {
  static char message[MESSAGE_MAX_BYTES + 2];
  memset(message, 'a', sizeof message);
  message[MESSAGE_MAX_BYTES - 1] = '\xC3';
  message[MESSAGE_MAX_BYTES] = '\xA9';
  lambda_reply reply = reply_of(GUARDED_BYTES);
  lambda_fail(&reply, "Function.Broken", (lambda_slice){message, sizeof message});
  CHECK_NUMBER("size", reply.error_message.size, MESSAGE_MAX_BYTES - 1);
}

TEST(reports_any_message_as_json) {
  lambda_reply reply = reply_of(200);
  lambda_fail(&reply, "Function.Broken", TEXT_LITERAL("\"\n\xC3\xA9\xFF"));
  CHECK_TEXT("report", runtime_reply_make_report(&reply).body,
             "{\"errorMessage\":\"\\\"\\n\xC3\xA9\\ufffd\",\"errorType\":\"Function.Broken\","
             "\"stackTrace\":[]}");
}

TEST(tells_how_much_it_has_touched) {
  lambda_reply reply = reply_of(200);
  lambda_reply_append(&reply, TEXT_LITERAL("0123456789"));
  CHECK_NUMBER("answer", runtime_reply_touched_bytes(&reply), 10);
  lambda_fail(&reply, "Function.Ab", TEXT_LITERAL(""));
  CHECK("dropped", runtime_reply_touched_bytes(&reply) >= 10);
}

TEST(can_be_written_through_its_buffer) {
  lambda_reply reply = reply_of(100);
  lambda_reply_append(&reply, TEXT_LITERAL("a"));
  text_buffer_append_string(lambda_reply_body(&reply), "b");
  lambda_reply_append(&reply, TEXT_LITERAL("c"));
  runtime_reply_settle(&reply, 0);
  CHECK_TEXT("answer", text_buffer_slice(&reply.body), "abc");
}

TEST(gives_its_arena) {
  lambda_reply reply = reply_of(100);
  const char *before = lambda_allocate(&reply, 1);
  CHECK("the same one", (const char *)text_arena_allocate(lambda_arena(&reply), 1) > before);
}

TEST(allocates_from_the_invocations_arena) {
  lambda_reply reply = reply_of(10);
  CHECK("room", lambda_allocate(&reply, 1000) != NULL);
  CHECK("no room", lambda_allocate(&reply, ARENA_MAX_BYTES) == NULL);
}

RUN_TESTS(cmocka_unit_test(is_what_was_appended),
          cmocka_unit_test(is_a_failure_when_it_is_too_large),
          cmocka_unit_test(is_a_failure_when_the_handler_says_no_more_than_that),
          cmocka_unit_test(keeps_what_the_handler_said_whatever_it_returns),
          cmocka_unit_test(drops_what_is_appended_after_a_failure),
          cmocka_unit_test(can_fail_twice), cmocka_unit_test(a_message_may_be_a_part_of_the_reply),
          cmocka_unit_test(a_type_may_be_a_part_of_the_reply),
          cmocka_unit_test(a_type_is_one_that_the_runtime_api_takes),
          cmocka_unit_test(a_missing_type_is_an_unknown_one),
          cmocka_unit_test(a_type_has_at_most_128_bytes),
          cmocka_unit_test(cuts_a_long_message_between_characters),
          cmocka_unit_test(reports_any_message_as_json),
          cmocka_unit_test(tells_how_much_it_has_touched),
          cmocka_unit_test(can_be_written_through_its_buffer), cmocka_unit_test(gives_its_arena),
          cmocka_unit_test(allocates_from_the_invocations_arena))
