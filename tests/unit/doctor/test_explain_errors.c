/* Errors as AWS words them, which no other store does, and the causes that are named. The real
 * store's are in tests/service. */
#include <stdio.h>

#include "explained.h"
#include "s3/error_reply.h"

static const struct {
  const char *name, *error;
  bool with_secret;
  const char *cause; /* how the text begins */
  const char *word;  /* that it has as well */
} errors[] = {
    {"another type", MISMATCH("PUT", "/a%20b.txt", "text/html"), true, "Cause: other header value",
     "signed \"text/plain\", sent \"text/html\""},
    {"no type", MISMATCH("PUT", "/a%20b.txt", ""), false, "Cause: missing header", "content-type"},
    {"curl's own type", MISMATCH("PUT", "/a%20b.txt", "application/x-www-form-urlencoded"), false,
     "Most likely: other header value", "curl"},
    {"opened like a page", MISMATCH("GET", "/a%20b.txt", ""), false, "Most likely: method",
     "only an upload has"},
    {"another method", MISMATCH("POST", "/a%20b.txt", "text/plain"), true, "Cause: method",
     "signed for PUT, and the request was a POST"},
    {"encoded twice", MISMATCH("PUT", "/a%2520b.txt", "text/plain"), true, "Cause: key encoding",
     "signed /a%20b.txt, seen /a%2520b.txt"},
    {"another secret", MISMATCH("PUT", "/a%20b.txt", "text/plain"), true, "Cause: secret key", ""},
    {"not enough to tell", MISMATCH("PUT", "/a%20b.txt", "text/html"), false, "The cause can't",
     "Look whether the content-type that was sent, text/html, was signed"},
    {"expired",
     DENIED("Request has expired", "<X-Amz-Expires>300</X-Amz-Expires>"
                                   "<Expires>2026-11-24T12:05:00Z</Expires>"
                                   "<ServerTime>2026-11-24T12:15:00Z</ServerTime>"),
     false, "Cause: expired",
     "ended at 2026-11-24T12:05:00Z, and S3's clock says 2026-11-24T12:15:00Z (10 min later)"},
    {"expired, of an older URL",
     DENIED("Request has expired", "<Expires>2026-11-23T12:05:00Z</Expires>"
                                   "<ServerTime>2026-11-23T12:15:00Z</ServerTime>"),
     false, "Cause: expired", "ended at 2026-11-23T12:05:00Z"},
    {"expired, before this URL ends",
     DENIED("Request has expired", "<ServerTime>2026-11-23T12:15:00Z</ServerTime>"), false,
     "Cause: expired", "The URL or form has expired."},
    {"not yet", DENIED("Request is not yet valid", "<ServerTime>2026-11-24T09:00:00Z</ServerTime>"),
     false, "Cause: clock", "is 3 h ahead"},
    {"skewed",
     "<Error><Code>RequestTimeTooSkewed</Code><RequestTime>20261124T120000Z</RequestTime>"
     "<ServerTime>2026-11-24T14:00:00Z</ServerTime></Error>",
     false, "Cause: clock", "is 2 h behind"},
    {"unsigned headers",
     DENIED("There were headers present in the request which were not signed",
            "<HeadersNotSigned>x-amz-acl</HeadersNotSigned>"),
     false, "Cause: header that was not signed", "x-amz-acl"},
    {"no permission",
     DENIED("User: arn:aws:sts::1:assumed-role/r is not authorized to perform: s3:PutObject", ""),
     false, "Cause: permission", "is not authorized to perform: s3:PutObject"},
    {"no permission for a key that says expired",
     DENIED("User: arn:aws:sts::1:assumed-role/r is not authorized to perform: s3:PutObject on "
            "resource: \"arn:aws:s3:::b/Request has expired, Policy.pdf\"",
            ""),
     false, "Cause: permission", "The signature is good"},
    {"no permission by a public access block",
     DENIED("User: arn:aws:iam::1:user/u is not authorized to perform: s3:PutBucketPolicy because "
            "public policies are blocked by the BlockPublicPolicy setting",
            ""),
     false, "Cause: permission", "BlockPublicPolicy"},
    {"no permission, and a key in other words", DENIED("No access to expired-passport.jpg", ""),
     false, "Most likely: permission",
     "S3 says: AccessDenied: No access to expired-passport.jpg\n"},
    {"no permission, and a policy in other words", DENIED("No access to Policy.pdf", ""), false,
     "Most likely: permission", "S3 says: AccessDenied: No access to Policy.pdf\n"},
    {"expired token",
     "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message>"
     "<Token-0>" TOKEN "</Token-0></Error>",
     false, "Cause: session token", "has expired"},
    {"invalid token", "<Error><Code>InvalidToken</Code><Token-0>" TOKEN "</Token-0></Error>", false,
     "Cause: session token", "not the one that belongs"},
    {"access key", "<Error><Code>InvalidAccessKeyId</Code></Error>", false, "Cause: access key",
     "ASIA****MPLE"},
    {"region",
     "<Error><Code>AuthorizationQueryParametersError</Code><Message>Error parsing the "
     "X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'</Message>"
     "<Region>us-east-1</Region></Error>",
     false, "Cause: region", "signed for the region eu-west-1, and the bucket is in us-east-1"},
    {"endpoint",
     "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.us-west-2.amazonaws.com</Endpoint>"
     "</Error>",
     false, "Cause: region", "b.s3.us-west-2.amazonaws.com"},
    {"too large",
     "<Error><Code>EntityTooLarge</Code><ProposedSize>20</ProposedSize>"
     "<MaxSizeAllowed>10</MaxSizeAllowed></Error>",
     false, "Cause: size", "20 bytes, and at most 10"},
    {"digest", "<Error><Code>BadDigest</Code></Error>", false, "Cause: checksum", ""},
    {"payload", "<Error><Code>XAmzContentSHA256Mismatch</Code></Error>", false,
     "Cause: payload hash", ""},
    {"precondition",
     "<Error><Code>PreconditionFailed</Code><Condition>If-None-Match</Condition></Error>", false,
     "Cause: precondition", "an object with this key already"},
    {"another precondition",
     "<Error><Code>PreconditionFailed</Code><Condition>If-Match</Condition></Error>", false,
     "Cause: precondition", "The condition If-Match does not hold.\n"},
    {"a precondition without a name", "<Error><Code>PreconditionFailed</Code></Error>", false,
     "Cause: precondition", "(a header If-...) does not hold.\n"},
    {"a form that is none",
     "<Error><Code>PreconditionFailed</Code><Condition>Bucket POST must be of the enclosure-type "
     "multipart/form-data</Condition></Error>",
     false, "Cause: form", "no multipart/form-data"},
    {"two at a time", "<Error><Code>ConditionalRequestConflict</Code></Error>", false,
     "Cause: store", "To change: Try again"},
    {"nothing to download", "<Error><Code>NoSuchKey</Code></Error>", false, "Cause: path",
     "There is no object with this key"},
    {"policy",
     DENIED("Invalid according to Policy: Policy Condition failed: "
            "[\"eq\", \"$x-amz-security-token\", \"" TOKEN "\"]",
            ""),
     false, "Cause: form", "x-amz-security-token"},
    {"policy that ended", DENIED("Invalid according to Policy: Policy expired.", ""), false,
     "Cause: expired", ""},
    {"a field too many", DENIED("Invalid according to Policy: Extra input fields: x-amz-acl", ""),
     false, "Cause: form", "does not name"},
    {"ACL", "<Error><Code>AccessControlListNotSupported</Code></Error>", false, "Cause: ACL", ""},
    {"KMS", "<Error><Code>KMS.DisabledException</Code></Error>", false, "Cause: encryption",
     "KMS.DisabledException"},
    {"an error of tomorrow, and the secret", "<Error><Code>Tomorrow</Code></Error>", true,
     "The cause can't", "S3 says: Tomorrow"},
    {"an error of tomorrow", "<Error><Code>Tomorrow</Code></Error>", false, "The cause can't",
     "S3 says: Tomorrow"},
};

