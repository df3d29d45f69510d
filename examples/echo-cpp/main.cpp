// Answers each event with the event, as a program for aws-lambda-cpp does it.
#include <aws/lambda-runtime/runtime.h>

#include <stdexcept>

using namespace aws::lambda_runtime;

static invocation_response echo(invocation_request const &request) {
  if (request.payload.empty()) {
    throw std::invalid_argument("there is nothing to echo");
  }
  return invocation_response::success(request.payload, "application/json");
}

int main() {
  run_handler(echo);
}
