/* `check` where no store on this machine could be: at AWS's own hosts, and behind http. Its answers
 * are tested in tests/service. */
#include "doctor/check/check.h"

#include <stdio.h>

#include "tests/unit/support.h"

enum { TEXT_BYTES = 64 * 1024, REQUESTS_MAX = 16, URL_MAX_BYTES = 1024 };

/* A store that answers the same to each request, and what it was asked. */
struct script {
  outgoing_answer answer;
  char requests[REQUESTS_MAX][URL_MAX_BYTES]; /* METHOD URL */
  size_t count;
};

static outgoing_answer answer(void *context, const outgoing_request *request, text_arena *arena) {
  struct script *script = context;
  (void)arena;
  assert_true(script->count < REQUESTS_MAX);
  (void)snprintf(script->requests[script->count++], URL_MAX_BYTES, "%.*s %.*s",
                 (int)request->method.size, request->method.data, (int)request->url.size,
                 request->url.data);
  return script->answer;
}

static text_slice checked(struct script *script, check_input input, check_result *result) {
  static char storage[TEXT_BYTES];
  text_buffer text;
  const outgoing_transport transport = {answer, script};
  input.transport = &transport;
  input.now_seconds = 1795521600;
  text_buffer_init(&text, storage, sizeof storage);
  *result = check(&input, large_arena(), &text);
  CHECK("fits", !text.overflowed);
  return text_buffer_slice(&text);
}

static bool has(text_slice text, const char *part) {
  return memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static const s3_credentials credentials = {
    SLICE("AKIAIOSFODNN7EXAMPLE"), SLICE("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), SLICE("")};

TEST(asks_the_bucket_at_its_regional_host) {
  struct script script = {.answer = {.status = 403, .body = TEXT_LITERAL("")}};
  check_result result;
  (void)checked(&script,
                (check_input){.bucket = TEXT_LITERAL("my-bucket"),
                              .region = TEXT_LITERAL("eu-west-1"),
                              .origin = TEXT_LITERAL("https://app.example"),
                              .credentials = credentials},
                &result);
  CHECK_NUMBER("nothing was good", result, CHECK_INCOMPLETE);
  static const char *const wanted[] = {
      "GET https://my-bucket.s3.eu-west-1.amazonaws.com/?location=&X-Amz-",
      "OPTIONS https://my-bucket.s3.eu-west-1.amazonaws.com/countersign-doctor",
  };
  CHECK("first",
        text_slice_starts_with(text_slice_of(script.requests[0]), text_slice_of(wanted[0])));
  CHECK_TEXT("second", text_slice_of(script.requests[1]), wanted[1]);
}

static const struct {
  const char *endpoint, *origin;
  bool is_blocked;
} schemes[] = {
    {"http://store.example:9000", "https://app.example", true},
    {"https://store.example:9000", "https://app.example", false},
    {"http://store.example:9000", "http://app.example", false},
    {"http://localhost:9000", "https://app.example", false},
    {"http://127.0.0.1:9000", "https://app.example", false},
};

TEST(knows_what_browsers_block) {
  for (size_t i = 0; i < COUNT(schemes); i++) {
    struct script script = {.answer = {.status = 200}};
    check_result result;
    const text_slice text = checked(&script,
                                    (check_input){.bucket = TEXT_LITERAL("my-bucket"),
                                                  .endpoint = text_slice_of(schemes[i].endpoint),
                                                  .path_style = true,
                                                  .origin = text_slice_of(schemes[i].origin)},
                                    &result);
    CHECK_NUMBER(schemes[i].endpoint, has(text, "change   https: "), schemes[i].is_blocked);
  }
}

TEST(says_why_the_credentials_do_not_do) {
  struct script script = {
      .answer = {.status = 403,
                 .body = TEXT_LITERAL("<Error><Code>InvalidAccessKeyId</Code>"
                                      "<AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId>"
                                      "<Token-0>no-token-at-all</Token-0></Error>")}};
  check_result result;
  const text_slice text = checked(
      &script, (check_input){.bucket = TEXT_LITERAL("my-bucket"), .credentials = credentials},
      &result);
  CHECK("why", has(text, "S3 knows no access key AKIA****MPLE"));
  CHECK("hidden", !has(text, "AKIAIOSFODNN7EXAMPLE") && !has(text, "no-token-at-all"));
}

static const struct {
  const char *name;
  check_input input;
} wrong[] = {
    {"bucket", {.bucket = SLICE("My/Bucket")}},
    {"prefix", {.bucket = SLICE("my-bucket"), .try_prefix = SLICE("../"), .fresh = SLICE("1")}},
    {"region", {.bucket = SLICE("my-bucket"), .region = SLICE("EU")}},
    {"endpoint", {.bucket = SLICE("my-bucket"), .endpoint = SLICE("store.example")}},
    {"directory bucket", {.bucket = SLICE("my-bucket--use1-az4--x-s3")}},
};

static const struct {
  const char *origin;
  bool is_one;
} origins[] = {
    {"https://app.example.com", true},
    {"https://app.example.com:8443", true},
    {"http://[::1]:3000", true},
    {"capacitor://localhost", true},
    {"https://app.example.com/", false},
    {"https://app.example.com/upload", false},
    {"app.example.com", false},
    {"https://App.example.com", false},
    {"https://app.example.com:443", false},
    {"https://*.example.com", false},
    {"https://app.example.com?a", false},
    {"*", false},
    {"null", false},
    {"HTTPS://app.example.com", false},
};

TEST(refuses_an_origin_that_no_browser_sends) {
  for (size_t i = 0; i < COUNT(origins); i++) {
    struct script script = {.answer = {.status = 200}};
    check_result result;
    const text_slice text = checked(&script,
                                    (check_input){.bucket = TEXT_LITERAL("my-bucket"),
                                                  .origin = text_slice_of(origins[i].origin)},
                                    &result);
    CHECK_NUMBER(origins[i].origin, result != CHECK_BAD, origins[i].is_one);
    CHECK_NUMBER(origins[i].origin, !has(text, "The origin is no"), origins[i].is_one);
    CHECK_NUMBER(origins[i].origin, script.count > 0, origins[i].is_one);
  }
}

TEST(refuses_wrong_use_before_it_asks) {
  for (size_t i = 0; i < COUNT(wrong); i++) {
    struct script script = {.count = 0};
    check_result result;
    CHECK(wrong[i].name, checked(&script, wrong[i].input, &result).size > 0);
    CHECK_NUMBER(wrong[i].name, result, CHECK_BAD);
    CHECK_NUMBER(wrong[i].name, script.count, 0);
  }
}

RUN_TESTS(cmocka_unit_test(asks_the_bucket_at_its_regional_host),
          cmocka_unit_test(knows_what_browsers_block),
          cmocka_unit_test(says_why_the_credentials_do_not_do),
          cmocka_unit_test(refuses_an_origin_that_no_browser_sends),
          cmocka_unit_test(refuses_wrong_use_before_it_asks))
