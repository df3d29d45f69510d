/* An HTTP response and its status, as aws-lambda-cpp has them. */
#ifndef COUNTERSIGN_AWS_HTTP_RESPONSE_H
#define COUNTERSIGN_AWS_HTTP_RESPONSE_H

#include <aws/lambda-runtime/outcome.h>

#include <algorithm>
#include <cctype> /* not for us: programs get it from here */
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace aws {
namespace http {

enum class response_code {
  REQUEST_NOT_MADE = -1,
  CONTINUE = 100,
  SWITCHING_PROTOCOLS = 101,
  PROCESSING = 102,
  OK = 200,
  CREATED = 201,
  ACCEPTED = 202,
  NON_AUTHORITATIVE_INFORMATION = 203,
  NO_CONTENT = 204,
  RESET_CONTENT = 205,
  PARTIAL_CONTENT = 206,
  MULTI_STATUS = 207,
  ALREADY_REPORTED = 208,
  IM_USED = 226,
  MULTIPLE_CHOICES = 300,
  MOVED_PERMANENTLY = 301,
  FOUND = 302,
  SEE_OTHER = 303,
  NOT_MODIFIED = 304,
  USE_PROXY = 305,
  SWITCH_PROXY = 306,
  TEMPORARY_REDIRECT = 307,
  PERMANENT_REDIRECT = 308,
  BAD_REQUEST = 400,
  UNAUTHORIZED = 401,
  PAYMENT_REQUIRED = 402,
  FORBIDDEN = 403,
  NOT_FOUND = 404,
  METHOD_NOT_ALLOWED = 405,
  NOT_ACCEPTABLE = 406,
  PROXY_AUTHENTICATION_REQUIRED = 407,
  REQUEST_TIMEOUT = 408,
  CONFLICT = 409,
  GONE = 410,
  LENGTH_REQUIRED = 411,
  PRECONDITION_FAILED = 412,
  REQUEST_ENTITY_TOO_LARGE = 413,
  REQUEST_URI_TOO_LONG = 414,
  UNSUPPORTED_MEDIA_TYPE = 415,
  REQUESTED_RANGE_NOT_SATISFIABLE = 416,
  EXPECTATION_FAILED = 417,
  IM_A_TEAPOT = 418,
  AUTHENTICATION_TIMEOUT = 419,
  METHOD_FAILURE = 420,
  UNPROC_ENTITY = 422,
  LOCKED = 423,
  FAILED_DEPENDENCY = 424,
  UPGRADE_REQUIRED = 426,
  PRECONDITION_REQUIRED = 427,
  TOO_MANY_REQUESTS = 429,
  REQUEST_HEADER_FIELDS_TOO_LARGE = 431,
  LOGIN_TIMEOUT = 440,
  NO_RESPONSE = 444,
  RETRY_WITH = 449,
  BLOCKED = 450,
  REDIRECT = 451,
  REQUEST_HEADER_TOO_LARGE = 494,
  CERT_ERROR = 495,
  NO_CERT = 496,
  HTTP_TO_HTTPS = 497,
  CLIENT_CLOSED_TO_REQUEST = 499,
  INTERNAL_SERVER_ERROR = 500,
  NOT_IMPLEMENTED = 501,
  BAD_GATEWAY = 502,
  SERVICE_UNAVAILABLE = 503,
  GATEWAY_TIMEOUT = 504,
  HTTP_VERSION_NOT_SUPPORTED = 505,
  VARIANT_ALSO_NEGOTIATES = 506,
  INSUFFICIENT_STORAGE = 507,
  LOOP_DETECTED = 508,
  BANDWIDTH_LIMIT_EXCEEDED = 509,
  NOT_EXTENDED = 510,
  NETWORK_AUTHENTICATION_REQUIRED = 511,
  NETWORK_READ_TIMEOUT = 598,
  NETWORK_CONNECT_TIMEOUT = 599,
};

/* What get_header() gives. In some versions of aws-lambda-cpp that is a string, in
 * others an outcome: this is both. As a string, a missing header is empty. */
class header_value : public std::string {
public:
  header_value() = default; /* missing */

  explicit header_value(std::string const &value) : std::string(value), m_success(true) {
  }

  operator lambda_runtime::outcome<std::string, bool>() const {
    using outcome = lambda_runtime::outcome<std::string, bool>;
    return m_success ? outcome(get_result()) : outcome(false);
  }

  bool is_success() const {
    return m_success;
  }

  std::string const &get_result() const & {
    return *this;
  }
  std::string &&get_result() && {
    return std::move(*this);
  }

  bool get_failure() const {
    return false;
  }

private:
  bool m_success = false;
};

class response {
public:
  /* Names are kept in lower case, and are asked for in lower case. */
  void add_header(std::string name, std::string const &value) {
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    m_headers.emplace_back(std::move(name), header_value(value));
  }

  bool has_header(char const *header) const {
    return find(header) != m_headers.end();
  }

  /* Valid until the next add_header(). */
  header_value const &get_header(char const *header) const {
    static header_value const missing{};
    auto const found = find(header);
    return found == m_headers.end() ? missing : found->second;
  }

  void append_body(char const *p, std::size_t sz) {
    m_body.append(p, sz);
  }

  std::string const &get_body() const {
    return m_body;
  }

  response_code get_response_code() const {
    return m_response_code;
  }

  void set_response_code(response_code c) {
    m_response_code = c;
  }

  /* Null, for a response without one, is the empty string. */
  void set_content_type(char const *ct) {
    m_content_type = ct == nullptr ? "" : ct;
  }

  std::string const &get_content_type() const {
    return m_content_type;
  }

private:
  using headers = std::vector<std::pair<std::string, header_value>>;

  headers::const_iterator find(char const *name) const {
    return std::find_if(m_headers.begin(), m_headers.end(),
                        [name](headers::value_type const &header) { return header.first == name; });
  }

  response_code m_response_code = response_code::REQUEST_NOT_MADE;
  headers m_headers;
  std::string m_body;
  std::string m_content_type;
};

} // namespace http
} // namespace aws

#endif
