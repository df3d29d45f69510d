#include "invocation.h"

#include <stddef.h>

#include "text/clock.h"
#include "text/decimal.h"

/* Headers that are kept as they are, and where. */
static const struct {
  lambda_slice name;
  size_t offset;
} text_headers[] = {
    {TEXT_INITIALIZER("Lambda-Runtime-Aws-Request-Id"), offsetof(lambda_invocation, request_id)},
    {TEXT_INITIALIZER("Lambda-Runtime-Invoked-Function-Arn"),
     offsetof(lambda_invocation, function_arn)},
    {TEXT_INITIALIZER("Lambda-Runtime-Trace-Id"), offsetof(lambda_invocation, trace_id)},
    {TEXT_INITIALIZER("Lambda-Runtime-Client-Context"),
     offsetof(lambda_invocation, client_context)},
    {TEXT_INITIALIZER("Lambda-Runtime-Cognito-Identity"),
     offsetof(lambda_invocation, cognito_identity)},
    {TEXT_INITIALIZER("Lambda-Runtime-Aws-Tenant-Id"), offsetof(lambda_invocation, tenant_id)},
    {TEXT_INITIALIZER("Content-Type"), offsetof(lambda_invocation, content_type)},
    {TEXT_INITIALIZER(RUNTIME_INVOCATION_ID_HEADER), offsetof(lambda_invocation, invocation_id)},
};

static lambda_slice trim_line_end(lambda_slice line) {
  while (line.size > 0 && (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r')) {
    line.size--;
  }
  return line;
}

static lambda_slice *field_for(lambda_invocation *invocation, lambda_slice name) {
  for (size_t i = 0; i < sizeof text_headers / sizeof text_headers[0]; i++) {
    if (text_slice_equal_ignoring_case(name, text_headers[i].name)) {
      return (lambda_slice *)((char *)invocation + text_headers[i].offset);
    }
  }
  return NULL;
}

bool runtime_invocation_take_header(lambda_invocation *invocation, text_arena *arena,
                                    lambda_slice line) {
  lambda_slice rest = trim_line_end(line);
  lambda_slice name;
  if (!text_slice_split(&rest, ':', &name)) {
    return true;
  }
  const lambda_slice value = text_slice_trim(rest);
  if (text_slice_equal_ignoring_case(name, TEXT_LITERAL("Lambda-Runtime-Deadline-Ms"))) {
    /* A deadline that can't be read is one that was not told. */
    (void)text_decimal_parse(value, INT64_MAX, &invocation->deadline_ms);
    return true;
  }
  lambda_slice *field = field_for(invocation, name);
  if (field == NULL || value.size == 0) {
    return true;
  }
  *field = text_arena_copy(arena, value);
  return field->data != NULL;
}

bool runtime_request_id_is_usable(lambda_slice id) {
  return id.size > 0 && !text_slice_equal(id, TEXT_LITERAL(".")) &&
         !text_slice_equal(id, TEXT_LITERAL(".."));
}

int64_t lambda_remaining_ms(const lambda_invocation *invocation) {
  if (invocation->deadline_ms == 0) {
    return INT64_MAX;
  }
  const int64_t now_ms = text_clock_epoch_ms();
  return invocation->deadline_ms > now_ms ? invocation->deadline_ms - now_ms : 0;
}
