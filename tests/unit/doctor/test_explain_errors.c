/* Errors as AWS words them, which no other store does, and the causes that are named. The real
 * store's are in tests/service. */
#include "explained.h"

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
     false, "Cause: permission", ""},
    {"no permission, and a policy in other words", DENIED("No access to Policy.pdf", ""), false,
     "Cause: permission", ""},
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

RUN_TESTS(cmocka_unit_test(names_the_cause_of_each_error_of_aws),
          cmocka_unit_test(calls_no_signature_good_that_nobody_has_seen),
          cmocka_unit_test(is_not_sure_that_a_request_without_a_signature_was_no_form))
