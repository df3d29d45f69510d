// One client for several threads.
#include <aws/lambda-runtime/runtime.h>

#include <cstdlib>
#include <thread>
#include <vector>

using namespace aws::lambda_runtime;

static void serve(runtime client, int count) { // a copy shares its connections
  for (int i = 0; i < count; ++i) {
    auto const outcome = client.get_next();
    if (!outcome.is_success()) {
      std::exit(4);
    }
    auto const &request = outcome.get_result();
    auto const answer = invocation_response::success(request.payload, "text/plain");
    if (!client.post_success(request.request_id, answer).is_success()) {
      std::exit(5);
    }
  }
}

int main(int, char *argv[]) {
  runtime const client(std::string("http://") + std::getenv("AWS_LAMBDA_RUNTIME_API"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(serve, client, std::atoi(argv[1]));
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
}
