// Compiled without exceptions and without type information.
#include <aws/lambda-runtime/runtime.h>

using namespace aws::lambda_runtime;

int main() {
  run_handler([](invocation_request const &request) {
    return request.payload == "fail" ? invocation_response::failure("message", "Type")
                                     : invocation_response::success(request.payload, "text/plain");
  });
}
