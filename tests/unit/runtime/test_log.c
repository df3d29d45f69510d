#include "runtime/log.h"

#include <stdlib.h>

#include "tests/unit/support.h"

static char output[64 * 1024];
static size_t output_size;

/* What each test expects of the environment; null: not set. */
static void configure(const char *format, const char *level) {
  (void)(format ? setenv("AWS_LAMBDA_LOG_FORMAT", format, 1) : unsetenv("AWS_LAMBDA_LOG_FORMAT"));
  (void)(level ? setenv("AWS_LAMBDA_LOG_LEVEL", level, 1) : unsetenv("AWS_LAMBDA_LOG_LEVEL"));
  runtime_log_configure();
  runtime_log_set_request_id(TEXT_LITERAL(""));
}

/* Logs with standard error going into `output`; the digits of the time, which
 * stands `time_at` bytes from the start, become 0. */
static text_slice logged(lambda_log_level level, size_t time_at, const char *message) {
  const int kept = dup(STDERR_FILENO);
  const int file = memfd_create("log", 0);
  assert_true(kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
  lambda_log(level, "%s", message);
  assert_true(dup2(kept, STDERR_FILENO) >= 0);
  const ssize_t size = pread(file, output, sizeof output, 0);
  assert_true(size >= 0);
  output_size = (size_t)size;
  (void)close(file);
  (void)close(kept);
  for (size_t i = time_at; i < time_at + 24 && i < output_size; i++) {
    output[i] = output[i] >= '0' && output[i] <= '9' ? '0' : output[i];
  }
  return (text_slice){output, output_size};
}

#define TIME "0000-00-00T00:00:00.000Z"
enum { IN_TEXT = sizeof "[INFO]", IN_JSON = sizeof "{\"timestamp\":" };

TEST(writes_text_unless_told_otherwise) {
  static const char *const formats[] = {NULL, "", "Text", "text", "XML"};
  for (size_t i = 0; i < COUNT(formats); i++) {
    configure(formats[i], NULL);
    CHECK_TEXT(formats[i] ? formats[i] : "not set", logged(LAMBDA_LOG_INFO, IN_TEXT, "hello"),
               "[INFO]\t" TIME "\t\thello\n");
  }
}

TEST(writes_json_when_told) {
  static const char *const formats[] = {"JSON", "json", "Json"};
  for (size_t i = 0; i < COUNT(formats); i++) {
    configure(formats[i], NULL);
    CHECK_TEXT(formats[i], logged(LAMBDA_LOG_INFO, IN_JSON, "hello"),
               "{\"timestamp\":\"" TIME "\",\"level\":\"INFO\",\"message\":\"hello\"}\n");
  }
}

TEST(names_the_invocation) {
  configure(NULL, NULL);
  runtime_log_set_request_id(guarded_string("id-1"));
  CHECK_TEXT("text", logged(LAMBDA_LOG_INFO, IN_TEXT, "hello"), "[INFO]\t" TIME "\tid-1\thello\n");
  configure("JSON", NULL);
  runtime_log_set_request_id(guarded_string("id\"1"));
  CHECK_TEXT("json", logged(LAMBDA_LOG_INFO, IN_JSON, "hello"),
             "{\"timestamp\":\"" TIME
             "\",\"level\":\"INFO\",\"message\":\"hello\",\"requestId\":\"id\\\"1\"}\n");
}

static const char *const levels[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

TEST(writes_the_wanted_level_and_what_is_worse) {
  for (size_t wanted = 0; wanted < COUNT(levels); wanted++) {
    configure("JSON", levels[wanted]);
    for (size_t level = 0; level < COUNT(levels); level++) {
      const text_slice line = logged((lambda_log_level)level, IN_JSON, "hello");
      CHECK_NUMBER(levels[wanted], line.size > 0, level >= wanted);
      CHECK(levels[level], line.size == 0 || strstr(output, levels[level]) != NULL);
    }
  }
}

TEST(writes_info_and_worse_when_the_level_is_not_known) {
  static const char *const unknown[] = {NULL, "", "LOUD"};
  for (size_t i = 0; i < COUNT(unknown); i++) {
    configure(NULL, unknown[i]);
    CHECK_NUMBER("debug", logged(LAMBDA_LOG_DEBUG, IN_TEXT, "hello").size, 0);
    CHECK("info", logged(LAMBDA_LOG_INFO, IN_TEXT, "hello").size > 0);
  }
}

TEST(reads_the_level_in_any_case) {
  configure(NULL, "Error");
  CHECK_NUMBER("warn", logged(LAMBDA_LOG_WARN, IN_TEXT, "hello").size, 0);
  CHECK("error", logged(LAMBDA_LOG_ERROR, IN_TEXT, "hello").size > 0);
}

TEST(a_message_can_not_forge_a_line) {
  configure(NULL, NULL);
  CHECK_TEXT("text", logged(LAMBDA_LOG_INFO, IN_TEXT, "a\n[FATAL]\tb\r\x1B[2J\xFF"),
             "[INFO]\t" TIME "\t\ta\\n[FATAL]\\u0009b\\u000d\\u001b[2J\\ufffd\n");
}

TEST(a_line_of_text_has_quotes_and_backslashes_as_they_are) {
  configure(NULL, NULL);
  runtime_log_set_request_id(guarded_string("id\"1"));
  CHECK_TEXT("text", logged(LAMBDA_LOG_INFO, IN_TEXT, "{\"a\":\"C:\\b\"}"),
             "[INFO]\t" TIME "\tid\"1\t{\"a\":\"C:\\b\"}\n");
}

TEST(cuts_a_long_message_between_characters) {
  static char message[5000];
  memset(message, 'a', sizeof message - 1);
  message[4094] = '\xC3';
  message[4095] = '\xA9';
  configure(NULL, NULL);
  const text_slice line = logged(LAMBDA_LOG_INFO, IN_TEXT, message);
  CHECK("no half a character", memmem(line.data, line.size, "\\ufffd", 6) == NULL);
  CHECK_NUMBER("size", line.size, strlen("[INFO]\t" TIME "\t\t\n") + 4094);
}

TEST(cuts_a_message_at_4095_bytes) {
  static char message[5000];
  memset(message, 'a', sizeof message - 1);
  configure(NULL, NULL);
  const text_slice line = logged(LAMBDA_LOG_INFO, IN_TEXT, message);
  CHECK_NUMBER("size", line.size, strlen("[INFO]\t" TIME "\t\t\n") + 4095);
}

TEST(a_line_of_escapes_only_is_still_whole) {
  static char message[5000];
  static char request_id[1000];
  memset(message, '\x01', sizeof message - 1);
  memset(request_id, '\x01', sizeof request_id);
  configure("JSON", NULL);
  runtime_log_set_request_id((text_slice){request_id, sizeof request_id});
  const text_slice line = logged(LAMBDA_LOG_INFO, IN_JSON, message);
  CHECK("the end", text_slice_ends_with(line, TEXT_LITERAL("\\u0001\"}\n")));
}

RUN_TESTS(cmocka_unit_test(writes_text_unless_told_otherwise),
          cmocka_unit_test(writes_json_when_told), cmocka_unit_test(names_the_invocation),
          cmocka_unit_test(writes_the_wanted_level_and_what_is_worse),
          cmocka_unit_test(writes_info_and_worse_when_the_level_is_not_known),
          cmocka_unit_test(reads_the_level_in_any_case),
          cmocka_unit_test(a_message_can_not_forge_a_line),
          cmocka_unit_test(a_line_of_text_has_quotes_and_backslashes_as_they_are),
          cmocka_unit_test(cuts_a_long_message_between_characters),
          cmocka_unit_test(cuts_a_message_at_4095_bytes),
          cmocka_unit_test(a_line_of_escapes_only_is_still_whole))
