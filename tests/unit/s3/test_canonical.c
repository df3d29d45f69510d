#include "s3/canonical.h"

#include "tests/unit/support.h"

/* The digest of a whole canonical request, written out. */
static void hash_text(const char *text, uint8_t digest[S3_HASH_BYTES]) {
  s3_hash hash;
  s3_hash_start(&hash);
  s3_hash_update(&hash, text_slice_of(text));
  s3_hash_finish(&hash, digest);
}

static const struct {
  const char *name, *method, *path;
  text_pair headers[4], query[5];
  size_t header_count, query_count;
  const char *text;
} requests[] = {
    {.name = "AWS's example",
     .method = "GET",
     .path = "/test.txt",
     .query = {PAIR("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
               PAIR("X-Amz-Credential",
                    "AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"),
               PAIR("X-Amz-Date", "20130524T000000Z"), PAIR("X-Amz-Expires", "86400"),
               PAIR("X-Amz-SignedHeaders", "host")},
     .query_count = 5,
     .text = "GET\n/test.txt\n"
             "X-Amz-Algorithm=AWS4-HMAC-SHA256"
             "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
             "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\n"
             "host:examplebucket.s3.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD"},
    {.name = "nothing to sort",
     .method = "GET",
     .path = "/",
     .text = "GET\n/\n\nhost:examplebucket.s3.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD"},
    {.name = "parameters by name, then by value",
     .method = "PUT",
     .path = "/a",
     .query = {PAIR("uploadId", "x"), PAIR("a", "2"), PAIR("X-Amz-Date", "d"), PAIR("a", "1"),
               PAIR("a-b", "")},
     .query_count = 5,
     .text = "PUT\n/a\nX-Amz-Date=d&a=1&a=2&a-b=&uploadId=x\n"
             "host:examplebucket.s3.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD"},
    {.name = "headers by lower-case name",
     .method = "PUT",
     .path = "/a",
     .headers = {PAIR("X-Amz-B", "B"), PAIR("x-amz-a", "a b"), PAIR("X-Amz", ""),
                 PAIR("Content-Type", "Text/Plain")},
     .header_count = 4,
     .text = "PUT\n/a\n\ncontent-type:Text/Plain\nhost:examplebucket.s3.amazonaws.com\n"
             "x-amz:\nx-amz-a:a b\nx-amz-b:B\n\n"
             "content-type;host;x-amz;x-amz-a;x-amz-b\nUNSIGNED-PAYLOAD"},
};

static s3_canonical_request request_of(size_t row, s3_canonical_headers *headers) {
  CHECK_NUMBER(requests[row].name,
               s3_canonical_headers_init(headers, requests[row].headers, requests[row].header_count,
                                         TEXT_LITERAL("examplebucket.s3.amazonaws.com")),
               S3_OK);
  return (s3_canonical_request){.method = text_slice_of(requests[row].method),
                                .path = text_slice_of(requests[row].path),
                                .query = requests[row].query,
                                .query_count = requests[row].query_count,
                                .headers = headers};
}

/* With what earlier requests have left there. */
static s3_hash_memo memo;

static void hash_request(size_t row, uint8_t digest[S3_HASH_BYTES]) {
  s3_canonical_headers headers;
  const s3_canonical_request request = request_of(row, &headers);
  s3_canonical_request_hash(&request, &memo, digest);
}

TEST(writes_what_it_hashes) {
  for (size_t i = 0; i < COUNT(requests); i++) {
    s3_canonical_headers headers;
    const s3_canonical_request request = request_of(i, &headers);
    text_buffer text = buffer_of(strlen(requests[i].text));
    s3_canonical_request_append(&request, &text);
    CHECK_TEXT(requests[i].name, text_buffer_slice(&text), requests[i].text);
    CHECK(requests[i].name, !text.overflowed);
  }
}

TEST(signs_another_payload) {
  s3_canonical_headers headers;
  s3_canonical_request request = request_of(1, &headers);
  text_buffer text = buffer_of(200);
  request.payload = TEXT_LITERAL("STREAMING");
  s3_canonical_request_append(&request, &text);
  CHECK("end", text_slice_ends_with(text_buffer_slice(&text), TEXT_LITERAL("host\nSTREAMING")));
}

TEST(hashes_what_the_documentation_writes_out) {
  for (size_t i = 0; i < COUNT(requests); i++) {
    uint8_t digest[S3_HASH_BYTES];
    uint8_t expected[S3_HASH_BYTES];
    hash_request(i, digest);
    hash_text(requests[i].text, expected);
    CHECK(requests[i].name, memcmp(digest, expected, sizeof digest) == 0);
  }
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
TEST(gives_the_documented_hash) {
  uint8_t digest[S3_HASH_BYTES];
  text_buffer hex = buffer_of((size_t)2 * S3_HASH_BYTES);
  hash_request(0, digest);
  s3_hash_append_hex(&hex, digest);
  CHECK_TEXT("hash", text_buffer_slice(&hex),
             "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04");
}

TEST(lists_the_signed_names) {
  s3_canonical_headers headers;
  const text_pair given[] = {{TEXT_LITERAL("X-B"), TEXT_LITERAL("1")},
                             {TEXT_LITERAL("A"), TEXT_LITERAL("2")}};
  text_buffer names = buffer_of(100);
  assert_int_equal(s3_canonical_headers_init(&headers, given, 2, TEXT_LITERAL("h")), S3_OK);
  s3_canonical_headers_append_names(&headers, &names);
  CHECK_TEXT("names", text_buffer_slice(&names), "a%3Bhost%3Bx-b");
}

RUN_TESTS(cmocka_unit_test(writes_what_it_hashes), cmocka_unit_test(signs_another_payload),
          cmocka_unit_test(hashes_what_the_documentation_writes_out),
          cmocka_unit_test(gives_the_documented_hash), cmocka_unit_test(lists_the_signed_names))
