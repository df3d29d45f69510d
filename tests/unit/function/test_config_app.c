/* The app's settings: where it may be asked, what its secrets are, and what goes with what. */
#include "environment.h"
#include "tests/unit/support.h"

static upload_config config;

#define SECRET_32 "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static void reset(void) {
  environment_reset();
  environment_set("UPLOAD_WEBHOOK_SECRET", SECRET_32);
}

static const struct {
  const char *url, *kept;
} good[] = {
    {"https://app.example.com", "https://app.example.com/"},
    {"https://App.Example.com:443/a/b?c=d/e", "https://app.example.com/a/b?c=d/e"},
    {"https://app.example.com?x", "https://app.example.com/?x"},
    {"https://10.0.0.1:8443/ask", "https://10.0.0.1:8443/ask"},
    {"http://localhost:3000/ask", "http://localhost:3000/ask"},
    {"http://127.0.0.1/ask", "http://127.0.0.1/ask"},
    {"http://127.9.8.7:1/", "http://127.9.8.7:1/"},
    {"http://[::1]:3000/ask", "http://[::1]:3000/ask"},
};

TEST(the_app_is_asked_by_https_or_on_this_machine) {
  for (size_t i = 0; i < COUNT(good); i++) {
    reset();
    environment_set("UPLOAD_ASK_URL", good[i].url);
    const char *problem = environment_read(&config, large_arena());
    CHECK(good[i].url, problem == NULL);
    CHECK_TEXT(good[i].url, config.ask_url, good[i].kept);
    CHECK_NUMBER(good[i].url, config.ask_timeout_ms, 3000);
  }
}

static const char *const bad_urls[] = {
    "app.example.com",
    "ftp://app.example.com/",
    "http://app.example.com/",
    "http://10.0.0.1/",
    "http://127.example.com/",
    "http://localhost.example.com/",
    "http://localhost@example.com/",
    "http://128.0.0.1/",
    "http://[::2]/",
    "https://",
    "https:///ask",
    "https://user:SECRET-IN@app.example.com/",
    "https://app.example.com/#part",
    "https://app.example.com/a b",
    "https://app.example.com:0/",
    "https://app.example.com:65536/",
};

static void check_one_problem(const char *row, const char *variable) {
  const char *problem = environment_read(&config, large_arena());
  CHECK(row, problem != NULL);
  CHECK(row, strncmp(problem, variable, strlen(variable)) == 0 && problem[strlen(variable)] == ':');
  CHECK(row, strchr(problem, '\n') == NULL);
  CHECK(row, strstr(problem, "SECRET-IN") == NULL);
}

TEST(no_other_url_is_taken) {
  for (size_t i = 0; i < COUNT(bad_urls); i++) {
    reset();
    environment_set("UPLOAD_ASK_URL", bad_urls[i]);
    check_one_problem(bad_urls[i], "UPLOAD_ASK_URL");
  }
}

