/* Lambda functions in C++, with the API of aws-lambda-cpp.
 *
 *   static invocation_response echo(invocation_request const &request) {
 *     return invocation_response::success(request.payload, "application/json");
 *   }
 *   int main() { aws::lambda_runtime::run_handler(echo); }
 *
 * docs/runtime.md says what behaves otherwise than there.
 */
#ifndef COUNTERSIGN_AWS_LAMBDA_RUNTIME_RUNTIME_H
#define COUNTERSIGN_AWS_LAMBDA_RUNTIME_RUNTIME_H

#include <aws/http/response.h>
#include <aws/lambda-runtime/outcome.h>

#include <array> /* not for us: programs get it from here */
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace aws {
namespace lambda_runtime {
namespace detail {
struct failure_of;
}

/* One invocation. What the Runtime API did not send is empty. */
struct invocation_request {
  std::string payload; /* the event: usually JSON, but any bytes */
  std::string request_id;
  std::string xray_trace_id;
  std::string client_context;   /* JSON, from mobile SDKs */
  std::string cognito_identity; /* JSON */
  std::string function_arn;
  std::string content_type;
  /* When the function is stopped; the epoch when that was not told. */
  std::chrono::time_point<std::chrono::system_clock> deadline;
  std::string tenant_id;
  std::string invocation_id; /* of this try of the request; for runtime::post_...() */

  /* Negative when the deadline has passed or was not told. */
  std::chrono::milliseconds get_time_remaining() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline -
                                                                 std::chrono::system_clock::now());
  }
};

/* What is posted to the Runtime API. */
class runtime_response {
public:
  /* `xray_response` tells X-Ray of an error: one line of JSON, or empty. It is not passed
   * on when it has more than some 16 kB. */
  runtime_response(std::string const &payload, std::string const &content_type,
                   std::string const &xray_response)
      : m_payload(payload), m_content_type(content_type), m_xray_response(xray_response) {
  }

  std::string const &get_payload() const {
    return m_payload;
  }
  std::string const &get_content_type() const {
    return m_content_type;
  }
  std::string const &get_xray_response() const {
    return m_xray_response;
  }

protected:
  runtime_response() = default;

  std::string m_payload;
  std::string m_content_type;
  std::string m_xray_response;
};

/* What a handler returns: an answer or a failure. */
class invocation_response : public runtime_response {
public:
  /* With `success` false, for an error report of one's own: success() and failure()
   * do for everything else. */
  invocation_response(std::string const &payload, std::string const &content_type, bool success,
                      std::string const &xray_response = std::string())
      : runtime_response(payload, content_type, xray_response), m_success(success) {
  }

  static invocation_response success(std::string payload, std::string content_type);

  /* The caller gets both as JSON. They are UTF-8. */
  static invocation_response failure(std::string const &error_message,
                                     std::string const &error_type,
                                     std::string const &xray_response = std::string());

  bool is_success() const {
    return m_success;
  }

private:
  friend struct detail::failure_of;

  invocation_response() = default;

  bool m_success = false;
  /* What failure() was given, for the log and the Runtime API's header. */
  std::string m_error_message;
  std::string m_error_type;
};

struct no_result {};

/* The Runtime API, for a loop of one's own. Threads may share one. */
class runtime {
public:
  using next_outcome = outcome<invocation_request, http::response_code>;
  using post_outcome = outcome<no_result, http::response_code>;

  /* `endpoint` is "http://" and $AWS_LAMBDA_RUNTIME_API. */
  runtime(std::string const &endpoint);
  runtime(std::string const &endpoint, std::string const &user_agent);

  /* Waits for the next invocation. The failure is the HTTP status, or
   * REQUEST_NOT_MADE when there was none. */
  next_outcome get_next();

  /* With the invocation_id of the request, an answer that comes too late is refused
   * rather than taken for that of another try. */
  post_outcome post_success(std::string const &request_id,
                            invocation_response const &handler_response,
                            std::string const &invocation_id = std::string());
  post_outcome post_failure(std::string const &request_id,
                            invocation_response const &handler_response,
                            std::string const &invocation_id = std::string());

  /* Says that the function can't start; the process should end after it. */
  post_outcome post_init_error(runtime_response const &init_error_response);

private:
  class connections;
  std::shared_ptr<connections> m_connections;
};

/* Serves invocations until the platform stops the process: returns after a
 * SIGTERM, and ends the process with status 1 when the Runtime API can't be
 * reached or refuses to go on. With AWS_LAMBDA_MAX_CONCURRENCY, which only Managed
 * Instances set, the handler is called by so many threads at once.
 *
 * An exception that the handler throws fails the invocation, with the exception's
 * type and what(). */
void run_handler(std::function<invocation_response(invocation_request const &)> const &handler);

} // namespace lambda_runtime
} // namespace aws

#include <countersign/cpp/runtime.h>

#endif
