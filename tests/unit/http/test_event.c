#include "http/event.h"

#include <dirent.h>

#include "tests/unit/event_file.h"
#include "tests/unit/support.h"

#define GET_QUERY \
  { PAIR("file_name", "test.txt"), PAIR("file_type", "text/plain") }
#define NO_QUERY \
  {              \
    {            \
      {0}, {     \
        0        \
      }          \
    }            \
  }
#define SIGNED_URL "/my/route/signed_url"
#define POST_BODY "{\"file_name\": \"test.txt\", \"file_type\": \"text/plain\", \"size\": 13}"

static const struct {
  const char *file;
  http_source source;
  const char *method, *path;
  text_pair query[2];
  size_t query_count;
  const char *body, *content_type;
} files[] = {
    {"alb-get-signed-url.json", HTTP_SOURCE_ALB, "GET", SIGNED_URL, GET_QUERY, 2, "", ""},
    {"alb-multi-value-get-signed-url.json", HTTP_SOURCE_ALB_MULTI_VALUE, "GET", SIGNED_URL,
     GET_QUERY, 2, "", ""},
    {"alb-post-signed-url.json", HTTP_SOURCE_ALB, "POST", SIGNED_URL, NO_QUERY, 0, POST_BODY,
     "application/json"},
    {"function-url-get-signed-url.json", HTTP_SOURCE_V2, "GET", SIGNED_URL, GET_QUERY, 2, "", ""},
    {"function-url-post-signed-url.json", HTTP_SOURCE_V2, "POST", SIGNED_URL, NO_QUERY, 0,
     POST_BODY, "application/json"},
    {"http-api-v2-get-page.json", HTTP_SOURCE_V2, "GET", "/", NO_QUERY, 0, "", ""},
    {"http-api-v2-get-signed-download.json",
     HTTP_SOURCE_V2,
     "GET",
     "/my/route/signed_download",
     {PAIR("key", "uploads/5fce8876f74123d548425f0d7f9e6414/test.txt")},
     1,
     "",
     ""},
    {"http-api-v2-get-signed-form.json", HTTP_SOURCE_V2, "GET", "/my/route/signed_form", GET_QUERY,
     2, "", ""},
    {"http-api-v2-get-signed-url.json", HTTP_SOURCE_V2, "GET", SIGNED_URL, GET_QUERY, 2, "", ""},
    {"http-api-v2-options.json", HTTP_SOURCE_V2, "OPTIONS", SIGNED_URL, NO_QUERY, 0, "", ""},
    {"http-api-v2-post-s3-multipart.json", HTTP_SOURCE_V2, "POST", "/my/route/s3/multipart",
     NO_QUERY, 0,
     "{\"filename\": \"test.txt\", \"type\": \"text/plain\", "
     "\"metadata\": {\"name\": \"test.txt\"}}",
     "application/json"},
    {"http-api-v2-post-sign.json", HTTP_SOURCE_V2, "POST", "/my/route/sign", NO_QUERY, 0,
     "{\"method\": \"PUT\", \"key\": \"test.txt\", \"contentType\": \"text/plain\"}",
     "application/json"},
    {"http-api-v2-post-signed-url-base64.json", HTTP_SOURCE_V2, "POST", SIGNED_URL, NO_QUERY, 0,
     "{\"file_name\": \"test.txt\", \"file_type\": \"text/plain\", \"size\": 13, "
     "\"sha256\": \"MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM=\"}",
     "application/json"},
    {"http-api-v2-post-signed-url.json", HTTP_SOURCE_V2, "POST", SIGNED_URL, NO_QUERY, 0, POST_BODY,
     "application/json"},
    {"http-api-v2-post-signed-urls.json", HTTP_SOURCE_V2, "POST", "/my/route/signed_urls", NO_QUERY,
     0,
     "{\"form\": true, \"files\": [{\"file_name\": \"test.txt\", \"file_type\": \"text/plain\", "
     "\"size\": 13}, "
     "{\"file_name\": \"test.txt\", \"file_type\": \"text/plain\"}, {\"file_name\": \"..\"}]}",
     "application/json"},
    {"rest-v1-get-signed-url.json", HTTP_SOURCE_V1, "GET", SIGNED_URL, GET_QUERY, 2, "", ""},
    {"rest-v1-post-signed-url.json", HTTP_SOURCE_V1, "POST", SIGNED_URL, NO_QUERY, 0, POST_BODY,
     "application/json"},
};

