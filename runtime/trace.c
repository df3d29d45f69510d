#include "trace.h"

#include <stdlib.h>
#include <string.h>

#define NAME "_X_AMZN_TRACE_ID"

enum { VALUE_MAX_BYTES = 1024 };

/* The environment points at this text, so that a new id needs no new memory. */
static char variable[sizeof NAME "=" + VALUE_MAX_BYTES] = NAME "=";

void runtime_trace_publish(lambda_slice trace_id) {
  char *value = variable + sizeof NAME;
  const char *current = getenv(NAME); /* it may be inherited, or a handler's own */
  const bool usable = trace_id.size > 0 && trace_id.size <= VALUE_MAX_BYTES;
  if (usable) {
    memcpy(value, trace_id.data, trace_id.size);
    value[trace_id.size] = '\0';
  }
  if (usable && current != value) {
    (void)putenv(variable);
  } else if (!usable && current != NULL) {
    (void)unsetenv(NAME);
  }
}
