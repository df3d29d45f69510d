/* Answers each event with the event. */
#include <countersign/lambda.h>

static int echo(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  (void)context;
  if (invocation->payload.size == 0) {
    return lambda_fail(reply, "Function.EmptyEvent", TEXT_LITERAL("there is nothing to echo"));
  }
  return lambda_reply_append(reply, invocation->payload);
}

int main(void) {
  return lambda_run(NULL, echo, NULL);
}
