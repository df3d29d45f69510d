// Answers each event with the event.
#include <aws/lambda-runtime/runtime.h>

using aws::lambda_runtime::invocation_request;
using aws::lambda_runtime::invocation_response;

int main() {
  aws::lambda_runtime::run_handler([](const invocation_request &event) {
    return invocation_response::success(event.payload, "application/json");
  });
  return 0;
}
