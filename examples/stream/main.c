/* Counts, for a function URL with response streaming: each line goes out at once. */
#include <countersign/lambda.h>
#include <stdio.h>
#include <unistd.h>

static int count(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  const lambda_pair headers[] = {{TEXT_LITERAL("Content-Type"), TEXT_LITERAL("text/plain")}};
  const lambda_http_head head = {.status_code = 200, .headers = headers, .header_count = 1};
  (void)invocation;
  (void)context;
  lambda_stream_http(reply, &head);
  for (int number = 1; number <= 10; number++) {
    char line[16];
    const int size = snprintf(line, sizeof line, "%d\n", number);
    if (lambda_stream_write(reply, (lambda_slice){line, (size_t)size}) != 0) {
      return 0; /* nobody listens any more */
    }
    usleep(100 * 1000);
  }
  return 0;
}

int main(void) {
  return lambda_run(NULL, count, NULL);
}
