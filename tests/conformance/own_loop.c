/* A loop of its own, without lambda_run(): answers each event with its bytes, one
 * that begins with "!fail " with a failure, and says what each call returned. "!respond
 * to ID" and "!fail for ID" answer another event.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/lambda.h"

static bool begins_with(lambda_slice text, const char *prefix) {
  return text.size >= strlen(prefix) && memcmp(text.data, prefix, strlen(prefix)) == 0;
}

static void answer(lambda_connection *connection, const lambda_invocation *invocation) {
  const lambda_slice event = invocation->payload;
  const char *content_type = begins_with(event, "!text ") ? "text/plain" : NULL;
  int status;
  if (begins_with(event, "!respond to ")) {
    const lambda_slice id = {event.data + 12, event.size - 12};
    status = lambda_respond(connection, id, event, NULL);
  } else if (begins_with(event, "!fail for ")) {
    const lambda_slice id = {event.data + 10, event.size - 10};
    status = lambda_respond_error(connection, id, "Function.Broken", event);
  } else if (begins_with(event, "!fail ")) {
    const lambda_slice message = {event.data + 6, event.size - 6};
    status = lambda_respond_error(connection, invocation->request_id, "Function.Broken", message);
  } else {
    status = lambda_respond(connection, invocation->request_id, event, content_type);
  }
  lambda_log(LAMBDA_LOG_INFO, "answered %d", status);
}

int main(void) {
  const char *arena = getenv("ECHO_ARENA_BYTES");
  const lambda_options options = {.arena_bytes =
                                      arena == NULL ? 0 : (size_t)strtoull(arena, NULL, 10)};
  lambda_disconnect(NULL);
  lambda_connection *connection = lambda_connect(&options);
  if (connection == NULL) {
    return 3;
  }
  lambda_invocation invocation;
  for (int status = 1; status != 0;) {
    status = lambda_next(connection, &invocation);
    lambda_log(LAMBDA_LOG_INFO, "next %d", status);
    if (status == 200) {
      answer(connection, &invocation);
    }
  }
  lambda_disconnect(connection);
  return 4;
}
