/* A batch by the whole function: the numbers in its keys, and memory that ends anywhere.
 * tests/service has the rest. */
#include "started.h"

enum {
  FILES = 40,
  EVENT_BYTES = 8192,
  REPLY_BYTES = 256 * 1024,
  TIME_SECONDS = 1774958400,
  SMALL_ARENA_BYTES = 92 * 1024
};

static void start_with_all(void) {
  environment_reset();
  environment_set("UPLOAD_RECEIPT_SECRET", "0123456789abcdef0123456789abcdef");
  start();
}

/* ---- An app that takes its time ------------------------------------------------ */

enum { ANSWERS = 3 };

static struct {
  size_t asked;
  int64_t deadline_ms;
} app;

/* There is no time left for the fourth. */
static outgoing_answer answer_some(void *context, const outgoing_request *request,
                                   text_arena *arena) {
  static const text_slice yes = SLICE("{\"allow\":true}");
  (void)context;
  (void)arena;
  app.deadline_ms = request->deadline_ms;
  return app.asked++ < ANSWERS ? (outgoing_answer){.status = 200, .body = yes}
                               : (outgoing_answer){.timed_out = true};
}

static const outgoing_transport app_transport = {answer_some, NULL};

/* ---- Batches -------------------------------------------------------------------- */

/* A batch of so many, as a text in an event. */
static text_slice event_of(size_t files) {
  static char storage[EVENT_BYTES];
  text_buffer event;
  text_buffer_init(&event, storage, sizeof storage);
  text_buffer_append_string(
      &event, "{\"rawPath\":\"/signed_urls\",\"headers\":{\"content-type\":\"application/json\"},"
              "\"requestContext\":{\"http\":{\"method\":\"POST\"}},\"body\":\"{\\\"form\\\":true,"
              "\\\"files\\\":[");
  for (size_t i = 0; i < files; i++) {
    text_buffer_append_string(&event, i > 0 ? "," : "");
    text_buffer_append_string(&event, i % 2 == 0 ? "{\\\"file_name\\\":\\\"a.txt\\\"}" : "{}");
  }
  text_buffer_append_string(&event, "]}\"}");
  assert_false(event.overflowed);
  return text_buffer_slice(&event);
}

/* Null data when it says by its buffer that it has no room. */
static text_slice handle_until(text_slice event, int64_t deadline_ms, text_arena *arena) {
  static char storage[REPLY_BYTES];
  text_buffer out;
  const function_inputs inputs = {.event = event,
                                  .request_id = TEXT_LITERAL("id-1"),
                                  .time_seconds = TIME_SECONDS,
                                  .deadline_ms = deadline_ms,
                                  .app = &app_transport,
                                  .id = {0xAB}};
  text_buffer_init(&out, storage, sizeof storage);
  const char *problem = function_handle(&function, &inputs, arena, &out);
  return problem == NULL && !out.overflowed ? text_buffer_slice(&out) : (text_slice){NULL, 0};
}

static text_slice handle(text_slice event, text_arena *arena) {
  return handle_until(event, 0, arena);
}

static size_t count(text_slice text, const char *wanted) {
  size_t found = 0;
  const size_t size = strlen(wanted);
  for (size_t at = 0; at + size <= text.size; at++) {
    found += memcmp(text.data + at, wanted, size) == 0 ? 1 : 0;
  }
  return found;
}

/* By Python's hmac, of the call's number as the key and 0 and 2 as the texts. */
TEST(the_numbers_come_of_the_calls_own) {
  start_with_all();
  const text_slice reply = handle(event_of(3), large_arena());
  CHECK_NUMBER("first", count(reply, "uploads/9091a052d3d9db7335ebcd7bdbf3c899/a.txt"), 2);
  CHECK_NUMBER("third", count(reply, "uploads/2fd26fe03a4418e5ee4bdf9f4474cd34/a.txt"), 2);
  CHECK_NUMBER("the call's own", count(reply, "ab00000000"), 0);
}

/* Whole, or an error that says what to do. */
static void check_reply(const char *name, text_slice reply) {
  if (text_slice_starts_with(reply, TEXT_LITERAL("{\"statusCode\":200,"))) {
    CHECK_NUMBER(name, count(reply, "\\\"url\\\":") + count(reply, "{\\\"status\\\":"), FILES);
    CHECK(name, text_slice_ends_with(reply, TEXT_LITERAL("}]}\",\"isBase64Encoded\":false}")));
  } else {
    CHECK(name, text_slice_starts_with(reply, TEXT_LITERAL("{\"statusCode\":500,")) ||
                    text_slice_starts_with(reply, TEXT_LITERAL("{\"statusCode\":400,")));
  }
}

TEST(no_reply_is_cut_wherever_memory_ends) {
  start_with_all();
  const text_slice event = event_of(FILES);
  size_t too_large = 0;
  size_t whole = 0;
  for (size_t size_bytes = 4096; size_bytes < ARENA_MAX_BYTES / 2; size_bytes += 1024) {
    const text_slice reply = handle(event, arena_of(size_bytes));
    if (reply.data != NULL) {
      check_reply("reply", reply);
      too_large += count(reply, "there is no room for the reply: ask for fewer files") / 2;
      whole += count(reply, "\"statusCode\":200,");
    }
  }
  CHECK("some were too large", too_large > 1);
  CHECK("some were whole", whole > 1);
}

TEST(each_file_has_the_memory_of_the_one_before) {
  start_with_all();
  const text_slice reply = handle(event_of(FILES), arena_of(SMALL_ARENA_BYTES));
  CHECK_NUMBER("granted", count(reply, "\\\"url\\\":"), FILES / 2);
}

#define NOW_MS (INT64_C(1000) * TIME_SECONDS)

static const struct {
  const char *name;
  int64_t deadline_ms, end_ms;
} deadlines[] = {
    {"none is told", 0, NOW_MS + 25000},
    {"the function may take longer than API Gateway waits", NOW_MS + 900000, NOW_MS + 25000},
    {"the function may not", NOW_MS + 3000, NOW_MS + 3000},
};

TEST(asks_the_app_while_there_is_time) {
  environment_reset();
  environment_set("UPLOAD_ASK_URL", "https://app.example.com/ask");
  environment_set("UPLOAD_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  start();
  for (size_t i = 0; i < COUNT(deadlines); i++) {
    memset(&app, 0, sizeof app);
    const text_slice reply = handle_until(event_of(FILES), deadlines[i].deadline_ms, large_arena());
    CHECK_NUMBER(deadlines[i].name, app.asked, ANSWERS + 1);
    CHECK(deadlines[i].name, app.deadline_ms == deadlines[i].end_ms);
    CHECK_NUMBER(deadlines[i].name, count(reply, "\\\"url\\\":"), ANSWERS);
    CHECK_NUMBER(deadlines[i].name, count(reply, "{\\\"status\\\":503,"), FILES / 2 - ANSWERS);
  }
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(the_numbers_come_of_the_calls_own),
                cmocka_unit_test(no_reply_is_cut_wherever_memory_ends),
                cmocka_unit_test(each_file_has_the_memory_of_the_one_before),
                cmocka_unit_test(asks_the_app_while_there_is_time))