TEST(reads_each_sample_event) {
  for (size_t i = 0; i < COUNT(files); i++) {
    const char *name = files[i].file;
    http_request request;
    CHECK(name, http_event_read(&request, event_file(name), large_arena()) == NULL);
    CHECK_NUMBER(name, request.source, files[i].source);
    CHECK_TEXT(name, request.method, files[i].method);
    CHECK_TEXT(name, request.path, files[i].path);
    CHECK_TEXT(name, request.body, files[i].body);
    CHECK_TEXT(name, http_request_header(&request, TEXT_LITERAL("content-type")),
               files[i].content_type);
    CHECK_TEXT(name, http_request_header(&request, TEXT_LITERAL("Origin")),
               "https://app.example.com");
    CHECK_NUMBER(name, request.query_count, files[i].query_count);
    for (size_t at = 0; at < request.query_count; at++) {
      CHECK_SLICE(name, request.query[at].name, files[i].query[at].name);
      CHECK_SLICE(name, request.query[at].value, files[i].query[at].value);
    }
  }
}

static const struct {
  const char *event, *domain;
} domains[] = {
    {"{\"rawPath\":\"/a\",\"headers\":{\"host\":\"evil.com\"},\"requestContext\":{\"domainName\":"
     "\"api.example\",\"http\":{\"method\":\"GET\"}}}",
     "api.example"},
    {"{\"httpMethod\":\"GET\",\"path\":\"/"
     "a\",\"headers\":{\"Host\":\"evil.com\"},\"requestContext\":"
     "{\"domainName\":\"api.example\"}}",
     "api.example"},
    {"{\"httpMethod\":\"GET\",\"path\":\"/a\",\"headers\":{\"host\":\"evil.com\"},\"domainName\":"
     "\"evil.com\",\"requestContext\":{\"elb\":{}}}",
     NULL},
    {"{\"httpMethod\":\"GET\",\"path\":\"/a\",\"headers\":{\"host\":\"evil.com\"}}", NULL},
};

TEST(knows_the_domain_by_aws_alone) {
  for (size_t i = 0; i < COUNT(domains); i++) {
    http_request request;
    CHECK(domains[i].event,
          http_event_read(&request, guarded_string(domains[i].event), large_arena()) == NULL);
    CHECK_TEXT(domains[i].event, request.domain, domains[i].domain);
  }
}

TEST(knows_all_sample_events) {
  size_t count = 0;
  DIR *folder = opendir("events");
  assert_non_null(folder);
  for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    count += text_slice_ends_with(text_slice_of(entry->d_name), TEXT_LITERAL(".json"));
  }
  (void)closedir(folder);
  CHECK_NUMBER("files", count, COUNT(files));
}

#define V1(rest) "{\"httpMethod\":\"GET\",\"path\":\"/a\"" rest "}"
#define V2(rest) "{\"rawPath\":\"/a\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}" rest "}"

/* What the function is invoked with by mistake. */
static const struct {
  const char *name, *event;
} refused[] = {
    {"nothing", ""},
    {"no JSON", "hello"},
    {"a text", "\"hello\""},
    {"null", "null"},
    {"an array", "[]"},
    {"an empty object", "{}"},
    {"a test event of the console", "{\"key1\":\"value1\",\"key2\":\"value2\"}"},
    {"an S3 event", "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}"},
    {"cut in the middle", "{\"httpMethod\":\"GET\",\"path\":"},
    {"two of them", V1("") V1("")},
    {"v1 without a method", "{\"path\":\"/a\"}"},
    {"v1 without a path", "{\"httpMethod\":\"GET\"}"},
    {"v1 with empty ones", "{\"httpMethod\":\"\",\"path\":\"\"}"},
    {"v1 with a null path", "{\"httpMethod\":\"GET\",\"path\":null}"},
    {"v1 with a number", "{\"httpMethod\":1,\"path\":\"/a\"}"},
    {"v2 without a path", "{\"requestContext\":{\"http\":{\"method\":\"GET\"}}}"},
    {"v2 without a method", "{\"rawPath\":\"/a\",\"requestContext\":{\"http\":{}}}"},
    {"v2 whose http is null", "{\"rawPath\":\"/a\",\"requestContext\":{\"http\":null}}"},
    {"v2 whose context is a text", "{\"rawPath\":\"/a\",\"requestContext\":\"http\"}"},
    {"a body that is not base64", V2(",\"body\":\"%\",\"isBase64Encoded\":true")},
};

TEST(says_why_an_event_is_no_request) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    http_request request;
    const char *problem =
        http_event_read(&request, guarded_string(refused[i].event), large_arena());
    CHECK(refused[i].name, problem != NULL && strlen(problem) > 10);
  }
}

