// Its handler crashes inside malloc(), which may hold a lock by then: whoever wants
// memory after that would wait for ever. Here the process ends at once instead.
#include <aws/lambda-runtime/runtime.h>

#include <cstddef>
#include <unistd.h>

using namespace aws::lambda_runtime;

// glibc's, by the name that it keeps for this.
extern "C" void *__libc_malloc(std::size_t size);

enum { WANTED_MEMORY = 77 };

static bool volatile crashes;
static bool volatile crashed;
static int volatile *volatile nowhere = nullptr;

extern "C" void *malloc(std::size_t size) noexcept {
  if (crashed) {
    _exit(WANTED_MEMORY);
  }
  if (crashes) {
    crashed = true;
    *nowhere = 1;
  }
  return __libc_malloc(size);
}

static invocation_response handler(invocation_request const &request) {
  crashes = true;
  return invocation_response::success(std::string(1000, 'x') + request.payload, "text/plain");
}

int main() {
  run_handler(handler);
}
