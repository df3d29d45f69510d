// A function as aws-lambda-cpp's users write it: which handler it runs is told by
// _HANDLER.
#include <aws/lambda-runtime/runtime.h>
#include <aws/logging/logging.h>

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>

using namespace aws::lambda_runtime;

namespace shop {
struct no_stock : std::logic_error {
  using std::logic_error::logic_error;
};
} // namespace shop

static char const TAG[] = "HANDLERS";

// The name that most people choose: nothing of the runtime's may have it.
static invocation_response lambda_handler(invocation_request const &request) {
  return invocation_response::success(request.payload, "application/json");
}

static invocation_response fail(invocation_request const &) {
  return invocation_response::failure("kein Eimer \xF0\x9F\xAA\xA3, \"gar\" keiner\n",
                                      "TestErrorType");
}

static invocation_response fail_freely(invocation_request const &) {
  return {R"({"errorMessage":"own","errorType":"Own","stackTrace":["here"]})", "application/json",
          false};
}

static invocation_response fail_for_xray(invocation_request const &) {
  return invocation_response::failure("message", "Type", R"({"exceptions":[]})");
}

// With a cause of so many bytes.
static invocation_response fail_at_length(invocation_request const &request) {
  std::string const cause(std::stoul(request.payload) - 2, 'x');
  return invocation_response::failure("message", "Type", '"' + cause + '"');
}

static invocation_response picture(invocation_request const &) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) {
    every_byte += static_cast<char>(byte);
  }
  return invocation_response::success(std::move(every_byte), "image/png");
}

static invocation_response large(invocation_request const &request) {
  return invocation_response::success(std::string(std::stoul(request.payload), 'x'), "text/plain");
}

static invocation_response throw_error(invocation_request const &) {
  throw std::runtime_error("kein Eimer \xF0\x9F\xAA\xA3");
}

static invocation_response throw_own(invocation_request const &) {
  throw shop::no_stock("none left");
}

static invocation_response throw_number(invocation_request const &) {
  throw 42;
}

static invocation_response throw_bad_alloc(invocation_request const &) {
  return invocation_response::success(std::string(std::string().max_size() / 2, ' '), "");
}

static invocation_response fields(invocation_request const &request) {
  std::string lines;
  for (std::string const &field :
       {request.payload, request.request_id, request.xray_trace_id, request.client_context,
        request.cognito_identity, request.function_arn, request.content_type, request.tenant_id,
        request.invocation_id}) {
    lines += field + '\n';
  }
  auto const since_epoch = request.deadline.time_since_epoch();
  lines +=
      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count());
  lines += request.get_time_remaining().count() > 0 ? "\nin time" : "\nlate";
  char const *trace = std::getenv("_X_AMZN_TRACE_ID");
  return invocation_response::success(lines + '\n' + (trace == nullptr ? "none" : trace),
                                      "text/plain");
}

static invocation_response write_log(invocation_request const &request) {
  aws::logging::log_error(TAG, "an error: %s", request.payload.c_str());
  aws::logging::log_info(TAG, "some information: %d", 1);
  aws::logging::log_debug(TAG, "some detail: %d", 2);
  return invocation_response::success("logged", "text/plain");
}

static int volatile *volatile nowhere = nullptr;

__attribute__((noinline)) static void write_nowhere() {
  *nowhere = 1;
}

static invocation_response crash(invocation_request const &) {
  write_nowhere();
  return invocation_response::success("", "");
}

// Nobody can catch this one.
static invocation_response crash_in_noexcept(invocation_request const &) {
  std::function<void()> const thrower = []() { throw std::runtime_error("not to be caught"); };
  [&thrower]() noexcept { thrower(); }();
  return invocation_response::success("", "");
}

int main(int argc, char *argv[]) {
  int calls = 0;
  std::unordered_map<std::string, std::function<invocation_response(invocation_request const &)>>
      handlers;
  handlers.emplace("echo", lambda_handler);
  handlers.emplace("fail", fail);
  handlers.emplace("fail_freely", fail_freely);
  handlers.emplace("fail_for_xray", fail_for_xray);
  handlers.emplace("fail_at_length", fail_at_length);
  handlers.emplace("picture", picture);
  handlers.emplace("large", large);
  handlers.emplace("throw_error", throw_error);
  handlers.emplace("throw_own", throw_own);
  handlers.emplace("throw_number", throw_number);
  handlers.emplace("throw_bad_alloc", throw_bad_alloc);
  handlers.emplace("fields", fields);
  handlers.emplace("log", write_log);
  handlers.emplace("crash", crash);
  handlers.emplace("crash_in_noexcept", crash_in_noexcept);
  handlers.emplace("count", [&calls](invocation_request const &) {
    return invocation_response::success(std::to_string(++calls), "text/plain");
  });
  handlers.emplace("empty", std::function<invocation_response(invocation_request const &)>());

  char const *name = std::getenv("_HANDLER");
  auto const found = handlers.find(name == nullptr ? "" : name);
  if (found == handlers.end()) {
    aws::logging::log_error(TAG, "there is no handler %s", argc > 1 ? argv[1] : "");
    return 2;
  }
  run_handler(found->second);
  return 0;
}
