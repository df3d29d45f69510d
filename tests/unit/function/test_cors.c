#include "function/routes/cors.h"

#include <stdio.h>

#include "tests/unit/support.h"

static const struct {
  const char *origins, *origin;
  bool allowed;
} origins[] = {
    {"*", "https://a.example.com", true},
    {"*", "null", true},
    {"https://a.example.com", "https://a.example.com", true},
    {"https://A.example.com", "https://a.EXAMPLE.com", true},
    {"https://a.example.com", "http://a.example.com", false},
    {"https://a.example.com", "https://a.example.com:8443", false},
    {"https://a.example.com", "https://b.example.com", false},
    {"https://a.example.com", "https://a.example.com.evil.com", false},
    {"https://a.example.com", "", false},
    {"https://a.example.com", "null", false},
    {"https://a.example.com, https://b.example.com", "https://b.example.com", true},
    {"https://a.example.com,*", "https://b.example.com", true},
    {"https://*.example.com", "https://a.example.com", true},
    {"https://*.example.com", "https://a.b.example.com", true},
    {"https://*.Example.com", "https://a.example.com", true},
    {"https://*.example.com", "https://example.com", false},
    {"https://*.example.com", "http://a.example.com", false},
    {"https://*.example.com", "https://aexample.com", false},
    {"https://*.example.com", "https://a.example.com.evil.com", false},
    {"https://*.example.com", "https://evil.com", false},
    {"http://localhost:*", "http://localhost:3000", true},
    {"http://localhost:*", "http://localhost", false},
    {"ab*ba", "aba", false},
    {"ab*ba", "abba", true},
};

TEST(allows_an_origin_that_a_pattern_matches) {
  for (size_t i = 0; i < COUNT(origins); i++) {
    CHECK_NUMBER(origins[i].origins,
                 cors_allows(guarded_string(origins[i].origins), guarded_string(origins[i].origin)),
                 origins[i].allowed);
  }
}

static http_request request_of(const char *headers) {
  return (http_request){.headers = http_json_parse(guarded_string(headers), large_arena())};
}

static upload_config config_of(const char *patterns) {
  return (upload_config){.origins = text_slice_of(patterns)};
}

/* The headers of a reply, a line each. */
static text_slice written(const http_reply *reply) {
  text_buffer text = buffer_of(4096);
  for (size_t i = 0; i < reply->header_count; i++) {
    text_buffer_append(&text, reply->headers[i].name);
    text_buffer_append_string(&text, ": ");
    text_buffer_append(&text, reply->headers[i].value);
    text_buffer_append_byte(&text, '\n');
  }
  return text_buffer_slice(&text);
}

#define ALLOW "Access-Control-Allow-Origin: "

static const struct {
  const char *name, *origins, *request_headers;
  bool let_through;
  const char *reply_headers;
} replies[] = {
    {"any origin", "*", "{\"origin\":\"https://a.example.com\"}", true, ALLOW "*\n"},
    {"any origin, none named", "*", "{}", true, ALLOW "*\n"},
    {"one that is allowed", "https://*.example.com", "{\"Origin\":\"https://a.example.com\"}", true,
     "Vary: Origin\n" ALLOW "https://a.example.com\n"},
    {"one that is not", "https://*.example.com", "{\"origin\":\"https://evil.com\"}", false,
     "Vary: Origin\n"},
    {"none named", "https://*.example.com", "{}", true, "Vary: Origin\n"},
    {"a line end in it", "https://*.example.com",
     "{\"origin\":\"https://a\\r\\nX: y.example.com\"}", false, "Vary: Origin\n"},
    {"not ASCII", "https://*.example.com", "{\"origin\":\"https://\xC3\xA9.example.com\"}", false,
     "Vary: Origin\n"},
    {"any origin among others", "https://a.example.com,*", "{\"origin\":\"https://b.example.com\"}",
     true, "Vary: Origin\n" ALLOW "https://b.example.com\n"},
};

