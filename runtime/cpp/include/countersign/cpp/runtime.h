/* What is behind aws/lambda-runtime/runtime.h, which includes it. */
#ifndef COUNTERSIGN_CPP_RUNTIME_H
#define COUNTERSIGN_CPP_RUNTIME_H

#include <countersign/bridge.h>
#include <countersign/cpp/failure.h>

#include <cstdlib>
#include <mutex>
#include <vector>

namespace aws {
namespace lambda_runtime {
namespace detail {

inline std::string string_of(countersign_bytes bytes) {
  return bytes.size == 0 ? std::string() : std::string(bytes.data, bytes.size);
}

inline invocation_request request_of(countersign_request const &given) {
  invocation_request request;
  request.payload = string_of(given.payload);
  request.request_id = string_of(given.request_id);
  request.xray_trace_id = string_of(given.trace_id);
  request.client_context = string_of(given.client_context);
  request.cognito_identity = string_of(given.cognito_identity);
  request.function_arn = string_of(given.function_arn);
  request.content_type = string_of(given.content_type);
  request.deadline += std::chrono::milliseconds(given.deadline_ms);
  request.tenant_id = string_of(given.tenant_id);
  request.invocation_id = string_of(given.invocation_id);
  return request;
}

/* Points into `response` and `error_type`. */
inline countersign_answer answer_of(runtime_response const &response, bool failed,
                                    std::string const &error_type) {
  countersign_answer answer = {};
  answer.failed = failed ? 1 : 0;
  answer.body = bytes_of(response.get_payload());
  answer.content_type = response.get_content_type().c_str();
  answer.error_type = error_type.c_str();
  answer.xray_cause = bytes_of(response.get_xray_response());
  return answer;
}

using handler = std::function<invocation_response(invocation_request const &)>;

inline invocation_response call(handler const &function, countersign_request const &request) {
#if COUNTERSIGN_EXCEPTIONS
  try {
    return function(request_of(request));
  } catch (...) {
    return failure_of_exception();
  }
#else
  return function(request_of(request));
#endif
}

/* Between C on both sides, which no exception may pass. */
inline void handle(countersign_request const *request, countersign_reply *reply,
                   void *context) noexcept {
  invocation_response const response = call(*static_cast<handler const *>(context), *request);
  std::string const error_type = failure_of::header_type(response);
  countersign_answer answer = answer_of(response, !response.is_success(), error_type);
  answer.error_message = bytes_of(failure_of::message(response));
  countersign_reply_with(reply, &answer);
}

} // namespace detail

inline invocation_response invocation_response::success(std::string payload,
                                                        std::string content_type) {
  invocation_response response;
  response.m_success = true;
  response.m_payload = std::move(payload);
  response.m_content_type = std::move(content_type);
  return response;
}

inline invocation_response invocation_response::failure(std::string const &error_message,
                                                        std::string const &error_type,
                                                        std::string const &xray_response) {
  invocation_response response;
  response.m_payload = "{\"errorMessage\":" + detail::quoted(error_message) +
                       ",\"errorType\":" + detail::quoted(error_type) + ",\"stackTrace\":[]}";
  response.m_content_type = "application/json";
  response.m_xray_response = xray_response;
  response.m_error_message = error_message;
  response.m_error_type = error_type;
  return response;
}

/* Connections to the Runtime API, of which each exchange takes one that is idle: a
 * connection serves one thread at a time. */
class runtime::connections {
public:
  connections(std::string const &endpoint, std::string const &user_agent)
      : m_runtime_api(endpoint.compare(0, 7, "http://") == 0 ? endpoint.substr(7) : endpoint),
        m_user_agent(user_agent) {
  }

  connections(connections const &) = delete;
  connections &operator=(connections const &) = delete;

  ~connections() {
    for (countersign_connection *connection : m_idle) {
      countersign_disconnect(connection);
    }
  }

  /* The HTTP status of what `exchange` does with a connection, or 0. */
  template <typename Exchange> int with_one(Exchange exchange) {
    countersign_connection *connection = take();
    if (connection == nullptr) {
      return 0;
    }
    int const status = exchange(connection);
    give(connection);
    return status;
  }

  post_outcome post(std::string const &request_id, std::string const &invocation_id,
                    countersign_answer const &answer) {
    return outcome_of(with_one([&](countersign_connection *connection) {
      return countersign_post(connection, detail::bytes_of(request_id),
                              detail::bytes_of(invocation_id), &answer);
    }));
  }

  post_outcome post_init_error(countersign_answer const &answer) {
    return outcome_of(with_one([&](countersign_connection *connection) {
      return countersign_post_init_error(connection, &answer);
    }));
  }

  static http::response_code code_of(int status) {
    return status == 0 ? http::response_code::REQUEST_NOT_MADE
                       : static_cast<http::response_code>(status);
  }

private:
  static post_outcome outcome_of(int status) {
    if (status >= 200 && status <= 299) {
      return no_result{};
    }
    return code_of(status);
  }

  countersign_connection *take() {
    std::lock_guard<std::mutex> const lock(m_mutex);
    if (m_idle.empty()) {
      m_idle.reserve(++m_count); /* so that give() needs no memory */
      return countersign_connect(m_runtime_api.c_str(),
                                 m_user_agent.empty() ? nullptr : m_user_agent.c_str());
    }
    countersign_connection *connection = m_idle.back();
    m_idle.pop_back();
    return connection;
  }

  void give(countersign_connection *connection) {
    std::lock_guard<std::mutex> const lock(m_mutex);
    m_idle.push_back(connection);
  }

  std::string const m_runtime_api;
  std::string const m_user_agent;
  std::mutex m_mutex;
  std::size_t m_count = 0;
  std::vector<countersign_connection *> m_idle;
};

inline runtime::runtime(std::string const &endpoint) : runtime(endpoint, std::string()) {
}

inline runtime::runtime(std::string const &endpoint, std::string const &user_agent)
    : m_connections(std::make_shared<connections>(endpoint, user_agent)) {
}

inline runtime::next_outcome runtime::get_next() {
  invocation_request request;
  int const status = m_connections->with_one([&request](countersign_connection *connection) {
    countersign_request given = {};
    int const got = countersign_next(connection, &given);
    request = detail::request_of(given);
    return got;
  });
  if (status >= 200 && status <= 299) {
    return request;
  }
  return connections::code_of(status);
}

inline runtime::post_outcome runtime::post_success(std::string const &request_id,
                                                   invocation_response const &handler_response,
                                                   std::string const &invocation_id) {
  return m_connections->post(request_id, invocation_id,
                             detail::answer_of(handler_response, false, std::string()));
}

inline runtime::post_outcome runtime::post_failure(std::string const &request_id,
                                                   invocation_response const &handler_response,
                                                   std::string const &invocation_id) {
  std::string const error_type = detail::failure_of::header_type(handler_response);
  return m_connections->post(request_id, invocation_id,
                             detail::answer_of(handler_response, true, error_type));
}

inline runtime::post_outcome runtime::post_init_error(runtime_response const &init_error_response) {
  return m_connections->post_init_error(
      detail::answer_of(init_error_response, true, "Runtime.InitError"));
}

inline void
run_handler(std::function<invocation_response(invocation_request const &)> const &handler) {
  detail::handler function = handler;
  int const status = countersign_run(detail::handle, &function);
  if (status != 0) {
    /* Returning would let main() report success. */
    std::exit(status);
  }
}

} // namespace lambda_runtime
} // namespace aws

#endif
