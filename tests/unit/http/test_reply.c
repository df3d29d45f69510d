#include "http/reply.h"

#include <stdio.h>

#include "tests/unit/support.h"

static http_reply a_reply(void) {
  http_reply reply = {.status = 200, .body = TEXT_LITERAL("{\"a\":\"\xC3\xA9\"}")};
  http_reply_add_header(&reply, TEXT_LITERAL("X-A"), TEXT_LITERAL("1"));
  http_reply_add_header(&reply, TEXT_LITERAL("X-B"), TEXT_LITERAL("\"2\""));
  return reply;
}

static const struct {
  const char *name;
  http_source source;
  const char *text;
} forms[] = {
    {"HTTP API", HTTP_SOURCE_V2,
     "{\"statusCode\":200,\"headers\":{\"X-A\":\"1\",\"X-B\":\"\\\"2\\\"\"},"
     "\"body\":\"{\\\"a\\\":\\\"\xC3\xA9\\\"}\",\"isBase64Encoded\":false}"},
    {"REST API", HTTP_SOURCE_V1,
     "{\"statusCode\":200,\"headers\":{\"X-A\":\"1\",\"X-B\":\"\\\"2\\\"\"},"
     "\"body\":\"{\\\"a\\\":\\\"\xC3\xA9\\\"}\",\"isBase64Encoded\":false}"},
    {"load balancer", HTTP_SOURCE_ALB,
     "{\"statusCode\":200,\"statusDescription\":\"200 OK\","
     "\"headers\":{\"X-A\":\"1\",\"X-B\":\"\\\"2\\\"\"},"
     "\"body\":\"{\\\"a\\\":\\\"\xC3\xA9\\\"}\",\"isBase64Encoded\":false}"},
    {"load balancer, several values", HTTP_SOURCE_ALB_MULTI_VALUE,
     "{\"statusCode\":200,\"statusDescription\":\"200 OK\","
     "\"multiValueHeaders\":{\"X-A\":[\"1\"],\"X-B\":[\"\\\"2\\\"\"]},"
     "\"body\":\"{\\\"a\\\":\\\"\xC3\xA9\\\"}\",\"isBase64Encoded\":false}"},
};

TEST(is_written_as_its_source_wants_it) {
  for (size_t i = 0; i < COUNT(forms); i++) {
    const http_reply reply = a_reply();
    text_buffer out = buffer_of(strlen(forms[i].text));
    http_reply_write(&reply, forms[i].source, &out);
    CHECK_TEXT(forms[i].name, text_buffer_slice(&out), forms[i].text);
    CHECK(forms[i].name, !out.overflowed);
  }
}

TEST(has_any_bytes_where_its_source_takes_them) {
  http_reply reply = {.status = 200, .body = SLICE("\x1F\x8B\0\xFF"), .body_is_bytes = true};
  text_buffer out = buffer_of(1024);
  http_reply_write(&reply, HTTP_SOURCE_V2, &out);
  CHECK_TEXT("base64", text_buffer_slice(&out),
             "{\"statusCode\":200,\"headers\":{},\"body\":\"H4sA/w==\",\"isBase64Encoded\":true}");
  CHECK("HTTP API, function URL", http_reply_takes_bytes(HTTP_SOURCE_V2));
  CHECK("load balancer", http_reply_takes_bytes(HTTP_SOURCE_ALB));
  CHECK("load balancer, several values", http_reply_takes_bytes(HTTP_SOURCE_ALB_MULTI_VALUE));
  CHECK("REST API", !http_reply_takes_bytes(HTTP_SOURCE_V1));
}

TEST(says_so_when_it_does_not_fit) {
  const http_reply reply = a_reply();
  for (size_t size = 0; size < strlen(forms[0].text); size++) {
    text_buffer out = buffer_of(size);
    http_reply_write(&reply, HTTP_SOURCE_V2, &out);
    CHECK("overflowed", out.overflowed);
  }
}

TEST(a_body_that_ran_out_of_memory_is_an_overflow) {
  http_reply reply = a_reply();
  reply.body = (text_slice){NULL, 0};
  text_buffer out = buffer_of(1024);
  http_reply_write(&reply, HTTP_SOURCE_V2, &out);
  CHECK("overflowed", out.overflowed);
}

/* Every status that the function answers with. */
static const struct {
  int status;
  const char *description;
} statuses[] = {
    {200, "200 OK"},
    {204, "204 No Content"},
    {400, "400 Bad Request"},
    {403, "403 Forbidden"},
    {404, "404 Not Found"},
    {405, "405 Method Not Allowed"},
    {413, "413 Content Too Large"},
    {415, "415 Unsupported Media Type"},
    {500, "500 Internal Server Error"},
    {599, "599 Unknown"},
};