TEST(lets_the_origin_read_the_reply) {
  for (size_t i = 0; i < COUNT(replies); i++) {
    const http_request request = request_of(replies[i].request_headers);
    const upload_config config = config_of(replies[i].origins);
    http_reply reply = {0};
    CHECK_NUMBER(replies[i].name, cors_apply(&request, &config, &reply), replies[i].let_through);
    CHECK_TEXT(replies[i].name, written(&reply), replies[i].reply_headers);
  }
}

#define AT(origin)                                                                   \
  "{\"origin\":\"" origin "\",\"host\":\"evil.com\",\"x-forwarded-proto\":\"http\"," \
  "\"x-forwarded-host\":\"evil.com\"}"

/* The service's own page: where it is on, and nothing of it by what a client says. */
static const struct {
  const char *name, *domain, *page_origins, *request_headers;
  bool with_page, without_page;
} pages[] = {
    {"the domain", "api.example.com", "", AT("https://api.example.com"), true, false},
    {"the domain in another case", "api.example.com", "", AT("https://API.example.com"), true,
     false},
    {"the domain by another scheme", "api.example.com", "", AT("http://api.example.com"), false,
     false},
    {"the domain and a port", "api.example.com", "", AT("https://api.example.com:8443"), false,
     false},
    {"the domain and more", "api.example.com", "", AT("https://api.example.com.evil.com"), false,
     false},
    {"part of the domain", "api.example.com", "", AT("https://example.com"), false, false},
    {"an empty domain", "", "", AT("https://"), false, false},
    {"the Host header", "api.example.com", "", AT("http://evil.com"), false, false},
    {"the Host header of a load balancer", NULL, "", AT("http://evil.com"), false, false},
    {"no domain, and nothing but a scheme", NULL, "", AT("https://"), false, false},
    {"shorter than the scheme", "h", "", AT("h"), false, false},
    {"an origin that is named", NULL, "https://a.example, http://127.0.0.1:8080",
     AT("http://127.0.0.1:8080"), true, false},
    {"an origin beside those that are named", NULL, "https://a.example", AT("https://b.example"),
     false, false},
    {"one of UPLOAD_ORIGINS", NULL, "", AT("https://app.example.com"), true, true},
};

TEST(lets_its_own_page_in_where_that_is_on) {
  for (size_t i = 0; i < COUNT(pages); i++) {
    http_request request = request_of(pages[i].request_headers);
    upload_config config = config_of("https://app.example.com");
    request.domain = text_slice_of(pages[i].domain);
    config.page_origins = text_slice_of(pages[i].page_origins);
    for (int page = 0; page <= 1; page++) {
      http_reply reply = {0};
      config.page = page == 1;
      CHECK_NUMBER(pages[i].name, cors_apply(&request, &config, &reply),
                   config.page ? pages[i].with_page : pages[i].without_page);
    }
  }
}

#define CREDENTIALS "Access-Control-Allow-Credentials: true\n"

