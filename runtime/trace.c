#include "trace.h"

#include <stdlib.h>
#include <string.h>

#define NAME "_X_AMZN_TRACE_ID"

enum { VALUE_MAX_BYTES = 1024 };

/* The environment points at this text, so that a new id needs no new memory. */
static char variable[sizeof NAME "=" + VALUE_MAX_BYTES] = NAME "=";
static bool published;

void trace_publish(lambda_slice trace_id) {
  const bool usable = trace_id.size > 0 && trace_id.size <= VALUE_MAX_BYTES;
  if (usable) {
    char *value = variable + sizeof NAME;
    memcpy(value, trace_id.data, trace_id.size);
    value[trace_id.size] = '\0';
  }
  if (usable && !published) {
    published = putenv(variable) == 0;
  } else if (!usable && getenv(NAME) != NULL) {
    published = unsetenv(NAME) != 0; /* it may be inherited */
  }
}