/* What the store says always stands there, after the causes, on a line of its own. */
static bool shows_words(text_slice text, text_slice error) {
  s3_error_reply reply;
  char line[256];
  text_buffer words;
  text_buffer_init(&words, line, sizeof line);
  assert_true(s3_error_reply_read(&reply, error, large_arena()));
  text_buffer_append_string(&words, "\n  S3 says: ");
  text_buffer_append(&words, reply.code);
  text_buffer_append_string(&words, reply.message.size > 0 ? ": " : "\n");
  text_buffer_append_byte(&words, '\0');
  return !words.overflowed && has(text, line);
}

TEST(names_the_cause_of_each_error_of_aws) {
  for (size_t i = 0; i < COUNT(errors); i++) {
    explain_result result;
    const explain_input input = {.url = signed_put(),
                                 .error = guarded_string(errors[i].error),
                                 .credentials = errors[i].with_secret ? credentials : nobody,
                                 .now_seconds = TIME_SECONDS};
    const text_slice text = explained(&input, &result);
    CHECK(errors[i].name, text_slice_starts_with(text, text_slice_of(errors[i].cause)));
    CHECK(errors[i].name, has(text, errors[i].word));
    CHECK(errors[i].name, shows_words(text, input.error));
    CHECK_NUMBER(errors[i].name, result,
                 errors[i].cause[0] == 'T' ? EXPLAIN_UNKNOWN : EXPLAIN_NAMED);
    check_hidden(errors[i].name, text);
  }
}

