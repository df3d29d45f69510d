#include "s3/presign.h"

#include "tests/unit/support.h"

#define HOST "my-bucket.s3.eu-west-1.amazonaws.com"
#define AWS "https://" HOST
#define SCOPE "AKIAIOSFODNN7EXAMPLE%2F20260331%2Feu-west-1%2Fs3%2Faws4_request"
#define SIGNED \
  "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" SCOPE "&X-Amz-Date=20260331T120000Z"

enum { URL_MAX_BYTES = 8192, SECONDS = 1774958400 /* 2026-03-31T12:00:00Z */ };

static const s3_endpoint aws = {SLICE(AWS), SLICE(HOST), SLICE(""), SLICE("b"), SLICE("")};
static const s3_endpoint local = {SLICE("http://localhost:9000"), SLICE("localhost:9000"),
                                  SLICE("/s3/my-bucket"), SLICE("my-bucket"), SLICE("")};

static s3_signer signer_of(const char *token, const char *region) {
  s3_signer signer;
  const s3_credentials credentials = {TEXT_LITERAL("AKIAIOSFODNN7EXAMPLE"),
                                      TEXT_LITERAL("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                                      guarded_string(token)};
  assert_true(s3_signer_init(&signer, &credentials, text_slice_of(region), large_arena()));
  return signer;
}

/* A PUT of a.txt that can be signed; each test changes what it is about. */
static s3_presign_options a_put(void) {
  return (s3_presign_options){.endpoint = &aws,
                              .method = TEXT_LITERAL("PUT"),
                              .key = TEXT_LITERAL("a.txt"),
                              .expires_seconds = 300,
                              .time_seconds = SECONDS};
}

static s3_status presign(const s3_presign_options *options, text_buffer *url) {
  s3_signer signer = signer_of("", "eu-west-1");
  return s3_presign(&signer, options, url);
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
TEST(makes_the_documented_url) {
  const s3_endpoint endpoint = {TEXT_LITERAL("https://examplebucket.s3.amazonaws.com"),
                                TEXT_LITERAL("examplebucket.s3.amazonaws.com"), TEXT_LITERAL(""),
                                TEXT_LITERAL("examplebucket"), TEXT_LITERAL("")};
  const s3_presign_options options = {.endpoint = &endpoint,
                                      .method = TEXT_LITERAL("GET"),
                                      .key = TEXT_LITERAL("test.txt"),
                                      .expires_seconds = 86400,
                                      .time_seconds = 1369353600};
  s3_signer signer = signer_of("", "us-east-1");
  text_buffer url = buffer_of(URL_MAX_BYTES);
  CHECK_NUMBER("status", s3_presign(&signer, &options, &url), S3_OK);
  CHECK_TEXT("url", text_buffer_slice(&url),
             "https://examplebucket.s3.amazonaws.com/test.txt"
             "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
             "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
             "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
             "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

/* URLs that botocore makes of the same inputs and clock; tests/service compares
 * thousands more. */
static const struct {
  const char *name, *key, *token;
  const s3_endpoint *endpoint;
  text_pair headers[4], query[2];
  size_t header_count, query_count;
  const char *url;
} botocore_urls[] = {
    {.name = "plain",
     .key = "a.txt",
     .token = "",
     .endpoint = &aws,
     .url = AWS "/a.txt?" SIGNED "&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature="
                "3a19377733fd54f61c3332ecece23d7ca1ca906c294de80c054f86a333dcd7ad"},
    {.name = "token",
     .key = "a.txt",
     .token = "a/b+c==",
     .endpoint = &aws,
     .url = AWS "/a.txt?" SIGNED "&X-Amz-Expires=300&X-Amz-SignedHeaders=host"
                "&X-Amz-Security-Token=a%2Fb%2Bc%3D%3D&X-Amz-Signature="
                "c360dd6a183ad18ac55f349ea066772191680e3a829f9820cfd3a8a39d269819"},
    {.name = "headers, not sorted",
     .key = "a.txt",
     .token = "",
     .endpoint = &aws,
     .headers = {PAIR("x-amz-tagging", "a=b"), PAIR("If-None-Match", "*"),
                 PAIR("Content-Type", "text/plain; charset=utf-8"), PAIR("Content-Length", "13")},
     .header_count = 4,
     .url = AWS "/a.txt?" SIGNED "&X-Amz-Expires=300&X-Amz-SignedHeaders=content-length%3B"
                "content-type%3Bhost%3Bif-none-match%3Bx-amz-tagging&X-Amz-Signature="
                "d3f773f67086465cb14ee9029fcadfb7cbd16efb8367550e17e7d500b9d0ce6d"},
    {.name = "path style, base path and any bytes",
     .key = "a b/+%~\xC3\xA9\xF0\x9F\x98\x80",
     .token = "",
     .endpoint = &local,
     .url = "http://localhost:9000/s3/my-bucket/a%20b/%2B%25~%C3%A9%F0%9F%98%80?" SIGNED
            "&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature="
            "da918afe9dd718dc60806ca66ce9505cd259f06e9120583b912cb10d3bf874df"},
    {.name = "query",
     .key = "a.txt",
     .token = "",
     .endpoint = &aws,
     .query = {PAIR("partNumber", "1"), PAIR("uploadId", "a b/c")},
     .query_count = 2,
     .url = AWS "/a.txt?partNumber=1&uploadId=a%20b%2Fc&" SIGNED
                "&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature="
                "7aa869c33322ba18310a27e8a50513c6c4062b985e8d05103ae71c1a8b6d729f"},
};

TEST(makes_the_urls_that_botocore_makes) {
  for (size_t i = 0; i < COUNT(botocore_urls); i++) {
    s3_presign_options options = a_put();
    options.endpoint = botocore_urls[i].endpoint;
    options.key = guarded_string(botocore_urls[i].key);
    options.headers = botocore_urls[i].headers;
    options.header_count = botocore_urls[i].header_count;
    options.query = botocore_urls[i].query;
    options.query_count = botocore_urls[i].query_count;
    s3_signer signer = signer_of(botocore_urls[i].token, "eu-west-1");
    text_buffer url = buffer_of(URL_MAX_BYTES);
    CHECK_NUMBER(botocore_urls[i].name, s3_presign(&signer, &options, &url), S3_OK);
    CHECK_TEXT(botocore_urls[i].name, text_buffer_slice(&url), botocore_urls[i].url);
  }
}

TEST(appends_to_what_is_there) {
  const s3_presign_options options = a_put();
  text_buffer alone = buffer_of(URL_MAX_BYTES);
  text_buffer behind = buffer_of(URL_MAX_BYTES);
  text_buffer_append_string(&behind, "url: ");
  CHECK_NUMBER("alone", presign(&options, &alone), S3_OK);
  CHECK_NUMBER("behind", presign(&options, &behind), S3_OK);
  CHECK_SLICE("url", text_slice_from(text_buffer_slice(&behind), 5), text_buffer_slice(&alone));
}

TEST(leaves_the_buffer_as_it_was_when_there_is_no_room) {
  const s3_presign_options options = a_put();
  text_buffer url = buffer_of(URL_MAX_BYTES);
  CHECK_NUMBER("room", presign(&options, &url), S3_OK);
  const size_t needed = url.size;
  for (size_t capacity = 0; capacity < needed; capacity++) {
    url = buffer_of(capacity);
    text_buffer_append_string(&url, capacity > 1 ? "ab" : "");
    const size_t before = url.size;
    CHECK_NUMBER("no room", presign(&options, &url), S3_NO_ROOM);
    CHECK_NUMBER("left as it was", url.size, before);
  }
  url = buffer_of(needed);
  CHECK_NUMBER("just enough", presign(&options, &url), S3_OK);
}

static s3_status status_of(const s3_presign_options *options) {
  text_buffer url = buffer_of(URL_MAX_BYTES);
  const s3_status status = presign(options, &url);
  CHECK_NUMBER("a URL or an error", url.size > 0, status == S3_OK);
  return status;
}

static const struct {
  int64_t seconds;
  s3_status status;
} lifetimes[] = {{INT64_MIN, S3_BAD_EXPIRES},
                 {-1, S3_BAD_EXPIRES},
                 {0, S3_BAD_EXPIRES},
                 {1, S3_OK},
                 {604800, S3_OK},
                 {604801, S3_BAD_EXPIRES},
                 {INT64_MAX, S3_BAD_EXPIRES}};

TEST(lives_one_second_to_seven_days) {
  for (size_t i = 0; i < COUNT(lifetimes); i++) {
    s3_presign_options options = a_put();
    options.expires_seconds = lifetimes[i].seconds;
    CHECK_NUMBER("lifetime", status_of(&options), lifetimes[i].status);
  }
}

static const struct {
  const char *method;
  s3_status status;
} methods[] = {{"PUT", S3_OK},          {"", S3_BAD_METHOD},      {"put", S3_BAD_METHOD},
               {"PU T", S3_BAD_METHOD}, {"PUT\n", S3_BAD_METHOD}, {"P1", S3_BAD_METHOD}};

TEST(takes_a_method_of_upper_case_letters) {
  for (size_t i = 0; i < COUNT(methods); i++) {
    s3_presign_options options = a_put();
    options.method = guarded_string(methods[i].method);
    CHECK_NUMBER(methods[i].method, status_of(&options), methods[i].status);
  }
}

TEST(refuses_a_key_that_a_browser_would_change) {
  s3_presign_options options = a_put();
  options.key = TEXT_LITERAL("a/../b");
  CHECK_NUMBER("two dots", status_of(&options), S3_BAD_KEY);
}

TEST(signs_a_call_of_the_bucket_itself) {
  const text_pair cors = PAIR("cors", "");
  s3_presign_options options = a_put();
  options.key = TEXT_LITERAL("");
  options.query = &cors;
  options.query_count = 1;
  CHECK_NUMBER("without a key", status_of(&options), S3_BAD_KEY);
  options.of_bucket = true;
  text_buffer url = buffer_of(URL_MAX_BYTES);
  CHECK_NUMBER("of the bucket", presign(&options, &url), S3_OK);
  CHECK("path",
        text_slice_starts_with(text_buffer_slice(&url), TEXT_LITERAL(AWS "/?cors=&X-Amz-")));
  options.key = TEXT_LITERAL("k");
  CHECK_NUMBER("of both", status_of(&options), S3_BAD_KEY);
}

TEST(refuses_a_header_that_can_not_be_signed) {
  const text_pair header = PAIR("X-A", " a");
  s3_presign_options options = a_put();
  options.headers = &header;
  options.header_count = 1;
  CHECK_NUMBER("a space", status_of(&options), S3_BAD_HEADER);
}

TEST(refuses_a_time_that_can_not_be_written) {
  s3_presign_options options = a_put();
  options.time_seconds = -1;
  CHECK_NUMBER("before 1970", status_of(&options), S3_BAD_TIME);
}

TEST(takes_16_parameters_and_no_more) {
  static text_pair query[S3_QUERY_MAX + 1];
  s3_presign_options options = a_put();
  for (size_t i = 0; i < COUNT(query); i++) {
    query[i] = (text_pair){TEXT_LITERAL("name"), TEXT_LITERAL("value")};
  }
  options.query = query;
  options.query_count = S3_QUERY_MAX;
  CHECK_NUMBER("16", status_of(&options), S3_OK);
  options.query_count = S3_QUERY_MAX + 1;
  CHECK_NUMBER("17", status_of(&options), S3_TOO_MANY);
}

TEST(refuses_an_access_key_id_that_is_too_long) {
  static char id[512];
  memset(id, 'A', sizeof id);
  const s3_presign_options options = a_put();
  s3_signer signer = signer_of("", "eu-west-1");
  signer.credentials.access_key_id = (text_slice){id, sizeof id};
  text_buffer url = buffer_of(URL_MAX_BYTES);
  CHECK_NUMBER("512 bytes", s3_presign(&signer, &options, &url), S3_NO_ROOM);
}

/* As whoever gets the URL finds it out: from all parameters but the last. */
static void append_signature_of(s3_signer *signer, const s3_presign_options *options,
                                text_slice url, text_buffer *signature) {
  uint8_t digest[S3_HASH_BYTES];
  text_pair query[S3_CANONICAL_QUERY_MAX];
  text_slice rest = text_slice_from(url, options->endpoint->origin.size);
  text_slice piece;
  s3_canonical_headers headers;
  s3_canonical_request request = {.method = options->method, .query = query, .headers = &headers};
  static s3_hash_memo memo;
  (void)text_slice_split(&rest, '?', &request.path);
  while (text_slice_split(&rest, '&', &piece) && rest.data != NULL) {
    text_pair *parameter = &query[request.query_count++];
    parameter->value = piece;
    (void)text_slice_split(&parameter->value, '=', &parameter->name);
  }
  assert_int_equal(s3_canonical_headers_init(&headers, options->headers, options->header_count,
                                             options->endpoint->host),
                   S3_OK);
  s3_canonical_request_hash(&request, &memo, digest);
  s3_signer_append_request_signature(signer, s3_signer_moment(signer, options->time_seconds),
                                     digest, signature);
}

/* The signature's own parameters and the operation's, each wherever its name puts it. */
TEST(signs_parameters_of_any_name_in_their_order) {
  static const char *const names[] = {"A",       "X-Amz-Date2", "X-Amz-SignedHeaders",
                                      "X-Amz-Z", "a",           ""};
  for (size_t i = 0; i < COUNT(names) * COUNT(names); i++) {
    const text_pair query[] = {{text_slice_of(names[i / COUNT(names)]), TEXT_LITERAL("z/")},
                               {text_slice_of(names[i % COUNT(names)]), TEXT_LITERAL("a")}};
    s3_presign_options options = a_put();
    options.query = query;
    options.query_count = 2;
    s3_signer signer = signer_of("a/token+==", "eu-west-1");
    text_buffer url = buffer_of(URL_MAX_BYTES);
    text_buffer expected = buffer_of((size_t)2 * S3_HASH_BYTES);
    CHECK_NUMBER("status", s3_presign(&signer, &options, &url), S3_OK);
    append_signature_of(&signer, &options, text_buffer_slice(&url), &expected);
    CHECK("signature", text_slice_ends_with(text_buffer_slice(&url), text_buffer_slice(&expected)));
  }
}

/* Whatever the signer has signed before, a URL is that of a new one. */
TEST(signs_a_batch_as_each_of_its_requests_alone) {
  static const s3_endpoint *const endpoints[] = {&aws, &local};
  static const char *const keys[] = {"film.mp4", "film.mp5", "a long key: 012345678901234567890"};
  static const char *const tokens[] = {"", "a/token+=="};
  for (size_t i = 0; i < 2000; i++) {
    static s3_signer batch;
    const char *token = tokens[i / 1000];
    if (i % 1000 == 0) {
      batch = signer_of(token, "eu-west-1");
    }
    const text_pair query[] = {
        {TEXT_LITERAL("partNumber"), i % 7 > 0 ? TEXT_LITERAL("1") : TEXT_LITERAL("10000")},
        {TEXT_LITERAL("uploadId"), TEXT_LITERAL("id of an upload")}};
    const text_pair headers[] = {{TEXT_LITERAL("x-amz-meta-a"), TEXT_LITERAL("a")}};
    s3_presign_options options = a_put();
    options.endpoint = endpoints[i / 2 % 2];
    options.key = text_slice_of(keys[i / 4 % COUNT(keys)]);
    options.method = i / 12 % 2 ? TEXT_LITERAL("GET") : options.method;
    options.query = query;
    options.query_count = i % 5 > 0 ? 2 : 0;
    options.headers = headers;
    options.header_count = i % 3 == 0;
    options.time_seconds += (int64_t)(i / 48 % 3);
    s3_signer alone = signer_of(token, "eu-west-1");
    text_buffer one = buffer_of(URL_MAX_BYTES);
    text_buffer other = buffer_of(URL_MAX_BYTES);
    CHECK_NUMBER("alone", s3_presign(&alone, &options, &one), S3_OK);
    CHECK_NUMBER("in a batch", s3_presign(&batch, &options, &other), S3_OK);
    CHECK("the same", text_slice_equal(text_buffer_slice(&one), text_buffer_slice(&other)));
  }
}

RUN_TESTS(cmocka_unit_test(signs_a_call_of_the_bucket_itself),
          cmocka_unit_test(makes_the_documented_url),
          cmocka_unit_test(signs_a_batch_as_each_of_its_requests_alone),
          cmocka_unit_test(signs_parameters_of_any_name_in_their_order),
          cmocka_unit_test(makes_the_urls_that_botocore_makes),
          cmocka_unit_test(appends_to_what_is_there),
          cmocka_unit_test(leaves_the_buffer_as_it_was_when_there_is_no_room),
          cmocka_unit_test(lives_one_second_to_seven_days),
          cmocka_unit_test(takes_a_method_of_upper_case_letters),
          cmocka_unit_test(refuses_a_key_that_a_browser_would_change),
          cmocka_unit_test(refuses_a_header_that_can_not_be_signed),
          cmocka_unit_test(refuses_a_time_that_can_not_be_written),
          cmocka_unit_test(takes_16_parameters_and_no_more),
          cmocka_unit_test(refuses_an_access_key_id_that_is_too_long))
