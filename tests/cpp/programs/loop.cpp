// A loop of the program's own, as the runtimes of other languages are built on
// aws-lambda-cpp: one client for all, the endpoint from the environment.
#include <aws/lambda-runtime/runtime.h>
#include <aws/lambda-runtime/version.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

static std::unique_ptr<aws::lambda_runtime::runtime> client;

static std::string endpoint() {
  char const *address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  return std::string("http://") + (address == nullptr ? "127.0.0.1:9001" : address);
}

static int report_init_error() {
  aws::lambda_runtime::runtime_response const response(
      R"({"errorMessage":"no module","errorType":"ImportError","stackTrace":[]})",
      "application/json", R"({"exceptions":[]})");
  auto const outcome = client->post_init_error(response);
  return outcome.is_success() ? 3 : 4;
}

int main(int argc, char *argv[]) {
  using aws::lambda_runtime::invocation_response;
  std::string const user_agent = std::string("loop/") + aws::lambda_runtime::get_version();
  client.reset(new aws::lambda_runtime::runtime(endpoint(), user_agent));
  if (argc > 1 && std::strcmp(argv[1], "init") == 0) {
    return report_init_error();
  }
  for (;;) {
    auto outcome = client->get_next();
    if (!outcome.is_success()) {
      std::printf("next: %d\n", static_cast<int>(outcome.get_failure()));
      return 5;
    }
    auto const request = std::move(outcome).get_result();
    bool const fails = request.payload == "fail";
    if (request.payload == "nobody") {
      auto const response = invocation_response::failure("message", "Some::Type");
      auto const failed = client->post_failure("", response);
      auto const succeeded = client->post_success("", response);
      std::printf("nobody: %d %d\n", static_cast<int>(failed.get_failure()),
                  static_cast<int>(succeeded.get_failure()));
      std::fflush(stdout);
      continue;
    }
    auto const posted =
        fails ? client->post_failure(request.request_id,
                                     invocation_response::failure("message", "Some::Type", ""),
                                     request.invocation_id)
              : client->post_success(request.request_id,
                                     invocation_response::success(request.payload, ""));
    if (!posted.is_success()) {
      std::printf("post: %d\n", static_cast<int>(posted.get_failure()));
      std::fflush(stdout);
    }
  }
}
