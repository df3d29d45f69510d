/* The whole function: an event, a clock and an id, and the very reply they make. */
#include "started.h"
#include "tests/unit/event_file.h"

static void start_with_defaults(void) {
  environment_reset();
  start();
}

static text_slice handle(text_slice event) {
  static char storage[64 * 1024];
  text_buffer out;
  const function_inputs inputs = {
      .event = event, .request_id = TEXT_LITERAL("id-1"), .time_seconds = 1774958400, .id = {0xAB}};
  text_buffer_init(&out, storage, sizeof storage);
  const char *problem = function_handle(&function, &inputs, large_arena(), &out);
  if (problem != NULL) {
    fail_msg("%.*s: %s", (int)event.size, event.data, problem);
  }
  assert_false(out.overflowed);
  return text_buffer_slice(&out);
}

#define CORS "\"Access-Control-Allow-Origin\":\"*\""
#define JSON                                                              \
  "\"Content-Type\":\"application/json\",\"Cache-Control\":\"no-store\"," \
  "\"X-Content-Type-Options\":\"nosniff\""
#define KEY "uploads/ab000000000000000000000000000000/test.txt"
#define URL                                                                               \
  "https://my-bucket.s3.eu-west-1.amazonaws.com/" KEY "?X-Amz-Algorithm=AWS4-HMAC-SHA256" \
  "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260331%2Feu-west-1%2Fs3%2Faws4_request"     \
  "&X-Amz-Date=20260331T120000Z"

/* The answers' bodies as they stand in the replies, with signatures of botocore's. */
#define ANSWER(query, headers)                                                       \
  "{\\\"url\\\":\\\"" URL query "\\\",\\\"method\\\":\\\"PUT\\\",\\\"headers\\\":{"  \
  "\\\"Content-Type\\\":\\\"text/plain\\\"" headers "},\\\"key\\\":\\\"" KEY "\\\"," \
  "\\\"expires_in\\\":300,\\\"expires_at\\\":\\\"2026-03-31T12:05:00Z\\\"}"
#define TYPE_ONLY                                                                      \
  ANSWER("&X-Amz-Expires=300&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=" \
         "9690fdad268313409e29ad1032e7f96d79c7b70792deef75bb1115cc5d3bbbbe",           \
         "")
#define TYPE_AND_SIZE                                                                  \
  ANSWER("&X-Amz-Expires=300&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost" \
         "&X-Amz-Signature="                                                           \
         "49761d97baa2e566c2bd06af56d57954af8a3352db7f9df3f7e21974f244bce2",           \
         "")
#define ALL_THREE                                                                      \
  ANSWER("&X-Amz-Expires=300&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost" \
         "%3Bx-amz-checksum-sha256&X-Amz-Signature="                                   \
         "a7ad31a01d3d07d88e6fd9e87528704b546946d5d4fb2680ec21566e28d352bc",           \
         ",\\\"x-amz-checksum-sha256\\\":\\\"MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM=\\\"")

#define API(status, headers, body)                                        \
  "{\"statusCode\":" status ",\"headers\":{" headers "},\"body\":\"" body \
  "\",\"isBase64Encoded\":false}"
#define ALB(body)                                                                         \
  "{\"statusCode\":200,\"statusDescription\":\"200 OK\",\"headers\":{" CORS "," JSON "}," \
  "\"body\":\"" body "\",\"isBase64Encoded\":false}"
#define ALB_MULTI_VALUE(body)                                                                   \
  "{\"statusCode\":200,\"statusDescription\":\"200 OK\",\"multiValueHeaders\":{"                \
  "\"Access-Control-Allow-Origin\":[\"*\"],\"Content-Type\":[\"application/json\"],"            \
  "\"Cache-Control\":[\"no-store\"],\"X-Content-Type-Options\":[\"nosniff\"]},\"body\":\"" body \
  "\",\"isBase64Encoded\":false}"