TEST(lets_named_origins_send_credentials) {
  upload_config config = config_of("https://a.example.com,https://*.example.org");
  config.credentials_of_pages = true;
  config.page = true;
  config.page_origins = TEXT_LITERAL("https://page.example");
  static const struct {
    const char *origin;
    bool let_through;
    const char *headers;
  } rows[] = {
      {"https://a.example.com", true, "Vary: Origin\n" ALLOW "https://a.example.com\n" CREDENTIALS},
      {"https://b.example.org", true, "Vary: Origin\n" ALLOW "https://b.example.org\n" CREDENTIALS},
      {"https://evil.com", false, "Vary: Origin\n"},
      /* The page itself calls its own origin, which needs no leave. */
      {"https://page.example", true, "Vary: Origin\n" ALLOW "https://page.example\n"},
      {"https://api.example", true, "Vary: Origin\n" ALLOW "https://api.example\n"},
      {"", true, "Vary: Origin\n"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    char headers[128];
    (void)snprintf(headers, sizeof headers, "{\"origin\":\"%s\"}", rows[i].origin);
    http_request request = request_of(headers);
    http_reply reply = {0};
    request.domain = TEXT_LITERAL("api.example");
    CHECK_NUMBER(rows[i].origin, cors_apply(&request, &config, &reply), rows[i].let_through);
    CHECK_TEXT(rows[i].origin, written(&reply), rows[i].headers);
  }
}

TEST(an_origin_has_at_most_512_bytes) {
  char headers[600] = "{\"origin\":\"";
  const size_t start = strlen(headers);
  memset(headers + start, 'a', 512);
  memcpy(headers + start + 512, "\"}", 3);
  http_reply reply = {0};
  http_request request = request_of(headers);
  const upload_config config = config_of("a*,b");
  CHECK("512", cors_apply(&request, &config, &reply));
  memcpy(headers + start + 512, "a\"}", 4);
  request = request_of(headers);
  CHECK("513", !cors_apply(&request, &config, &reply));
}

#define PREFLIGHT(headers)                                                              \
  "Access-Control-Allow-Methods: GET, PUT\nAccess-Control-Allow-Headers: " headers "\n" \
  "Access-Control-Max-Age: 7200\n"

static const struct {
  const char *name, *request_headers, *reply_headers;
} preflights[] = {
    {"no headers asked for", "{}", PREFLIGHT("Content-Type, Authorization")},
    {"headers asked for", "{\"Access-Control-Request-Headers\":\"content-type,x-a\"}",
     PREFLIGHT("content-type,x-a")},
    {"spaces between", "{\"access-control-request-headers\":\"a, b\"}", PREFLIGHT("a, b")},
    {"an empty list", "{\"access-control-request-headers\":\"\"}",
     PREFLIGHT("Content-Type, Authorization")},
    {"no names", "{\"access-control-request-headers\":\"a: b\"}",
     PREFLIGHT("Content-Type, Authorization")},
    {"a line end", "{\"access-control-request-headers\":\"a\\r\\nb\"}",
     PREFLIGHT("Content-Type, Authorization")},
};

TEST(answers_a_preflight) {
  for (size_t i = 0; i < COUNT(preflights); i++) {
    const http_request request = request_of(preflights[i].request_headers);
    http_reply reply = {0};
    cors_answer_preflight(&request, TEXT_LITERAL("GET, PUT"), &reply);
    CHECK_NUMBER(preflights[i].name, reply.status, 204);
    CHECK(preflights[i].name, reply.body.data != NULL && reply.body.size == 0);
    CHECK_TEXT(preflights[i].name, written(&reply), preflights[i].reply_headers);
  }
}

TEST(echoes_at_most_1024_bytes_of_names) {
  char headers[1200] = "{\"access-control-request-headers\":\"";
  const size_t start = strlen(headers);
  memset(headers + start, 'a', 1025);
  memcpy(headers + start + 1024, "\"}", 3);
  http_reply reply = {0};
  http_request request = request_of(headers);
  cors_answer_preflight(&request, TEXT_LITERAL("GET"), &reply);
  CHECK_NUMBER("1024", reply.headers[1].value.size, 1024);
  memcpy(headers + start + 1024, "a\"}", 4);
  reply = (http_reply){0};
  request = request_of(headers);
  cors_answer_preflight(&request, TEXT_LITERAL("GET"), &reply);
  CHECK_TEXT("1025", reply.headers[1].value, "Content-Type, Authorization");
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(allows_an_origin_that_a_pattern_matches),
                cmocka_unit_test(lets_the_origin_read_the_reply),
                cmocka_unit_test(lets_its_own_page_in_where_that_is_on),
                cmocka_unit_test(lets_named_origins_send_credentials),
                cmocka_unit_test(an_origin_has_at_most_512_bytes),
                cmocka_unit_test(answers_a_preflight),
                cmocka_unit_test(echoes_at_most_1024_bytes_of_names))
