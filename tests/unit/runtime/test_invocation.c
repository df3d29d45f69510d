#include "runtime/invocation.h"

#include <time.h>

#include "tests/unit/support.h"

/* `line` has its value right behind the colon. */
static lambda_invocation take(const char *line) {
  lambda_invocation invocation = {0};
  text_pair header = {.value = guarded_string(line)};
  (void)text_slice_split(&header.value, ':', &header.name);
  runtime_invocation_take_field(&invocation, header);
  return invocation;
}

static const struct {
  const char *line;
  size_t field;
} headers[] = {
    {"Lambda-Runtime-Aws-Request-Id:value", offsetof(lambda_invocation, request_id)},
    {"Lambda-Runtime-Invoked-Function-Arn:value", offsetof(lambda_invocation, function_arn)},
    {"Lambda-Runtime-Trace-Id:value", offsetof(lambda_invocation, trace_id)},
    {"Lambda-Runtime-Client-Context:value", offsetof(lambda_invocation, client_context)},
    {"Lambda-Runtime-Cognito-Identity:value", offsetof(lambda_invocation, cognito_identity)},
    {"Lambda-Runtime-Aws-Tenant-Id:value", offsetof(lambda_invocation, tenant_id)},
    {"Content-Type:value", offsetof(lambda_invocation, content_type)},
};

TEST(each_header_goes_into_its_field) {
  for (size_t i = 0; i < COUNT(headers); i++) {
    const lambda_invocation invocation = take(headers[i].line);
    for (size_t other = 0; other < COUNT(headers); other++) {
      const char *field = (const char *)&invocation + headers[other].field;
      CHECK_TEXT(headers[i].line, *(const lambda_slice *)(const void *)field,
                 other == i ? "value" : "");
    }
    CHECK_NUMBER(headers[i].line, invocation.deadline_ms, 0);
  }
}

static const struct {
  const char *line, *content_type;
} lines[] = {
    {"Content-Type:a/b", "a/b"},
    {"cONTENT-tYPE:a/b", "a/b"},
    {"Content-Type:", ""},
    {"Content-Typ:a/b", ""},
    {"Content-Type2:a/b", ""},
    {"Content-Type :a/b", ""},
    {":a/b", ""},
};

TEST(a_name_is_known_in_any_case_and_as_a_whole) {
  for (size_t i = 0; i < COUNT(lines); i++) {
    CHECK_TEXT(lines[i].line, take(lines[i].line).content_type, lines[i].content_type);
  }
}

TEST(keeps_the_last_of_several_values) {
  static const text_pair values[] = {PAIR("Content-Type", "a"), PAIR("Content-Type", "b"),
                                     PAIR("Content-Type", "")};
  lambda_invocation invocation = {0};
  for (size_t i = 0; i < COUNT(values); i++) {
    runtime_invocation_take_field(&invocation, values[i]);
  }
  CHECK_TEXT("value", invocation.content_type, "b");
}

static const struct {
  const char *line;
  int64_t deadline_ms;
} deadlines[] = {
    {"Lambda-Runtime-Deadline-Ms:1774958400000", 1774958400000},
    {"lambda-runtime-deadline-ms:1", 1},
    {"Lambda-Runtime-Deadline-Ms:9223372036854775807", INT64_MAX},
    {"Lambda-Runtime-Deadline-Ms:9223372036854775808", 0},
    {"Lambda-Runtime-Deadline-Ms:0", 0},
    {"Lambda-Runtime-Deadline-Ms:-1", 0},
    {"Lambda-Runtime-Deadline-Ms:1.5", 0},
    {"Lambda-Runtime-Deadline-Ms:soon", 0},
    {"Lambda-Runtime-Deadline-Ms:", 0},
};

TEST(a_deadline_that_can_not_be_read_is_none) {
  for (size_t i = 0; i < COUNT(deadlines); i++) {
    CHECK_NUMBER(deadlines[i].line, take(deadlines[i].line).deadline_ms, deadlines[i].deadline_ms);
  }
}

TEST(what_remains_is_never_negative) {
  const int64_t now_ms = (int64_t)time(NULL) * 1000;
  CHECK_NUMBER("none", lambda_remaining_ms(&(lambda_invocation){.deadline_ms = 0}), INT64_MAX);
  CHECK_NUMBER("past", lambda_remaining_ms(&(lambda_invocation){.deadline_ms = 1}), 0);
  const int64_t hour_ms = 3600000;
  const int64_t minute_ms = 60000;
  const int64_t remaining_ms =
      lambda_remaining_ms(&(lambda_invocation){.deadline_ms = now_ms + hour_ms});
  CHECK("an hour", remaining_ms > hour_ms - minute_ms && remaining_ms <= hour_ms);
}

static const struct {
  const char *id;
  bool usable;
} ids[] = {
    {"8476a536-e9f4-11e8-9739-2dfe598c3fcd", true},
    {"...", true},
    {"a/../b", true},
    {"", false},
    {".", false},
    {"..", false},
};

TEST(an_id_stays_one_segment_of_a_path) {
  for (size_t i = 0; i < COUNT(ids); i++) {
    CHECK_NUMBER(ids[i].id, runtime_request_id_is_usable(guarded_string(ids[i].id)), ids[i].usable);
  }
}

RUN_TESTS(cmocka_unit_test(each_header_goes_into_its_field),
          cmocka_unit_test(a_name_is_known_in_any_case_and_as_a_whole),
          cmocka_unit_test(keeps_the_last_of_several_values),
          cmocka_unit_test(a_deadline_that_can_not_be_read_is_none),
          cmocka_unit_test(what_remains_is_never_negative),
          cmocka_unit_test(an_id_stays_one_segment_of_a_path))