static const struct {
  const char *file, *reply;
} samples[] = {
    {"alb-get-signed-url.json", ALB(TYPE_ONLY)},
    {"alb-multi-value-get-signed-url.json", ALB_MULTI_VALUE(TYPE_ONLY)},
    {"alb-post-signed-url.json", ALB(TYPE_AND_SIZE)},
    {"function-url-get-signed-url.json", API("200", CORS "," JSON, TYPE_ONLY)},
    {"function-url-post-signed-url.json", API("200", CORS "," JSON, TYPE_AND_SIZE)},
    {"http-api-v2-get-signed-url.json", API("200", CORS "," JSON, TYPE_ONLY)},
    {"http-api-v2-options.json",
     API("204",
         CORS
         ",\"Access-Control-Allow-Methods\":\"GET, POST, DELETE, OPTIONS\","
         "\"Access-Control-Allow-Headers\":\"content-type\",\"Access-Control-Max-Age\":\"7200\"",
         "")},
    {"http-api-v2-post-signed-url-base64.json", API("200", CORS "," JSON, ALL_THREE)},
    {"http-api-v2-post-signed-url.json", API("200", CORS "," JSON, TYPE_AND_SIZE)},
    {"rest-v1-get-signed-url.json", API("200", CORS "," JSON, TYPE_ONLY)},
    {"rest-v1-post-signed-url.json", API("200", CORS "," JSON, TYPE_AND_SIZE)},
};

TEST(answers_each_sample_event) {
  start_with_defaults();
  for (size_t i = 0; i < COUNT(samples); i++) {
    CHECK_TEXT(samples[i].file, handle(event_file(samples[i].file)), samples[i].reply);
  }
}

TEST(signs_and_tells_all_that_is_configured) {
  environment_reset();
  environment_set("AWS_SESSION_TOKEN", "a/b+c==");
  environment_set("UPLOAD_EXPIRES_SECONDS", "60");
  environment_set("UPLOAD_TAGS", "a=b");
  environment_set("UPLOAD_DISPOSITION", "attachment");
  environment_set("UPLOAD_CACHE_CONTROL", "no-store");
  environment_set("UPLOAD_SSE", "aws:kms");
  environment_set("UPLOAD_SSE_KMS_KEY", "alias/key");
  environment_set("UPLOAD_OVERWRITE", "deny");
  start();
  CHECK_TEXT(
      "reply", handle(event_file("http-api-v2-post-signed-url-base64.json")),
      API("200", CORS "," JSON,
          "{\\\"url\\\":\\\"" URL "&X-Amz-Expires=60&X-Amz-SignedHeaders=cache-control"
          "%3Bcontent-disposition%3Bcontent-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-"
          "checksum-sha256"
          "%3Bx-amz-server-side-encryption%3Bx-amz-server-side-encryption-aws-kms-key-id"
          "%3Bx-amz-tagging&X-Amz-Security-Token=a%2Fb%2Bc%3D%3D&X-Amz-Signature="
          "7b68c393add39f2d188a59b672ae5e975be849faca0fab5d98b959452bd536ef\\\","
          "\\\"method\\\":\\\"PUT\\\",\\\"headers\\\":{\\\"Content-Type\\\":\\\"text/plain"
          "\\\",\\\"x-amz-checksum-sha256\\\":\\\"MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM=\\\","
          "\\\"Content-Disposition\\\":\\\"attachment\\\",\\\"Cache-Control\\\":\\\"no-store\\\","
          "\\\"x-amz-tagging\\\":\\\"a=b\\\",\\\"x-amz-server-side-encryption\\\":"
          "\\\"aws:kms\\\",\\\"x-amz-server-side-encryption-aws-kms-key-id\\\":"
          "\\\"alias/key\\\",\\\"If-None-Match\\\":\\\"*\\\"},\\\"key\\\":\\\"" KEY "\\\","
          "\\\"expires_in\\\":60,\\\"expires_at\\\":\\\"2026-03-31T12:01:00Z\\\"}"));
}

#define ERROR(status, headers, code, message)                           \
  API(status, headers "," JSON,                                         \
      "{\\\"message\\\":\\\"" message "\\\",\\\"error\\\":\\\"" message \
      "\\\",\\\"code\\\":\\\"" code "\\\",\\\"requestId\\\":\\\"id-1\\\"}")
#define V2(method, path, query, rest)                     \
  "{\"rawPath\":\"" path "\",\"rawQueryString\":\"" query \
  "\",\"requestContext\":{\"http\":{\"method\":\"" method "\"}}" rest "}"

