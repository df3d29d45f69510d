/* What `explain` makes of two requests and of what is at hand beside S3's error. */
#include "explained.h"

TEST(does_not_blame_the_secret_for_a_type_that_nobody_guesses) {
  explain_result result;
  const explain_input input = {.url = signed_put_of("application/x-of-nobody"),
                               .error = TEXT_LITERAL(MISMATCH("PUT", "/a%20b.txt", "text/plain")),
                               .credentials = credentials,
                               .now_seconds = TIME_SECONDS};
  const text_slice text = explained(&input, &result);
  CHECK("cause", text_slice_starts_with(text, TEXT_LITERAL("Most likely: other header value")));
  CHECK("name", has(text, "content-type was sent with another value"));
}

/* What Countersign answers with such a URL for a text; valid until the next one. */
static text_slice reply_of(text_slice url) {
  static char storage[4096];
  text_buffer reply;
  text_buffer_init(&reply, storage, sizeof storage);
  text_buffer_append_string(&reply, "{\"method\":\"PUT\",\"headers\":{\"Content-Type\":"
                                    "\"text/plain\"},\"url\":\"");
  text_buffer_append(&reply, url);
  text_buffer_append_string(&reply, "\"}");
  return text_buffer_slice(&reply);
}

TEST(tells_from_the_reply_what_was_signed) {
  explain_result result;
  const explain_input input = {.error = TEXT_LITERAL(MISMATCH("PUT", "/a%20b.txt", "text/html")),
                               .reply = reply_of(signed_put()),
                               .now_seconds = TIME_SECONDS};
  const text_slice text = explained(&input, &result);
  CHECK("cause", has(text, "signed \"text/plain\", sent \"text/html\""));
  CHECK("marked", has(text, "\n! content-type:text/plain"));
  check_hidden("reply", text);
}

#define SILENT_MISMATCH "<Error><Code>SignatureDoesNotMatch</Code></Error>"

static const text_pair plain_text = PAIR("Content-Type", "text/plain");
static const text_pair html_text = PAIR("Content-Type", "text/html");

static const struct {
  const char *name, *error, *method;
  const text_pair *header; /* that was sent */
  const char *cause;       /* how the text begins */
} beside_reply[] = {
    {"S3 tells what it saw", MISMATCH("PUT", "/a%20b.txt", "text/plain"), "", NULL,
     "Cause: secret key"},
    {"somebody tells what was sent", SILENT_MISMATCH, "PUT", &plain_text,
     "Most likely: secret key"},
    {"another type", SILENT_MISMATCH, "PUT", &html_text, "Cause: other header value"},
    {"an error of something else, and another type", "<Error><Code>InvalidArgument</Code></Error>",
     "PUT", &html_text, "Most likely: other header value"},
    {"a download, and another method", "<Error><Code>NoSuchKey</Code></Error>", "GET", NULL,
     "Cause: path\n  There is no object"},
    {"headers that are not signed",
     DENIED("There were headers present in the request which were not signed", ""), "PUT",
     &html_text, "Cause: other header value"},
};

TEST(is_no_surer_than_what_it_was_told) {
  for (size_t i = 0; i < COUNT(beside_reply); i++) {
    explain_result result;
    const explain_input input = {.error = guarded_string(beside_reply[i].error),
                                 .reply = reply_of(signed_put()),
                                 .method = text_slice_of(beside_reply[i].method),
                                 .headers = beside_reply[i].header,
                                 .header_count = beside_reply[i].header != NULL,
                                 .now_seconds = TIME_SECONDS};
    const text_slice text = explained(&input, &result);
    CHECK(beside_reply[i].name, text_slice_starts_with(text, text_slice_of(beside_reply[i].cause)));
    check_hidden(beside_reply[i].name, text);
  }
}

/* The signed URL with another last digit; valid until the next one. */
static text_slice signature_changed(void) {
  static char storage[4096];
  const text_slice url = signed_put();
  memcpy(storage, url.data, url.size);
  storage[url.size - 1] = storage[url.size - 1] == '0' ? '1' : '0';
  return (text_slice){storage, url.size};
}

TEST(sees_a_changed_signature_by_the_reply) {
  explain_result result;
  explain_input input = {.url = signature_changed(),
                         .error = TEXT_LITERAL(MISMATCH("PUT", "/a%20b.txt", "text/plain")),
                         .reply = reply_of(signed_put()),
                         .now_seconds = TIME_SECONDS};
  const text_slice text = explained(&input, &result);
  CHECK("cause", text_slice_starts_with(text, TEXT_LITERAL("Cause: URL")));
  CHECK("which", has(text, "X-Amz-Signature is not the one that the reply has"));
  CHECK("no other", !has(text, "secret key that signed"));
  check_hidden("signature", text);
  input.reply = reply_of(signature_changed());
  input.url = signed_put();
  input.credentials = credentials;
  CHECK("the URL's is good",
        text_slice_starts_with(explained(&input, &result), TEXT_LITERAL("Cause: secret key")));
}

static const struct {
  const char *error;
  const char *says; /* empty: what else could be given */
} unnamed[] = {
    {"<Error><Code>AuthorizationQueryParametersError</Code><Message>Error parsing the "
     "X-Amz-Credential parameter; incorrect service \"execute-api\".</Message></Error>",
     "S3 says: AuthorizationQueryParametersError: Error parsing the X-Amz-Credential parameter; "
     "incorrect service \"execute-api\".\n"},
    {"<Error><Code>InvalidRequest</Code><Message>Please use AWS4-HMAC-SHA256.</Message></Error>",
     "S3 says: InvalidRequest: Please use AWS4-HMAC-SHA256.\n"},
    {"<Error><Code>InvalidArgument</Code><Message>This is none: "
     "X-Amz-Signature=0123456789012345678901234567890123456789012345678901234567890123 of "
     "it</Message></Error>",
     "S3 says: InvalidArgument: This is none: **** of it\n"},
    {SILENT_MISMATCH, ""},
};