TEST(tells_a_load_balancer_the_reason) {
  for (size_t i = 0; i < COUNT(statuses); i++) {
    const http_reply reply = {.status = statuses[i].status, .body = TEXT_LITERAL("")};
    char expected[256];
    (void)snprintf(expected, sizeof expected,
                   "{\"statusCode\":%d,\"statusDescription\":\"%s\",\"headers\":{},\"body\":\"\","
                   "\"isBase64Encoded\":false}",
                   statuses[i].status, statuses[i].description);
    text_buffer out = buffer_of(256);
    http_reply_write(&reply, HTTP_SOURCE_ALB, &out);
    CHECK_TEXT(statuses[i].description, text_buffer_slice(&out), expected);
  }
}

#define JSON_HEADERS                                                      \
  "\"Content-Type\":\"application/json\",\"Cache-Control\":\"no-store\"," \
  "\"X-Content-Type-Options\":\"nosniff\""

static const struct {
  const char *name;
  bool has_header;
  http_source source;
  const char *text;
} json_replies[] = {
    {"alone", false, HTTP_SOURCE_V2,
     "{\"statusCode\":200,\"headers\":{" JSON_HEADERS "},\"body\":\"{\\\"a\\\":\\\"\\\\\\\"\\\"}\","
     "\"isBase64Encoded\":false}"},
    {"with another header", true, HTTP_SOURCE_V2,
     "{\"statusCode\":200,\"headers\":{\"X-A\":\"1\"," JSON_HEADERS
     "},\"body\":\"{\\\"a\\\":\\\"\\\\\\\"\\\"}\",\"isBase64Encoded\":false}"},
    {"several values", true, HTTP_SOURCE_ALB_MULTI_VALUE,
     "{\"statusCode\":200,\"statusDescription\":\"200 OK\",\"multiValueHeaders\":{\"X-A\":[\"1\"],"
     "\"Content-Type\":[\"application/json\"],\"Cache-Control\":[\"no-store\"],"
     "\"X-Content-Type-Options\":[\"nosniff\"]},\"body\":\"{\\\"a\\\":\\\"\\\\\\\"\\\"}\","
     "\"isBase64Encoded\":false}"},
};

TEST(json_is_not_kept_by_caches) {
  for (size_t i = 0; i < COUNT(json_replies); i++) {
    http_reply reply = {0};
    text_buffer out = buffer_of(strlen(json_replies[i].text));
    if (json_replies[i].has_header) {
      http_reply_add_header(&reply, TEXT_LITERAL("X-A"), TEXT_LITERAL("1"));
    }
    http_reply_set_json(&reply, 200, TEXT_LITERAL("{\"a\":\"\\\"\"}"));
    http_reply_write(&reply, json_replies[i].source, &out);
    CHECK_TEXT(json_replies[i].name, text_buffer_slice(&out), json_replies[i].text);
    CHECK(json_replies[i].name, !out.overflowed);
  }
}

TEST(an_error_says_what_is_wrong_and_in_which_request) {
  http_reply reply = {0};
  const http_error error = {400, "BadThing", TEXT_LITERAL("no \"good\"")};
  http_reply_set_error(&reply, &error, TEXT_LITERAL("id-1"), large_arena());
  CHECK_NUMBER("status", reply.status, 400);
  CHECK_TEXT("body", reply.body,
             "{\"message\":\"no \\\"good\\\"\",\"error\":\"no \\\"good\\\"\",\"code\":\"BadThing\","
             "\"requestId\":\"id-1\"}");
  CHECK("JSON", reply.body_is_json);
}

TEST(an_error_without_room_has_no_body) {
  http_reply reply = {0};
  const http_error error = {400, "BadThing", TEXT_LITERAL("bad")};
  http_reply_set_error(&reply, &error, TEXT_LITERAL("id-1"), arena_of(32));
  CHECK("null", reply.body.data == NULL);
}

TEST(has_no_more_headers_than_there_is_room_for) {
  http_reply reply = {0};
  reply.body = TEXT_LITERAL("");
  for (size_t i = 0; i < (size_t)2 * HTTP_REPLY_HEADERS_MAX; i++) {
    text_buffer out = buffer_of(4096);
    http_reply_add_header(&reply, TEXT_LITERAL("X"), TEXT_LITERAL("y"));
    http_reply_write(&reply, HTTP_SOURCE_V2, &out);
    CHECK_NUMBER("is lost", out.overflowed, i >= HTTP_REPLY_HEADERS_MAX);
  }
  CHECK_NUMBER("headers", reply.header_count, HTTP_REPLY_HEADERS_MAX);
}

RUN_TESTS(cmocka_unit_test(is_written_as_its_source_wants_it),
          cmocka_unit_test(has_any_bytes_where_its_source_takes_them),
          cmocka_unit_test(says_so_when_it_does_not_fit),
          cmocka_unit_test(a_body_that_ran_out_of_memory_is_an_overflow),
          cmocka_unit_test(tells_a_load_balancer_the_reason),
          cmocka_unit_test(json_is_not_kept_by_caches),
          cmocka_unit_test(an_error_says_what_is_wrong_and_in_which_request),
          cmocka_unit_test(an_error_without_room_has_no_body),
          cmocka_unit_test(has_no_more_headers_than_there_is_room_for))
