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

static lambda_slice *field_for(lambda_invocation *invocation, lambda_slice name) {
  for (size_t i = 0; i < sizeof text_headers / sizeof text_headers[0]; i++) {
    if (text_slice_equal_ignoring_case(name, text_headers[i].name)) {
      return (lambda_slice *)((char *)invocation + text_headers[i].offset);
    }
  }
  return NULL;
}

void runtime_invocation_take_field(lambda_invocation *invocation, text_pair header) {
  if (text_slice_equal_ignoring_case(header.name, TEXT_LITERAL("Lambda-Runtime-Deadline-Ms"))) {
    /* A deadline that can't be read is one that was not told. */
    (void)text_decimal_parse(header.value, INT64_MAX, &invocation->deadline_ms);
    return;
  }
  lambda_slice *field = field_for(invocation, header.name);
  if (field != NULL && header.value.size > 0) {
    *field = header.value;
  }
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
