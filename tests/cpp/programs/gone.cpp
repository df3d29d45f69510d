// Writes to the log after the client that got the invocation has gone.
#include <aws/lambda-runtime/runtime.h>
#include <aws/logging/logging.h>

#include <cstdlib>

int main() {
  {
    aws::lambda_runtime::runtime client(std::string("http://") +
                                        std::getenv("AWS_LAMBDA_RUNTIME_API"));
    if (!client.get_next().is_success()) {
      return 1;
    }
  }
  aws::logging::log_error("GONE", "afterwards");
}
