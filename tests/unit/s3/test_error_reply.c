/* S3's errors as a whole, as S3 and other stores send them. */
#include "s3/error_reply.h"

#include "tests/unit/support.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static s3_error_reply reply;

static bool read_text(const char *text) {
  return s3_error_reply_read(&reply, guarded_string(text), large_arena());
}

TEST(reads_what_tells_a_cause) {
  CHECK("read",
        read_text(HEAD "<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message>"
                       "<AWSAccessKeyId>AKIA</AWSAccessKeyId><StringToSign>a\nb</StringToSign>"
                       "<SignatureProvided>0f</SignatureProvided>"
                       "<StringToSignBytes>41 57</StringToSignBytes>"
                       "<CanonicalRequest>PUT\n/k\nA=1&amp;B=2\nhost:h\n\nhost\nU"
                       "</CanonicalRequest><RequestId>r</RequestId></Error>"));
  CHECK_TEXT("code", reply.code, "SignatureDoesNotMatch");
  CHECK_TEXT("message", reply.message, "m");
  CHECK_TEXT("access key", reply.access_key_id, "AKIA");
  CHECK_TEXT("string to sign", reply.string_to_sign, "a\nb");
  CHECK_TEXT("signature", reply.signature_provided, "0f");
  CHECK_TEXT("request", reply.canonical_request, "PUT\n/k\nA=1&B=2\nhost:h\n\nhost\nU");
}

TEST(reads_the_details_of_other_errors) {
  CHECK("read",
        read_text("<Error><Code>c</Code><Region>r</Region><Endpoint>e</Endpoint>"
                  "<RequestTime>t</RequestTime><ServerTime>s</ServerTime><Expires>x</Expires>"
                  "<Condition>If-None-Match</Condition><ProposedSize>2</ProposedSize>"
                  "<MaxSizeAllowed>1</MaxSizeAllowed><HeadersNotSigned>h</HeadersNotSigned>"
                  "</Error>"));
  CHECK_TEXT("region", reply.region, "r");
  CHECK_TEXT("endpoint", reply.endpoint, "e");
  CHECK_TEXT("request time", reply.request_time, "t");
  CHECK_TEXT("server time", reply.server_time, "s");
  CHECK_TEXT("expires", reply.expires, "x");
  CHECK_TEXT("condition", reply.condition, "If-None-Match");
  CHECK_TEXT("size", reply.proposed_size, "2");
  CHECK_TEXT("most", reply.max_size_allowed, "1");
  CHECK_TEXT("headers", reply.headers_not_signed, "h");
}

/* Nothing of an error may lead to its token: no field has it. */
TEST(leaves_a_token_unread) {
  CHECK("read", read_text("<Error><Code>ExpiredToken</Code><Token-0>the-token</Token-0>"
                          "<Message>expired</Message></Error>"));
  const text_slice *fields = (const text_slice *)&reply;
  for (size_t i = 0; i < sizeof reply / sizeof *fields; i++) {
    CHECK("no token", !text_slice_equal(fields[i], TEXT_LITERAL("the-token")));
  }
}

TEST(skips_what_stands_before_and_around) {
  CHECK("read", read_text("HTTP/1.1 403 Forbidden\r\nServer: x\r\n\r\n" HEAD
                          "<Error>\n  <Code>\n    AccessDenied\n  </Code>\n</Error>\n"));
  CHECK_TEXT("code", reply.code, "AccessDenied");
}

TEST(takes_a_request_with_a_long_token) {
  static char text[40 * 1024];
  text_buffer buffer;
  text_buffer_init(&buffer, text, sizeof text);
  text_buffer_append_string(&buffer, "<Error><Code>c</Code><CanonicalRequest>");
  while (buffer.size < (size_t)32 * 1024) {
    text_buffer_append_byte(&buffer, 'x');
  }
  text_buffer_append_string(&buffer, "</CanonicalRequest></Error>");
  CHECK("read", s3_error_reply_read(&reply, text_buffer_slice(&buffer), large_arena()));
  CHECK("long", reply.canonical_request.size > 30000);
}

static const char *const refused[] = {
    "",
    "no XML",
    "<Error/>",
    "<Error><Code></Code></Error>",
    "<Error><Message>m</Message></Error>",
    "<Other><Code>c</Code></Other>",
    "<a><Error><Code>c</Code></Error></a>",
    "<Error><Code>c</Code>",
    "<!DOCTYPE Error><Error><Code>c</Code></Error>",
    "<html><body>403</body></html>",
};

TEST(refuses_what_is_no_error) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    CHECK(refused[i], !read_text(refused[i]));
    CHECK_NUMBER(refused[i], reply.code.size, 0);
  }
}

RUN_TESTS(cmocka_unit_test(reads_what_tells_a_cause),
          cmocka_unit_test(reads_the_details_of_other_errors),
          cmocka_unit_test(leaves_a_token_unread),
          cmocka_unit_test(skips_what_stands_before_and_around),
          cmocka_unit_test(takes_a_request_with_a_long_token),
          cmocka_unit_test(refuses_what_is_no_error))