/* Without the URL nothing shows that there was a signature. */
TEST(calls_no_signature_good_that_nobody_has_seen) {
  static const char *const urls[] = {"", "https://" HOST "/a"};
  for (size_t i = 0; i < COUNT(urls); i++) {
    explain_result result;
    const explain_input input = {
        .url = text_slice_of(urls[i]),
        .error =
            TEXT_LITERAL(DENIED("User: anonymous is not authorized to perform: s3:PutObject", "")),
        .now_seconds = TIME_SECONDS};
    const text_slice text = explained(&input, &result);
    CHECK(urls[i], text_slice_starts_with(text, TEXT_LITERAL("Cause: permission")));
    CHECK(urls[i], !has(text, "signature is good"));
  }
}

TEST(is_not_sure_that_a_request_without_a_signature_was_no_form) {
  explain_result result;
  const explain_input input = {.url = TEXT_LITERAL("https://" HOST "/"),
                               .error = TEXT_LITERAL(DENIED("Access Denied", "")),
                               .now_seconds = TIME_SECONDS};
  CHECK("likely",
        text_slice_starts_with(explained(&input, &result), TEXT_LITERAL("Most likely: URL")));
}

static const text_pair tags = {SLICE("x-amz-tagging"), SLICE("a=b")};
static const text_pair chunks = {SLICE("Transfer-Encoding"), SLICE("chunked")};

#define NOT_IMPLEMENTED(message, more) \
  "<Error><Code>NotImplemented</Code><Message>" message "</Message>" more "</Error>"
#define A_HEADER "A header you provided implies functionality that is not implemented"
#define FORM_REPLY "{\"url\":\"https://" HOST "/\",\"method\":\"POST\",\"fields\":{\"key\":\"k\"}}"

/* One code, many causes: the request and the store's words tell them apart. */
static const struct {
  const char *name, *error, *reply;
  const text_pair *header; /* that was sent */
  const char *begins, *word;
} unsupported[] = {
    {"a form", NOT_IMPLEMENTED("This API is not supported", ""), FORM_REPLY, NULL,
     "Most likely: store\n  The store takes no forms (POST Object).", "UPLOAD_FORM=put"},
    {"a form, and a method that is not allowed", "<Error><Code>MethodNotAllowed</Code></Error>",
     FORM_REPLY, NULL, "Most likely: store\n  The store takes no forms", ""},
    {"tags", NOT_IMPLEMENTED(A_HEADER, ""), "", &tags, "Most likely: store\n",
     "what a header asks for: x-amz-tagging."},
    {"tags, named", NOT_IMPLEMENTED(A_HEADER, "<Header>x-amz-tagging</Header>"), "", NULL,
     "Cause: store\n  The header x-amz-tagging asks for what the store does not do.", ""},
    {"chunks", NOT_IMPLEMENTED(A_HEADER, ""), "", &chunks, "Most likely: store\n",
     "what a header asks for: Transfer-Encoding."},
    {"chunks, named", NOT_IMPLEMENTED(A_HEADER, "<Header>Transfer-Encoding</Header>"), "", NULL,
     "Cause: other header value\n", "Transfer-Encoding: chunked"},
    {"some header", NOT_IMPLEMENTED(A_HEADER, ""), "", NULL, "Most likely: other header value\n",
     "mostly Transfer-Encoding: chunked"},
    {"no header", NOT_IMPLEMENTED("Not in this version", ""), "", NULL, "The cause can't be told",
     "S3 says: NotImplemented: Not in this version\n"},
    {"a method", "<Error><Code>MethodNotAllowed</Code></Error>", "", NULL, "Cause: method\n", ""},
};