static const struct {
  const char *name, *event, *reply;
} errors[] = {
    {"no name", V2("GET", "/signed_url", "", ""),
     ERROR("400", CORS, "MissingParameter",
           "file_name is required: the name of the file, such as photo.jpg")},
    {"a NUL in the name",
     V2("GET", "/signed_url", "file_name=a%00b",
        ",\"queryStringParameters\":{\"file_name\":\"a\\u0000b\"}"),
     ERROR("400", CORS, "InvalidParameter", "file_name must not have control characters")},
    {"another path", V2("GET", "/signed_uri", "", ""),
     ERROR("404", CORS, "NotFound",
           "there is nothing at this path; try /signed_url?file_name=test.txt")},
    {"only the end of a segment", V2("GET", "/not_signed_url", "", ""),
     ERROR("404", CORS, "NotFound",
           "there is nothing at this path; try /signed_url?file_name=test.txt")},
    {"another method", V2("DELETE", "/x/signed_url", "", ""),
     ERROR("405", CORS ",\"Allow\":\"GET, POST, OPTIONS\"", "MethodNotAllowed",
           "the method must be one of: GET, POST, OPTIONS")},
    {"a body that is no JSON", V2("POST", "/signed_url", "", ",\"body\":\"{}\""),
     ERROR("415", CORS, "UnsupportedMediaType", "Content-Type must be application/json")},
    {"too large", V2("GET", "/signed_url", "file_name=a&size=5368709121", ""),
     ERROR("413", CORS, "TooLarge", "size must be at most 5368709120 bytes")},
};

TEST(answers_each_kind_of_error_in_one_shape) {
  start_with_defaults();
  for (size_t i = 0; i < COUNT(errors); i++) {
    CHECK_TEXT(errors[i].name, handle(guarded_string(errors[i].event)), errors[i].reply);
  }
}

TEST(refuses_an_origin_that_is_not_allowed) {
  environment_reset();
  environment_set("UPLOAD_ORIGINS", "https://b.example.com");
  start();
  CHECK_TEXT(
      "reply", handle(event_file("http-api-v2-get-signed-url.json")),
      ERROR("403", "\"Vary\":\"Origin\"", "OriginNotAllowed",
            "this origin is not one of UPLOAD_ORIGINS, nor the page's own (UPLOAD_PAGE_ORIGIN)"));
}