static const struct {
  const char *name, *value;
} bad[] = {
    {"UPLOAD_ASK_TIMEOUT_MS", "99"},
    {"UPLOAD_ASK_TIMEOUT_MS", "25001"},
    {"UPLOAD_ASK_TIMEOUT_MS", "3s"},
    {"UPLOAD_WEBHOOK_SECRET", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
    {"UPLOAD_WEBHOOK_SECRET", "whsec_"},
    {"UPLOAD_WEBHOOK_SECRET", "whsec_SECRET-IN"},
    {"UPLOAD_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa=="}, /* 23 bytes */
    {"UPLOAD_WEBHOOK_SECRET",
     "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAA="}, /* 65 */
    {"UPLOAD_WEBHOOK_SECRET", SECRET_32 ","},
    {"UPLOAD_WEBHOOK_SECRET", SECRET_32 "," SECRET_32 "," SECRET_32},
    {"UPLOAD_RECEIPT_SECRET", "SECRET-IN-31-bytes-abcdefghijkl"},
    {"UPLOAD_RECEIPT_SECRET", "0123456789abcdef0123456789abcdef,SECRET-IN"},
    {"UPLOAD_RECEIPT_SECRET", "SECRET-IN 33 bytes with spaces..."},
};

TEST(each_value_that_can_not_be_is_told_by_its_name) {
  for (size_t i = 0; i < COUNT(bad); i++) {
    reset();
    environment_set(bad[i].name, bad[i].value);
    check_one_problem(bad[i].value, bad[i].name);
  }
}

TEST(some_need_others) {
  environment_reset();
  environment_set("UPLOAD_ASK_URL", "https://app.example.com/");
  check_one_problem("no secret", "UPLOAD_WEBHOOK_SECRET");
  environment_reset();
  environment_set("UPLOAD_RECEIPT_SUBJECT", "sub");
  check_one_problem("no receipts", "UPLOAD_RECEIPT_SUBJECT");
  environment_set("UPLOAD_RECEIPT_SECRET", "0123456789abcdef0123456789abcdef");
  environment_set("UPLOAD_RECEIPT_SUBJECT", "a b");
  check_one_problem("no name", "UPLOAD_RECEIPT_SUBJECT");
}

TEST(two_secrets_are_a_rotation) {
  reset();
  environment_set("UPLOAD_WEBHOOK_SECRET", SECRET_32 ", " SECRET_32);
  environment_set("UPLOAD_RECEIPT_SECRET",
                  "0123456789abcdef0123456789abcdef , fedcba9876543210fedcba9876543210");
  environment_set("UPLOAD_RECEIPT_SUBJECT", "cognito:username");
  assert_null(environment_read(&config, large_arena()));
  CHECK_NUMBER("webhooks", config.webhook_secrets.count, 2);
  CHECK_NUMBER("bytes", config.webhook_secrets.list[1].size, 24);
  CHECK_NUMBER("receipts", config.receipt_secrets.count, 2);
  CHECK_TEXT("second", config.receipt_secrets.list[1], "fedcba9876543210fedcba9876543210");
  CHECK_TEXT("subject", config.receipt_subject, "cognito:username");
}

/* Nothing is between here and this machine. */
TEST(the_app_is_asked_by_the_proxy_of_its_url) {
  reset();
  environment_set("https_proxy", "http://ann:pw@proxy.example.com:3128");
  environment_set("UPLOAD_ASK_URL", "https://app.example.com/ask");
  assert_null(environment_read(&config, large_arena()));
  CHECK_TEXT("proxy", config.ask_proxy.address, "proxy.example.com:3128");
  environment_set("NO_PROXY", "example.com");
  assert_null(environment_read(&config, large_arena()));
  CHECK_NUMBER("exempt", config.ask_proxy.address.size, 0);
  environment_set("NO_PROXY", NULL);
  environment_set("http_proxy", "http://proxy.example.com:3128");
  environment_set("UPLOAD_ASK_URL", "http://127.0.0.1:3000/ask");
  assert_null(environment_read(&config, large_arena()));
  CHECK_NUMBER("local", config.ask_proxy.address.size, 0);
}

/* Objects are looked at through it. */
TEST(the_stores_proxy_is_checked_where_there_are_receipts) {
  environment_reset();
  environment_set("HTTPS_PROXY", "socks5://proxy.example.com:1080");
  assert_null(environment_read(&config, large_arena()));
  environment_set("UPLOAD_RECEIPT_SECRET", "0123456789abcdef0123456789abcdef");
  check_one_problem("receipts", "HTTPS_PROXY");
}

RUN_TESTS(cmocka_unit_test(the_app_is_asked_by_https_or_on_this_machine),
          cmocka_unit_test(no_other_url_is_taken),
          cmocka_unit_test(each_value_that_can_not_be_is_told_by_its_name),
          cmocka_unit_test(some_need_others), cmocka_unit_test(two_secrets_are_a_rotation),
          cmocka_unit_test(the_app_is_asked_by_the_proxy_of_its_url),
          cmocka_unit_test(the_stores_proxy_is_checked_where_there_are_receipts))