TEST(shows_what_s3_says_of_a_cause_that_it_does_not_know) {
  for (size_t i = 0; i < COUNT(unnamed); i++) {
    explain_result result;
    const explain_input input = {.error = guarded_string(unnamed[i].error),
                                 .now_seconds = TIME_SECONDS};
    const text_slice text = explained(&input, &result);
    CHECK(unnamed[i].error, has(text, unnamed[i].says));
    CHECK_NUMBER(unnamed[i].error, has(text, "To tell more, give"), unnamed[i].says[0] == '\0');
    CHECK_NUMBER(unnamed[i].error, result, EXPLAIN_UNKNOWN);
  }
}

TEST(suspects_a_plus_in_the_path) {
  static char storage[4096];
  text_buffer url;
  explain_result result;
  const text_slice good = signed_put();
  const text_slice before = TEXT_LITERAL("https://" HOST "/a");
  text_buffer_init(&url, storage, sizeof storage);
  text_buffer_append(&url, before);
  text_buffer_append_string(&url, "+");
  text_buffer_append(&url, text_slice_from(good, before.size + 3));
  explain_input input = {.url = text_buffer_slice(&url),
                         .error = TEXT_LITERAL(SILENT_MISMATCH),
                         .now_seconds = TIME_SECONDS};
  const text_slice text = explained(&input, &result);
  CHECK("cause", text_slice_starts_with(text, TEXT_LITERAL("Most likely: key encoding")));
  CHECK("path", has(text, "/a+b.txt"));
  input.reply = reply_of(input.url);
  CHECK("the signer wrote it", !has(explained(&input, &result), "key encoding"));
}

static const struct {
  const char *name;
  int64_t late_seconds; /* after the signature */
  const char *cause;
} moments[] = {
    {"too early", -60, "Most likely: clock"},
    {"in time", 60, "The cause can't"},
    {"too late", LIFETIME_SECONDS + 60, "Most likely: expired"},
};

TEST(looks_at_the_clock_when_s3_says_nothing) {
  for (size_t i = 0; i < COUNT(moments); i++) {
    explain_result result;
    const explain_input input = {.url = signed_put(),
                                 .now_seconds = TIME_SECONDS + moments[i].late_seconds};
    const text_slice text = explained(&input, &result);
    CHECK(moments[i].name, text_slice_starts_with(text, text_slice_of(moments[i].cause)));
  }
}

TEST(names_headers_that_are_not_signed) {
  const text_pair headers[] = {PAIR("Content-Type", "text/plain"), PAIR("x-amz-acl", "public-read"),
                               PAIR("Authorization", "Basic dXNlcjpwYXNzd29yZA=="),
                               PAIR("X-Amz-Security-Token", TOKEN)};
  explain_result result;
  const explain_input input = {
      .url = signed_put(),
      .error = TEXT_LITERAL(
          DENIED("There were headers present in the request which were not signed", "")),
      .method = TEXT_LITERAL("PUT"),
      .headers = headers,
      .header_count = COUNT(headers),
      .now_seconds = TIME_SECONDS};
  const text_slice text = explained(&input, &result);
  CHECK("cause", text_slice_starts_with(text, TEXT_LITERAL("Cause: header that was not signed")));
  CHECK("name", has(text, "x-amz-acl"));
  CHECK("hidden", !has(text, "dXNlcjpwYXNzd29yZA"));
  check_hidden("headers", text);
}

static const struct {
  const char *name, *url, *error, *reply;
} unreadable[] = {
    {"no URL", "none", "", ""},
    {"no XML", "https://h/k", "403 Forbidden", ""},
    {"no JSON", "https://h/k", "", "[]"},
    {"JSON without a URL", "https://h/k", "", "{\"method\":\"PUT\"}"},
    {"JSON with no URL in it", "https://h/k", "", "{\"url\":\"none\"}"},
    {"JSON with headers that are none", "https://h/k", "",
     "{\"url\":\"https://h/k\",\"headers\":{\"a\":1}}"},
};

TEST(says_what_can_not_be_read) {
  for (size_t i = 0; i < COUNT(unreadable); i++) {
    explain_result result;
    const explain_input input = {.url = text_slice_of(unreadable[i].url),
                                 .error = text_slice_of(unreadable[i].error),
                                 .reply = text_slice_of(unreadable[i].reply)};
    CHECK("text", explained(&input, &result).size > 0);
    CHECK_NUMBER(unreadable[i].name, result, EXPLAIN_BAD);
  }
}

RUN_TESTS(cmocka_unit_test(does_not_blame_the_secret_for_a_type_that_nobody_guesses),
          cmocka_unit_test(tells_from_the_reply_what_was_signed),
          cmocka_unit_test(is_no_surer_than_what_it_was_told),
          cmocka_unit_test(sees_a_changed_signature_by_the_reply),
          cmocka_unit_test(shows_what_s3_says_of_a_cause_that_it_does_not_know),
          cmocka_unit_test(suspects_a_plus_in_the_path),
          cmocka_unit_test(looks_at_the_clock_when_s3_says_nothing),
          cmocka_unit_test(names_headers_that_are_not_signed),
          cmocka_unit_test(says_what_can_not_be_read))
