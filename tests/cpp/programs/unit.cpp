// Unit tests of what needs no Runtime API. `unit NAME` runs one; the status is 0 when
// it holds.
#include <aws/http/response.h>
#include <aws/lambda-runtime/outcome.h>
#include <aws/lambda-runtime/runtime.h>
#include <aws/lambda-runtime/version.h>
#include <aws/logging/logging.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

using namespace aws::http;
using namespace aws::lambda_runtime;

static std::map<std::string, void (*)()> &tests() {
  static std::map<std::string, void (*)()> all;
  return all;
}

static bool failed;

#define TEST(name)                                                         \
  static void name();                                                      \
  static bool const name##_is_known = tests().emplace(#name, name).second; \
  static void name()

#define CHECK(condition)                                  \
  do {                                                    \
    if (!(condition)) {                                   \
      failed = true;                                      \
      std::printf("line %d: %s\n", __LINE__, #condition); \
    }                                                     \
  } while (false)

// ---- outcome

using text_or_number = outcome<std::string, int>;

TEST(outcome_of_a_result) {
  text_or_number const o(std::string("result"));
  CHECK(o.is_success());
  CHECK(o.get_result() == "result");
}

TEST(outcome_of_a_failure) {
  text_or_number const o(42);
  CHECK(!o.is_success());
  CHECK(o.get_failure() == 42);
}

TEST(outcome_is_copied) {
  text_or_number const result(std::string(100, 'x'));
  text_or_number const failure(7);
  text_or_number copy(result);
  CHECK(copy.get_result() == result.get_result());
  copy = failure;
  CHECK(!copy.is_success() && copy.get_failure() == 7);
  copy = result;
  CHECK(copy.is_success() && copy.get_result().size() == 100);
}

TEST(outcome_is_moved) {
  using owner = outcome<std::unique_ptr<int>, std::string>;
  owner from(std::unique_ptr<int>(new int(5)));
  owner to(std::move(from));
  CHECK(*to.get_result() == 5);
  to = owner(std::string("failure"));
  CHECK(to.get_failure() == "failure");
  to = owner(std::unique_ptr<int>(new int(6)));
  std::unique_ptr<int> const taken = std::move(to).get_result();
  CHECK(*taken == 6);
}

TEST(outcome_is_assigned_to_itself) {
  text_or_number o(std::string(100, 'x'));
  text_or_number &same = o;
  o = std::move(same);
  CHECK(o.get_result().size() == 100);
  o = same;
  CHECK(o.get_result().size() == 100);
}

TEST(outcome_of_types_without_a_default) {
  struct number {
    explicit number(int value) : value(value) {
    }
    int value;
  };
  outcome<number, response_code> const o(number(3));
  CHECK(o.get_result().value == 3);
}

TEST(outcome_ends_what_it_holds_once) {
  auto const counted = std::make_shared<int>(0);
  {
    outcome<std::shared_ptr<int>, int> o(counted);
    outcome<std::shared_ptr<int>, int> moved(std::move(o));
    moved = outcome<std::shared_ptr<int>, int>(1);
    CHECK(counted.use_count() == 1);
  }
  CHECK(counted.use_count() == 1);
}

// ---- http::response

TEST(response_keeps_headers_in_lower_case) {
  response r;
  r.add_header("X-Custom-HEADER", "Value");
  CHECK(r.has_header("x-custom-header"));
  CHECK(!r.has_header("X-Custom-Header"));
  CHECK(!r.has_header("x-missing"));
}

TEST(response_header_is_an_outcome) {
  response r;
  r.add_header("Content-Type", "application/json");
  auto out = r.get_header("content-type");
  CHECK(out.is_success());
  CHECK(out.get_result() == "application/json");
  out = r.get_header("x-missing");
  CHECK(!out.is_success());
  outcome<std::string, bool> const plain = r.get_header("content-type");
  CHECK(plain.get_result() == "application/json");
}

TEST(response_header_is_a_string) {
  response r;
  r.add_header("Content-Type", "application/json");
  std::string const value = r.get_header("content-type");
  CHECK(value == "application/json");
  CHECK(r.get_header("content-type") == "application/json");
  CHECK("application/json" == r.get_header("content-type"));
  CHECK(std::string(r.get_header("x-missing")).empty());
}

static std::size_t size_of(std::string const &text) {
  return text.size();
}

// As with the version of aws-lambda-cpp that returns a reference to a string.
TEST(response_header_is_a_string_in_every_way) {
  response r;
  r.add_header("Content-Type", "application/json");
  r.add_header("Empty", "");
  char const *const kept = r.get_header("content-type").c_str();
  std::string const &same = r.get_header("content-type");
  CHECK(std::strcmp(kept, "application/json") == 0);
  CHECK(same.c_str() == kept);
  CHECK(r.get_header("content-type") == "application/json");
  CHECK(r.get_header("content-type") != "text/plain");
  CHECK(r.get_header("content-type") + "; charset=utf-8" == "application/json; charset=utf-8");
  CHECK(r.get_header("content-type").substr(12) == "json");
  CHECK(r.get_header("content-type").find("json") == 12);
  CHECK(size_of(r.get_header("content-type")) == 16);
  CHECK(r.get_header("x-missing").empty() && r.get_header("empty").empty());
}

// As with the version that returns an outcome.
TEST(response_header_is_an_outcome_in_every_way) {
  response r;
  r.add_header("Empty", "");
  CHECK(r.get_header("empty").is_success());
  CHECK(!r.get_header("x-missing").is_success());
  CHECK(!r.get_header("x-missing").get_failure());
  using header = outcome<std::string, bool>;
  header plain = r.get_header("x-missing");
  CHECK(!plain.is_success() && !plain.get_failure());
  header direct(r.get_header("x-missing"));
  header braced{r.get_header("x-missing")};
  CHECK(!direct.is_success() && !braced.is_success());
  CHECK(!static_cast<header>(r.get_header("x-missing")).is_success());
  CHECK(header(r.get_header("empty")).is_success());
  plain = r.get_header("empty");
  CHECK(plain.is_success() && plain.get_result().empty());
  r.add_header("Long", std::string(100, 'x'));
  auto value = r.get_header("long");
  std::string const taken = std::move(value).get_result();
  CHECK(taken == std::string(100, 'x') && r.get_header("long") == taken);
}

TEST(response_has_a_body) {
  response r;
  CHECK(r.get_body().empty());
  r.append_body("he\0lo", 5);
  r.append_body(" world", 6);
  CHECK(r.get_body() == std::string("he\0lo world", 11));
}

TEST(response_has_a_status) {
  response r;
  CHECK(r.get_response_code() == response_code::REQUEST_NOT_MADE);
  r.set_response_code(response_code::IM_A_TEAPOT);
  CHECK(static_cast<int>(r.get_response_code()) == 418);
  CHECK(static_cast<int>(response_code::INSUFFICIENT_STORAGE) == 507);
}

TEST(response_without_a_content_type) {
  response r;
  r.set_content_type(nullptr);
  CHECK(r.get_content_type().empty());
  r.set_content_type("text/plain");
  CHECK(r.get_content_type() == "text/plain");
}

// ---- invocation_request, invocation_response

TEST(request_is_empty_at_first) {
  invocation_request const r;
  CHECK(r.payload.empty() && r.request_id.empty() && r.xray_trace_id.empty());
  CHECK(r.client_context.empty() && r.cognito_identity.empty() && r.function_arn.empty());
  CHECK(r.content_type.empty() && r.tenant_id.empty() && r.invocation_id.empty());
  CHECK(r.deadline.time_since_epoch().count() == 0);
}

TEST(request_tells_the_time_remaining) {
  invocation_request r;
  r.deadline = std::chrono::system_clock::now() + std::chrono::seconds(30);
  CHECK(r.get_time_remaining() > std::chrono::seconds(29));
  CHECK(r.get_time_remaining() <= std::chrono::seconds(30));
  r.deadline = std::chrono::system_clock::now() - std::chrono::seconds(5);
  CHECK(r.get_time_remaining().count() < 0);
}

TEST(success) {
  auto const r = invocation_response::success("hello", "text/plain");
  CHECK(r.is_success());
  CHECK(r.get_payload() == "hello");
  CHECK(r.get_content_type() == "text/plain");
  CHECK(r.get_xray_response().empty());
}

TEST(failure_is_json) {
  auto const r = invocation_response::failure("message", "AnyType", "cause");
  CHECK(!r.is_success());
  CHECK(r.get_payload() == R"({"errorMessage":"message","errorType":"AnyType","stackTrace":[]})");
  CHECK(r.get_content_type() == "application/json");
  CHECK(r.get_xray_response() == "cause");
}

static bool says(std::string const &message, char const *json) {
  return invocation_response::failure(message, "T").get_payload() ==
         std::string(R"({"errorMessage":")") + json + R"(","errorType":"T","stackTrace":[]})";
}

TEST(failure_keeps_utf8) {
  CHECK(says("Gr\xC3\xB6\xC3\x9F"
             "e \xF0\x9F\x99\x82",
             "Gr\xC3\xB6\xC3\x9F"
             "e \xF0\x9F\x99\x82"));
}

TEST(failure_escapes) {
  CHECK(says("a\"b\\c\nd\te\r", R"(a\"b\\c\nd\u0009e\u000d)"));
  CHECK(says(std::string("\0\x01", 2), R"(\u0000\u0001)"));
}

TEST(failure_mends_what_is_not_utf8) {
  CHECK(says("a\xFFz", R"(a\ufffdz)"));
}

TEST(response_of_ones_own) {
  invocation_response const three("{}", "application/json", false);
  CHECK(!three.is_success() && three.get_payload() == "{}");
  invocation_response const four("x", "text/plain", true, "cause");
  CHECK(four.is_success() && four.get_xray_response() == "cause");
  runtime_response const base("p", "c", "x");
  CHECK(base.get_payload() == "p" && base.get_content_type() == "c" &&
        base.get_xray_response() == "x");
}

TEST(error_types_for_the_header) {
  auto const type = detail::header_type_of;
  CHECK(type("Function.Busy") == "Function.Busy");
  CHECK(type("Runtime.NoSuchHandler") == "Runtime.NoSuchHandler");
  CHECK(type("TestErrorType") == "Function.TestErrorType");
  CHECK(type("std::runtime_error") == "Function.RuntimeError");
  CHECK(type("shop::error<std::vector<int> >") == "Function.Error");
  CHECK(type("no space left") == "Function.NoSpaceLeft");
  CHECK(type("Function.9") == "Function.Unknown");
  CHECK(type("") == "Function.Unknown");
  CHECK(type("evil\r\nX: y") == "Function.EvilXY");
  CHECK(type(std::string(1000, 'a')).size() <= 128);
}

// ---- runtime, version

TEST(runtime_without_an_api) {
  runtime client("http://127.0.0.1:1");
  CHECK(client.get_next().get_failure() == response_code::REQUEST_NOT_MADE);
  auto const answer = invocation_response::success("", "");
  CHECK(client.post_success("id", answer).get_failure() == response_code::REQUEST_NOT_MADE);
  CHECK(client.post_failure("id", answer, "invocation").get_failure() ==
        response_code::REQUEST_NOT_MADE);
}

TEST(runtime_with_a_wrong_endpoint) {
  for (char const *endpoint :
       {"", "http://", "127.0.0.1", "https://127.0.0.1:1", "http://a:b@c:1"}) {
    runtime client(endpoint, "agent");
    CHECK(client.get_next().get_failure() == response_code::REQUEST_NOT_MADE);
  }
}

TEST(version) {
  std::string const whole = std::to_string(get_version_major()) + '.' +
                            std::to_string(get_version_minor()) + '.' +
                            std::to_string(get_version_patch());
  CHECK(whole == get_version());
}

int main(int argc, char *argv[]) {
  auto const found = tests().find(argc > 1 ? argv[1] : "");
  if (found == tests().end()) {
    return 2;
  }
  found->second();
  return failed ? 1 : 0;
}
