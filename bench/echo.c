/* The smallest function on runtime/lambda.h: what the runtime itself costs. */
#include "runtime/lambda.h"

static int echo(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  (void)context;
  return lambda_reply_append(reply, invocation->payload);
}

int main(void) {
  return lambda_run(NULL, echo, NULL);
}