TEST(looks_at_the_request_before_it_says_what_a_store_does_not_do) {
  for (size_t i = 0; i < COUNT(unsupported); i++) {
    explain_result result;
    const text_slice reply = text_slice_of(unsupported[i].reply);
    const explain_input input = {.url = reply.size > 0 ? TEXT_LITERAL("") : signed_put(),
                                 .reply = reply,
                                 .error = guarded_string(unsupported[i].error),
                                 .headers = unsupported[i].header,
                                 .header_count = unsupported[i].header != NULL,
                                 .now_seconds = TIME_SECONDS};
    const text_slice text = explained(&input, &result);
    CHECK(unsupported[i].name, text_slice_starts_with(text, text_slice_of(unsupported[i].begins)));
    CHECK(unsupported[i].name, has(text, unsupported[i].word));
    CHECK(unsupported[i].name, shows_words(text, input.error));
  }
}

#define CODE(code, message) "<Error><Code>" code "</Code><Message>" message "</Message></Error>"

/* As stores tell that a URL has ended. It has a token but where it says so. */
static const struct {
  const char *name, *error;
  bool without_token;
  const char *begins;
} ended[] = {
    {"MinIO, SeaweedFS, versitygw", CODE("AccessDenied", "Request has expired."), false,
     "Cause: expired"},
    {"Ceph", CODE("AccessDenied", "The pre-signed URL has expired"), false, "Cause: expired"},
    {"R2", CODE("ExpiredRequest", "The request is too old"), false, "Cause: expired"},
    {"by its code", CODE("RequestExpired", ""), false, "Cause: expired"},
    {"B2", CODE("UnauthorizedAccess", "Request has expired given timestamp: '1' and expiration: 3"),
     false, "Cause: expired"},
    {"Garage", CODE("InvalidRequest", "Bad request: Date is too old"), false, "Cause: expired"},
    {"Google",
     "<Error><Code>ExpiredToken</Code><Message>Invalid argument.</Message><Details>Request "
     "signature expired at: 2026-11-24T12:05:00+00:00</Details></Error>",
     false, "Cause: expired"},
    {"a token that is not there", CODE("ExpiredToken", "Invalid argument."), true,
     "Cause: expired"},
    {"the token itself", CODE("ExpiredToken", "The provided token has expired."), false,
     "Cause: session token"},
    {"no words", CODE("AccessDenied", ""), false, "Most likely: permission"},
    {"other words", CODE("MalformedHeader", "The header is malformed"), false,
     "Most likely: expired"},
    {"other words, and no token", CODE("InvalidRequest", "Try again"), true,
     "Most likely: expired"},
};

TEST(knows_that_a_url_has_ended_by_the_code_or_the_words_of_each_store) {
  static char url[4096];
  for (size_t i = 0; i < COUNT(ended); i++) {
    explain_result result;
    const text_slice whole = signed_put();
    const char *token = memmem(whole.data, whole.size, "X-Amz-Security-Token=", 21);
    const char *rest = memmem(whole.data, whole.size, "X-Amz-Signature=", 16);
    assert_true(token != NULL && rest != NULL);
    (void)snprintf(url, sizeof url, "%.*s%.*s", (int)(token - whole.data), whole.data,
                   (int)(whole.data + whole.size - rest), rest);
    const explain_input input = {.url = ended[i].without_token ? text_slice_of(url) : whole,
                                 .error = guarded_string(ended[i].error),
                                 .now_seconds = TIME_SECONDS + 86400};
    const text_slice text = explained(&input, &result);
    CHECK(ended[i].name, text_slice_starts_with(text, text_slice_of(ended[i].begins)));
    CHECK(ended[i].name, shows_words(text, input.error));
    CHECK(ended[i].name, ended[i].begins[0] == 'C' || has(text, "Most likely: expired"));
  }
}