static bool has(text_slice text, const char *part) {
  return memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static const struct {
  const char *path, *type, *part;
} page_files[] = {
    {"/", "text/html; charset=utf-8", "<!doctype html>"},
    {"/prod/", "text/html; charset=utf-8", "<!doctype html>"},
    {"//", "text/html; charset=utf-8", "<!doctype html>"},
    {"/any/prefix/", "text/html; charset=utf-8", "<!doctype html>"},
    {"/signed_uri/", "text/html; charset=utf-8", "<!doctype html>"},
    {"/index.html", "text/html; charset=utf-8", "<!doctype html>"},
    {"/prod/index.html", "text/html; charset=utf-8", "<!doctype html>"},
    {"/page.css", "text/css; charset=utf-8", "prefers-color-scheme"},
    {"/prod/page.js", "text/javascript; charset=utf-8", "./countersign.js"},
    {"/messages.js", "text/javascript; charset=utf-8", "Dateien"},
    {"/countersign.js", "text/javascript; charset=utf-8", "sha256_worker.js"},
    {"/sha256_worker.js", "text/javascript; charset=utf-8", "crypto.subtle"},
};

static text_slice get(const char *method, const char *path) {
  char event[256];
  (void)snprintf(event, sizeof event,
                 "{\"rawPath\":\"%s\",\"requestContext\":{\"http\":{\"method\":\"%s\"}}}", path,
                 method);
  return handle(guarded_string(event));
}

static const struct {
  const char *name, *types, *max_bytes, *downloads, *body;
} page_limits[] = {
    {"nothing is limited", "", "", "", "\"body\":\"{}\""},
    {"types", "image/*, application/pdf", "", "",
     "\"body\":\"{\\\"types\\\":[\\\"image/*\\\",\\\"application/pdf\\\"]}\""},
    {"a size", "", "5000000", "off", "\"body\":\"{\\\"max_bytes\\\":5000000}\""},
    {"downloads", "", "", "on", "\"body\":\"{\\\"downloads\\\":true}\""},
    {"all", "text/*", "1", "on",
     "\"body\":\"{\\\"types\\\":[\\\"text/*\\\"],\\\"max_bytes\\\":1,\\\"downloads\\\":true}\""},
};

TEST(tells_the_page_what_may_be_uploaded) {
  for (size_t i = 0; i < COUNT(page_limits); i++) {
    environment_reset();
    environment_set("UPLOAD_PAGE", "on");
    environment_set("UPLOAD_TYPES", page_limits[i].types);
    environment_set("UPLOAD_MAX_BYTES", page_limits[i].max_bytes);
    environment_set("UPLOAD_DOWNLOADS", page_limits[i].downloads);
    start();
    const text_slice reply = get("GET", "/page.json");
    CHECK(page_limits[i].name, has(reply, "{\"statusCode\":200,"));
    CHECK(page_limits[i].name, has(reply, "\"Content-Type\":\"application/json\","
                                          "\"Cache-Control\":\"no-cache\",\"ETag\":"));
    CHECK(page_limits[i].name, has(reply, page_limits[i].body));
  }
}

TEST(serves_the_page_that_may_reach_only_the_api_and_the_bucket) {
  environment_reset();
  environment_set("UPLOAD_PAGE", "on");
  start();
  for (size_t i = 0; i < COUNT(page_files); i++) {
    const text_slice reply = get("GET", page_files[i].path);
    CHECK(page_files[i].path, text_slice_starts_with(reply, TEXT_LITERAL("{\"statusCode\":200,")));
    CHECK(page_files[i].path, has(reply, page_files[i].type));
    CHECK(page_files[i].path, has(reply, page_files[i].part));
    CHECK(page_files[i].path, has(reply, "\"Content-Security-Policy\":\"default-src 'none'; "));
    CHECK(page_files[i].path,
          has(reply, "; connect-src 'self' https://my-bucket.s3.eu-west-1.amazonaws.com\""));
  }
  CHECK("method", has(get("POST", "/"), "\"Allow\":\"GET, OPTIONS\""));
}

TEST(tells_the_page_who_signs_its_user_in) {
  environment_reset();
  environment_set("UPLOAD_PAGE", "on");
  environment_set("UPLOAD_MAX_BYTES", "1");
  environment_set("UPLOAD_LOGIN_ISSUER", "https://id.example.com/a");
  environment_set("UPLOAD_LOGIN_CLIENT_ID", "page\\1");
  environment_set("UPLOAD_LOGIN_ORIGIN", "https://tokens.example.com");
  start();
  const text_slice told = get("GET", "/page.json");
  CHECK("login", has(told, "\"body\":\"{\\\"max_bytes\\\":1,\\\"login\\\":{\\\"issuer\\\":"
                           "\\\"https://id.example.com/a\\\",\\\"client_id\\\":"
                           "\\\"page\\\\\\\\1\\\"}}\""));
  CHECK("policy", has(get("GET", "/"), "; connect-src 'self' "
                                       "https://my-bucket.s3.eu-west-1.amazonaws.com "
                                       "https://id.example.com https://tokens.example.com\""));
}

/* tests/service walks the whole table. */
TEST(has_no_page_where_a_route_has_a_slash_too_many) {
  static const char *const paths[] = {"/signed_url/", "/prod/signed_url/", "/signed_url//",
                                      "/s3/",         "/s3/multipart/x/",  "/page.css/",
                                      "/index.html/"};
  environment_reset();
  environment_set("UPLOAD_PAGE", "on");
  start();
  for (size_t i = 0; i < COUNT(paths); i++) {
    const text_slice reply = get("GET", paths[i]);
    CHECK(paths[i], text_slice_starts_with(reply, TEXT_LITERAL("{\"statusCode\":404,")));
    CHECK(paths[i], has(reply, "\\\"code\\\":\\\"NotFound\\\""));
  }
}

#define JWT "{\"jwt\":{\"claims\":{\"sub\":\"a\"}}}"

static const struct {
  const char *name, *method, *path, *authorizer;
  int status;
} callers[] = {
    {"a caller with a token", "GET", "/signed_url", JWT, 400},
    {"nobody", "GET", "/signed_url", "null", 401},
    {"nobody with another method", "DELETE", "/signed_url", "null", 401},
    {"nobody where nothing is", "GET", "/nothing", "null", 401},
    {"a caller where nothing is", "GET", "/nothing", JWT, 404},
    {"nobody asks for the page", "GET", "/", "null", 200},
    {"nobody posts to the page", "POST", "/", "null", 401},
    {"nobody asks for the page by its name", "GET", "/avatar/index.html", "null", 200},
    {"nobody asks for the page's script", "GET", "/page.js", "null", 200},
    {"a preflight", "OPTIONS", "/signed_url", "null", 204},
};

TEST(refuses_whom_no_authorizer_let_in_where_that_is_required) {
  environment_reset();
  environment_set("UPLOAD_PAGE", "on");
  environment_set("UPLOAD_CALLER", "required");
  start();
  for (size_t i = 0; i < COUNT(callers); i++) {
    char event[256];
    char status[32];
    (void)snprintf(event, sizeof event,
                   "{\"rawPath\":\"%s\",\"requestContext\":{\"http\":{\"method\":\"%s\"},"
                   "\"authorizer\":%s}}",
                   callers[i].path, callers[i].method, callers[i].authorizer);
    (void)snprintf(status, sizeof status, "{\"statusCode\":%d,", callers[i].status);
    const text_slice reply = handle(guarded_string(event));
    CHECK(callers[i].name, text_slice_starts_with(reply, text_slice_of(status)));
    CHECK(callers[i].name,
          (callers[i].status == 401) == has(reply, CORS ",\"WWW-Authenticate\":\"Bearer\"," JSON));
    CHECK(callers[i].name,
          (callers[i].status == 401) == has(reply, "\\\"code\\\":\\\"CallerUnknown\\\""));
  }
}

static text_slice get_again(const char *tag) {
  char event[512];
  (void)snprintf(event, sizeof event,
                 "{\"rawPath\":\"/page.css\",\"headers\":{\"if-none-match\":\"%s\"},"
                 "\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                 tag);
  return handle(guarded_string(event));
}

TEST(sends_a_file_of_the_page_once) {
  static char known[4][128];
  static const char name[] = "\"ETag\":\"";
  environment_reset();
  environment_set("UPLOAD_PAGE", "on");
  start();
  const text_slice first = get("GET", "/page.css");
  const char *found = memmem(first.data, first.size, name, sizeof name - 1);
  CHECK("tag", found != NULL);
  /* As it stands in JSON: \"digits\" */
  const char *tag = found + sizeof name - 1;
  static const struct {
    const char *before, *after;
  } forms[] = {{"", ""}, {"W/", ""}, {"\\\"x\\\", ", ""}, {"", ",\\\"x\\\""}};
  for (size_t i = 0; i < COUNT(forms); i++) {
    (void)snprintf(known[i], sizeof known[i], "%s%.*s%s", forms[i].before, 68, tag, forms[i].after);
    const text_slice again = get_again(known[i]);
    CHECK(known[i], text_slice_starts_with(again, TEXT_LITERAL("{\"statusCode\":304,")));
    CHECK(known[i], has(again, "\"Content-Security-Policy\":\"default-src 'none'; "));
    CHECK(known[i], has(again, "\"body\":\"\""));
  }
  CHECK("another",
        text_slice_starts_with(get_again("\\\"x\\\""), TEXT_LITERAL("{\"statusCode\":200,")));
}

TEST(has_no_page_unless_it_is_on) {
  start_with_defaults();
  for (size_t i = 0; i < COUNT(page_files); i++) {
    CHECK(page_files[i].path, text_slice_starts_with(get("GET", page_files[i].path),
                                                     TEXT_LITERAL("{\"statusCode\":404,")));
    CHECK(page_files[i].path, text_slice_starts_with(get("POST", page_files[i].path),
                                                     TEXT_LITERAL("{\"statusCode\":404,")));
  }
}

TEST(answers_a_preflight_at_any_path) {
  static const char *const events[] = {V2("OPTIONS", "/", "", ""),
                                       V2("OPTIONS", "/any/thing", "", "")};
  start_with_defaults();
  for (size_t i = 0; i < COUNT(events); i++) {
    CHECK(events[i], text_slice_starts_with(handle(guarded_string(events[i])),
                                            TEXT_LITERAL("{\"statusCode\":204,")));
  }
}

/* What no client can do, and no clock should. */
TEST(answers_500_when_it_can_not_sign) {
  static const function_inputs inputs = {
      .event = SLICE(V2("GET", "/signed_url", "file_name=a", "")), .time_seconds = -1};
  text_buffer out = buffer_of(1024);
  start_with_defaults();
  CHECK("problem", function_handle(&function, &inputs, large_arena(), &out) == NULL);
  CHECK("status",
        text_slice_starts_with(text_buffer_slice(&out), TEXT_LITERAL("{\"statusCode\":500,")));
}

TEST(says_why_an_event_can_not_be_answered) {
  static const function_inputs inputs = {.event = {"{}", 2}};
  text_buffer out = buffer_of(1024);
  start_with_defaults();
  CHECK("problem", function_handle(&function, &inputs, large_arena(), &out) != NULL);
  CHECK_NUMBER("reply", out.size, 0);
}

/* However little memory there is: a whole reply, or the word that there is none. */
TEST(never_answers_in_part) {
  const text_slice event = event_file("http-api-v2-post-signed-url-base64.json");
  const function_inputs inputs = {.event = event, .time_seconds = 1774958400};
  start_with_defaults();
  enum { MOST_BYTES = 32 * 1024, OUT_BYTES = 16 * 1024 };
  size_t answered = 0;
  for (size_t size = 0; size < MOST_BYTES; size += 64) {
    text_buffer out = buffer_of(OUT_BYTES);
    const char *problem = function_handle(&function, &inputs, arena_of(size), &out);
    if (problem == NULL && !out.overflowed) {
      answered++;
      CHECK("the end", text_slice_ends_with(text_buffer_slice(&out),
                                            TEXT_LITERAL("}\",\"isBase64Encoded\":false}")));
    }
  }
  CHECK("answered", answered > 10);
}

TEST(never_serves_the_page_without_its_whole_policy) {
  const function_inputs inputs = {.event = SLICE(V2("GET", "/", "", "")), .time_seconds = 1};
  environment_reset();
  environment_set("UPLOAD_PAGE", "on");
  start();
  size_t answered = 0;
  for (size_t size = 0; size < (size_t)32 * 1024; size += 16) {
    text_buffer out = buffer_of((size_t)64 * 1024);
    if (function_handle(&function, &inputs, arena_of(size), &out) == NULL && !out.overflowed) {
      const text_slice reply = text_buffer_slice(&out);
      answered++;
      CHECK("policy", !has(reply, "<!doctype html>") ||
                          has(reply, "'self' https://my-bucket.s3.eu-west-1.amazonaws.com\""));
    }
  }
  CHECK("answered", answered > 10);
}

RUN_TESTS(cmocka_unit_test(answers_each_sample_event),
          cmocka_unit_test(signs_and_tells_all_that_is_configured),
          cmocka_unit_test(answers_each_kind_of_error_in_one_shape),
          cmocka_unit_test(refuses_an_origin_that_is_not_allowed),
          cmocka_unit_test(tells_the_page_what_may_be_uploaded),
          cmocka_unit_test(serves_the_page_that_may_reach_only_the_api_and_the_bucket),
          cmocka_unit_test(tells_the_page_who_signs_its_user_in),
          cmocka_unit_test(has_no_page_where_a_route_has_a_slash_too_many),
          cmocka_unit_test(refuses_whom_no_authorizer_let_in_where_that_is_required),
          cmocka_unit_test(sends_a_file_of_the_page_once),
          cmocka_unit_test(has_no_page_unless_it_is_on),
          cmocka_unit_test(answers_a_preflight_at_any_path),
          cmocka_unit_test(answers_500_when_it_can_not_sign),
          cmocka_unit_test(says_why_an_event_can_not_be_answered),
          cmocka_unit_test(never_answers_in_part),
          cmocka_unit_test(never_serves_the_page_without_its_whole_policy))
