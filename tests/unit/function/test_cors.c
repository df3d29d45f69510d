#include "function/routes/cors.h"

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
    {"the address of the service itself", "https://a.example.com",
     "{\"origin\":\"https://api.example.com:8443\",\"Host\":\"api.example.com:8443\","
     "\"x-forwarded-proto\":\"https\"}",
     true, "Vary: Origin\n" ALLOW "https://api.example.com:8443\n"},
    {"its host by another scheme", "https://a.example.com",
     "{\"origin\":\"http://api.example.com\",\"host\":\"api.example.com\","
     "\"x-forwarded-proto\":\"https\"}",
     false, "Vary: Origin\n"},
    {"its host and more", "https://a.example.com",
     "{\"origin\":\"https://api.example.com.evil.com\",\"host\":\"api.example.com\","
     "\"x-forwarded-proto\":\"https\"}",
     false, "Vary: Origin\n"},
    {"its host, and no word of a scheme", "https://a.example.com",
     "{\"origin\":\"https://api.example.com\",\"host\":\"api.example.com\"}", false,
     "Vary: Origin\n"},
    {"nothing of it", "https://a.example.com",
     "{\"origin\":\"://\",\"host\":\"\",\"x-forwarded-proto\":\"\"}", false, "Vary: Origin\n"},
    {"shorter than the scheme", "https://a.example.com",
     "{\"origin\":\"h\",\"host\":\"h\",\"x-forwarded-proto\":\"https\"}", false, "Vary: Origin\n"},
    {"any origin among others", "https://a.example.com,*", "{\"origin\":\"https://b.example.com\"}",
     true, "Vary: Origin\n" ALLOW "https://b.example.com\n"},
};

TEST(lets_the_origin_read_the_reply) {
  for (size_t i = 0; i < COUNT(replies); i++) {
    const http_request request = request_of(replies[i].request_headers);
    http_reply reply = {0};
    CHECK_NUMBER(replies[i].name, cors_apply(&request, text_slice_of(replies[i].origins), &reply),
                 replies[i].let_through);
    CHECK_TEXT(replies[i].name, written(&reply), replies[i].reply_headers);
  }
}

TEST(an_origin_has_at_most_512_bytes) {
  char headers[600] = "{\"origin\":\"";
  const size_t start = strlen(headers);
  memset(headers + start, 'a', 512);
  memcpy(headers + start + 512, "\"}", 3);
  http_reply reply = {0};
  http_request request = request_of(headers);
  CHECK("512", cors_apply(&request, TEXT_LITERAL("a*,b"), &reply));
  memcpy(headers + start + 512, "a\"}", 4);
  request = request_of(headers);
  CHECK("513", !cors_apply(&request, TEXT_LITERAL("a*,b"), &reply));
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
                cmocka_unit_test(an_origin_has_at_most_512_bytes),
                cmocka_unit_test(answers_a_preflight),
                cmocka_unit_test(echoes_at_most_1024_bytes_of_names))