/* Odd, but answered: how many parameters, and which body. */
static const struct {
  const char *name, *event;
  size_t query_count;
  const char *body;
} odd[] = {
    {"v1, no more than that", V1(""), 0, ""},
    {"v2, no more than that", V2(""), 0, ""},
    {"nulls",
     V1(",\"headers\":null,\"multiValueHeaders\":null,\"queryStringParameters\":null,"
        "\"multiValueQueryStringParameters\":null,\"body\":null,\"requestContext\":null,"
        "\"isBase64Encoded\":null"),
     0, ""},
    {"wrong types",
     V1(",\"headers\":1,\"multiValueHeaders\":\"a\",\"queryStringParameters\":true,"
        "\"body\":{},\"requestContext\":[],\"isBase64Encoded\":\"true\""),
     0, ""},
    {"half of a pair of surrogates", V1(",\"body\":\"\\ud83d\""), 0, "\xEF\xBF\xBD"},
    {"a query that is an array", V1(",\"queryStringParameters\":[\"a\",\"b\"]"), 0, ""},
    {"a query that is an array, of a load balancer",
     V1(",\"requestContext\":{\"elb\":{}},\"queryStringParameters\":[\"a\"]"), 0, ""},
    {"values that are no texts", V1(",\"queryStringParameters\":{\"a\":1,\"b\":null,\"c\":\"d\"}"),
     1, ""},
    {"values in arrays that are no texts",
     V1(",\"multiValueQueryStringParameters\":{\"a\":[1,\"b\",null,{},\"c\"],\"d\":[]}"), 2, ""},
    {"one of several values",
     V1(",\"queryStringParameters\":{\"a\":\"2\"},"
        "\"multiValueQueryStringParameters\":{\"a\":[\"1\",\"2\"]}"),
     2, ""},
    {"a raw query that is empty",
     V2(",\"rawQueryString\":\"\",\"queryStringParameters\":"
        "{\"a\":\"b\"}"),
     0, ""},
    {"v2 without a raw query", V2(",\"queryStringParameters\":{\"a\":\"b\"}"), 1, ""},
    {"v1 with a raw query", V1(",\"rawQueryString\":\"a=b&c=d\""), 0, ""},
    {"an empty base64 body", V2(",\"body\":\"\",\"isBase64Encoded\":true"), 0, ""},
    {"a missing base64 body", V2(",\"isBase64Encoded\":true"), 0, ""},
    {"a base64 body", V2(",\"body\":\"Zm9v\",\"isBase64Encoded\":true"), 0, "foo"},
    {"a body that looks like base64", V2(",\"body\":\"Zm9v\",\"isBase64Encoded\":false"), 0,
     "Zm9v"},
    {"an escaped NUL anywhere",
     V2(",\"pathParameters\":{\"proxy\":\"\\u0000\"},\"body\":\"a\\u0000\""), 0, "a\x01"},
    {"members that are there twice", V1(",\"body\":\"first\",\"body\":\"second\""), 0, "first"},
    {"unknown members", V1(",\"later\":[{\"a\":[[[[1]]]]}],\"version\":\"3.0\""), 0, ""},
};

TEST(answers_odd_events) {
  for (size_t i = 0; i < COUNT(odd); i++) {
    http_request request;
    const char *problem = http_event_read(&request, guarded_string(odd[i].event), large_arena());
    if (problem != NULL) {
      fail_msg("%s: %s", odd[i].name, problem);
    }
    CHECK_TEXT(odd[i].name, request.path, "/a");
    CHECK_NUMBER(odd[i].name, request.query_count, odd[i].query_count);
    CHECK_TEXT(odd[i].name, request.body, odd[i].body);
  }
}

TEST(needs_no_more_than_the_arena_has) {
  static const char *const names[] = {"rest-v1-post-signed-url.json", "alb-get-signed-url.json",
                                      "http-api-v2-post-signed-url-base64.json"};
  for (size_t i = 0; i < COUNT(names); i++) {
    const text_slice event = event_file(names[i]);
    http_request request;
    size_t size = 0;
    while (http_event_read(&request, event, arena_of(size)) != NULL) {
      CHECK(names[i], size < ARENA_MAX_BYTES);
      size += 16;
    }
    CHECK(names[i], size > 16);
  }
}

RUN_TESTS_AFTER(http_json_setup(), cmocka_unit_test(reads_each_sample_event),
                cmocka_unit_test(knows_the_domain_by_aws_alone),
                cmocka_unit_test(knows_all_sample_events),
                cmocka_unit_test(says_why_an_event_is_no_request),
                cmocka_unit_test(answers_odd_events),
                cmocka_unit_test(needs_no_more_than_the_arena_has))
