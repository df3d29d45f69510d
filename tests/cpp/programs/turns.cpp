// Asks for events on one thread and answers them on another: `turns one` on always the
// same, `turns new` on a new one for each.
#include <aws/lambda-runtime/runtime.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

using namespace aws::lambda_runtime;

static invocation_request ask(runtime &client) {
  auto outcome = client.get_next();
  if (!outcome.is_success()) {
    std::_Exit(4);
  }
  return std::move(outcome).get_result();
}

static void answer(runtime &client, invocation_request const &request) {
  auto const response = invocation_response::success(request.payload, "text/plain");
  if (!client.post_success(request.request_id, response).is_success()) {
    std::_Exit(5);
  }
}

static void answer_on_new_threads(runtime &client) {
  for (;;) {
    invocation_request const request = ask(client);
    std::thread([&] { answer(client, request); }).join();
  }
}

static void answer_on_one_thread(runtime &client) {
  std::mutex mutex;
  std::condition_variable changed;
  invocation_request request;
  bool asked = false;
  std::thread const other([&] {
    std::unique_lock<std::mutex> lock(mutex);
    for (;; asked = false, changed.notify_all()) {
      changed.wait(lock, [&] { return asked; });
      answer(client, request);
    }
  });
  std::unique_lock<std::mutex> lock(mutex);
  for (;;) {
    request = ask(client);
    asked = true;
    changed.notify_all();
    changed.wait(lock, [&] { return !asked; });
  }
}

int main(int, char *argv[]) {
  runtime client(std::string("http://") + std::getenv("AWS_LAMBDA_RUNTIME_API"));
  (std::strcmp(argv[1], "new") == 0 ? answer_on_new_threads : answer_on_one_thread)(client);
}