/* A store may name its own region in whatever it refuses. */
TEST(does_not_blame_the_region_for_every_error_that_names_one) {
  static const struct {
    const char *error, *begins;
  } rows[] = {
      {"<Error><Code>NoSuchUpload</Code><Region>here</Region></Error>", "Cause: path"},
      {"<Error><Code>Tomorrow</Code><Region>here</Region></Error>", "Most likely: region"},
      {"<Error><Code>AuthorizationHeaderMalformed</Code><Region>here</Region></Error>",
       "Cause: region"},
      {"<Error><Code>TemporaryRedirect</Code></Error>", "Most likely: region"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    explain_result result;
    const explain_input input = {
        .url = signed_put(), .error = guarded_string(rows[i].error), .now_seconds = TIME_SECONDS};
    CHECK(rows[i].error,
          text_slice_starts_with(explained(&input, &result), text_slice_of(rows[i].begins)));
  }
}

TEST(names_object_lock_where_a_checksum_is_wanted) {
  static const char *const messages[] = {
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object "
      "Lock parameters",
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Part requests with Object "
      "Lock parameters",
      "Content-MD5 HTTP header is required for Put Object requests with Object Lock parameters"};
  for (size_t i = 0; i < COUNT(messages); i++) {
    explain_result result;
    char error[512];
    (void)snprintf(error, sizeof error, CODE("InvalidRequest", "%s"), messages[i]);
    const explain_input input = {
        .url = signed_put(), .error = text_slice_of(error), .now_seconds = TIME_SECONDS};
    const text_slice text = explained(&input, &result);
    CHECK(messages[i], text_slice_starts_with(text, TEXT_LITERAL("Cause: checksum\n")));
    CHECK(messages[i], has(text, "Object Lock") && has(text, "UPLOAD_REQUIRE=sha256"));
    CHECK(messages[i], has(text, messages[i]));
  }
}

/* They are of the store: without secrets, on one line, and not without end. */
TEST(shows_the_stores_words_as_they_may_be_shown) {
  enum { LONG_BYTES = 20000, SHOWN_BYTES = 900 };
  static char error[LONG_BYTES + 512];
  explain_result result;
  text_buffer text;
  text_buffer_init(&text, error, sizeof error);
  text_buffer_append_string(&text,
                            "<Error><Code>SlowDown</Code><Message>a\tb&#10;c \xc3\xbc " SECRET
                            " X" ENCODED_TOKEN " \"arn:aws:s3:::bucket/0123456789012345678901"
                            "2345678901234567890123456789012345678901234567\"");
  for (int i = 0; i < LONG_BYTES / 2; i++) {
    text_buffer_append_string(&text, " y");
  }
  text_buffer_append_string(&text, "</Message></Error>");
  const explain_input input = {.url = signed_put(),
                               .error = text_buffer_slice(&text),
                               .credentials = credentials,
                               .now_seconds = TIME_SECONDS};
  const text_slice shown = explained(&input, &result);
  check_hidden("the store's words", shown);
  CHECK("escaped", has(shown, "\n  S3 says: SlowDown: a\\x09b\\x0ac \\xc3\\xbc **** X****"));
  CHECK("a name is no secret", has(shown, "\"arn:aws:s3:::bucket/01234567890"));
  const char *words = memmem(shown.data, shown.size, "\n  S3 says: ", 12);
  const char *end = words != NULL ? memchr(words + 1, '\n', SHOWN_BYTES) : NULL;
  CHECK("cut", end != NULL && end[-1] == '.');
}

RUN_TESTS(cmocka_unit_test(looks_at_the_request_before_it_says_what_a_store_does_not_do),
          cmocka_unit_test(knows_that_a_url_has_ended_by_the_code_or_the_words_of_each_store),
          cmocka_unit_test(does_not_blame_the_region_for_every_error_that_names_one),
          cmocka_unit_test(names_object_lock_where_a_checksum_is_wanted),
          cmocka_unit_test(shows_the_stores_words_as_they_may_be_shown),
          cmocka_unit_test(names_the_cause_of_each_error_of_aws),
          cmocka_unit_test(calls_no_signature_good_that_nobody_has_seen),
          cmocka_unit_test(is_not_sure_that_a_request_without_a_signature_was_no_form))
