#include "s3/post_policy.h"

#include "s3/presign.h"
#include "tests/unit/support.h"
#include "text/base64.h"

static const s3_credentials credentials = {
    SLICE("AKIAIOSFODNN7EXAMPLE"), SLICE("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), SLICE("")};
static const s3_endpoint endpoint = {SLICE("https://b-1.s3.us-east-1.amazonaws.com"),
                                     SLICE("b-1.s3.us-east-1.amazonaws.com"), SLICE(""),
                                     SLICE("b-1"), SLICE("us-east-1")};

enum { TIME = 1451347200 }; /* 2015-12-29 */

static s3_signer signer_of(const s3_credentials *of) {
  static alignas(16) char memory[32 * 1024];
  s3_signer signer;
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);
  assert_true(s3_signer_init(&signer, of, TEXT_LITERAL("us-east-1"), &arena));
  return signer;
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html */
static const char documented_policy[] =
    "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",\r\n"
    "  \"conditions\": [\r\n"
    "    {\"bucket\": \"sigv4examplebucket\"},\r\n"
    "    [\"starts-with\", \"$key\", \"user/user1/\"],\r\n"
    "    {\"acl\": \"public-read\"},\r\n"
    "    {\"success_action_redirect\": "
    "\"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},\r\n"
    "    [\"starts-with\", \"$Content-Type\", \"image/\"],\r\n"
    "    {\"x-amz-meta-uuid\": \"14365123651274\"},\r\n"
    "    {\"x-amz-server-side-encryption\": \"AES256\"},\r\n"
    "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],\r\n"
    "\r\n"
    "    {\"x-amz-credential\": "
    "\"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},\r\n"
    "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},\r\n"
    "    {\"x-amz-date\": \"20151229T000000Z\" }\r\n"
    "  ]\r\n"
    "}";

TEST(signs_the_policy_that_aws_documents) {
  s3_signer signer = signer_of(&credentials);
  s3_timestamp timestamp;
  text_buffer policy = buffer_of(2048);
  text_buffer signature = buffer_of(64);
  assert_true(s3_timestamp_init(&timestamp, TIME));
  text_base64_append_encoded(&policy, text_slice_of(documented_policy));
  s3_signer_append_signature(&signer, &timestamp, text_buffer_slice(&policy), &signature);
  CHECK_TEXT("signature", text_buffer_slice(&signature),
             "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
}

static const text_pair given[] = {PAIR("Content-Type", "text/plain"),
                                  PAIR("success_action_status", "201")};

static s3_post_options usual_options(void) {
  return (s3_post_options){.endpoint = &endpoint,
                           .key = TEXT_LITERAL("a/\xC3\xA9 \"b\".txt"),
                           .fields = given,
                           .field_count = COUNT(given),
                           .min_bytes = 0,
                           .max_bytes = 100,
                           .expires_seconds = 60,
                           .time_seconds = TIME};
}

static text_slice decoded_policy(const s3_post_form *form) {
  text_buffer policy = buffer_of(8192);
  assert_true(text_base64_append_decoded(&policy, form->fields[form->field_count - 2].value));
  return text_buffer_slice(&policy);
}

#define CREDENTIAL "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"

TEST(every_field_is_a_condition) {
  static const char *const names[] = {
      "Content-Type", "success_action_status", "key",    "x-amz-algorithm", "x-amz-credential",
      "x-amz-date",   "x-amz-security-token",  "policy", "x-amz-signature"};
  s3_credentials temporary = credentials;
  temporary.session_token = TEXT_LITERAL("a/token==");
  s3_signer signer = signer_of(&temporary);
  const s3_post_options options = usual_options();
  s3_post_form form;
  assert_int_equal(s3_post_policy(&signer, &options, &form, large_arena()), S3_OK);
  CHECK_TEXT("url", form.url, "https://b-1.s3.us-east-1.amazonaws.com/");
  CHECK_NUMBER("fields", form.field_count, COUNT(names));
  for (size_t i = 0; i < COUNT(names); i++) {
    CHECK_TEXT(names[i], form.fields[i].name, names[i]);
  }
  CHECK_TEXT("policy", decoded_policy(&form),
             "{\"expiration\": \"2015-12-29T00:01:00Z\", \"conditions\": ["
             "{\"Content-Type\": \"text/plain\"}, {\"success_action_status\": \"201\"}, "
             "[\"content-length-range\", 0, 100], {\"bucket\": \"b-1\"}, "
             "{\"key\": \"a/\\u00e9 \\\"b\\\".txt\"}, "
             "{\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"}, {\"x-amz-credential\": \"" CREDENTIAL
             "\"}, {\"x-amz-date\": \"20151229T000000Z\"}, "
             "{\"x-amz-security-token\": \"a/token==\"}]}");
}

TEST(without_a_token_there_is_no_field_for_it) {
  s3_signer signer = signer_of(&credentials);
  const s3_post_options options = usual_options();
  s3_post_form form;
  assert_int_equal(s3_post_policy(&signer, &options, &form, large_arena()), S3_OK);
  CHECK_NUMBER("fields", form.field_count, COUNT(given) + 6);
}

/* One thing wrong each; null: as usual. */
static const struct {
  const char *what, *key, *name, *value;
  int64_t min_bytes, max_bytes, expires_seconds, time_seconds;
  s3_status status;
} rows[] = {
    {"nothing", NULL, NULL, NULL, 0, 100, 60, TIME, S3_OK},
    {"one size", NULL, NULL, NULL, 100, 100, 60, TIME, S3_OK},
    {"no lifetime", NULL, NULL, NULL, 0, 100, 0, TIME, S3_BAD_EXPIRES},
    {"a long lifetime", NULL, NULL, NULL, 0, 100, 604801, TIME, S3_BAD_EXPIRES},
    {"a time before 1970", NULL, NULL, NULL, 0, 100, 60, -1, S3_BAD_TIME},
    {"an end after 9999", NULL, NULL, NULL, 0, 100, 60, 253402300799, S3_BAD_TIME},
    {"no key", "", NULL, NULL, 0, 100, 60, TIME, S3_BAD_KEY},
    {"a key with a way up", "a/../b", NULL, NULL, 0, 100, 60, TIME, S3_BAD_KEY},
    {"a key that S3 expands", "a/${filename}", NULL, NULL, 0, 100, 60, TIME, S3_BAD_FIELD},
    {"a key in two lines", "a\nb", NULL, NULL, 0, 100, 60, TIME, S3_BAD_FIELD},
    {"a key that is not UTF-8", "a\xFF", NULL, NULL, 0, 100, 60, TIME, S3_BAD_FIELD},
    {"a value that S3 expands", NULL, "x-amz-meta-a", "${filename}", 0, 100, 60, TIME,
     S3_BAD_FIELD},
    {"a value in two lines", NULL, "x-amz-meta-a", "a\r\nb", 0, 100, 60, TIME, S3_BAD_FIELD},
    {"a name in two lines", NULL, "a\nb", "", 0, 100, 60, TIME, S3_BAD_FIELD},
    {"a size below 0", NULL, NULL, NULL, -1, 100, 60, TIME, S3_BAD_RANGE},
    {"sizes the wrong way round", NULL, NULL, NULL, 101, 100, 60, TIME, S3_BAD_RANGE},
};

TEST(refuses_what_could_not_work) {
  s3_signer signer = signer_of(&credentials);
  for (size_t i = 0; i < COUNT(rows); i++) {
    s3_post_options options = usual_options();
    s3_post_form form;
    text_pair field = {text_slice_of(rows[i].name), text_slice_of(rows[i].value)};
    options.key = rows[i].key ? guarded_string(rows[i].key) : options.key;
    if (rows[i].name != NULL) {
      options.fields = &field;
      options.field_count = 1;
    }
    options.min_bytes = rows[i].min_bytes;
    options.max_bytes = rows[i].max_bytes;
    options.expires_seconds = rows[i].expires_seconds;
    options.time_seconds = rows[i].time_seconds;
    CHECK_NUMBER(rows[i].what, s3_post_policy(&signer, &options, &form, large_arena()),
                 rows[i].status);
  }
}

TEST(has_at_most_25_fields_of_the_callers) {
  s3_signer signer = signer_of(&credentials);
  s3_post_options options = usual_options();
  text_pair many[S3_FORM_GIVEN_MAX + 1];
  s3_post_form form;
  for (size_t i = 0; i < COUNT(many); i++) {
    many[i] = (text_pair)PAIR("x-ignore-a", "");
  }
  options.fields = many;
  options.field_count = S3_FORM_GIVEN_MAX;
  CHECK_NUMBER("25", s3_post_policy(&signer, &options, &form, large_arena()), S3_OK);
  options.field_count++;
  CHECK_NUMBER("26", s3_post_policy(&signer, &options, &form, large_arena()), S3_TOO_MANY);
}

TEST(a_form_over_s3s_limit_is_refused) {
  static char token[9000];
  memset(token, 't', sizeof token);
  s3_credentials temporary = credentials;
  temporary.session_token = (text_slice){token, 6000};
  const s3_post_options options = usual_options();
  s3_post_form form;
  s3_signer signer = signer_of(&temporary);
  CHECK_NUMBER("6000", s3_post_policy(&signer, &options, &form, large_arena()), S3_OK);
  temporary.session_token.size = sizeof token;
  signer = signer_of(&temporary);
  CHECK_NUMBER("9000", s3_post_policy(&signer, &options, &form, large_arena()), S3_BIG_FORM);
}

/* However little memory there is: a whole form, or the word that there is none. */
TEST(never_makes_half_a_form) {
  s3_signer signer = signer_of(&credentials);
  const s3_post_options options = usual_options();
  s3_post_form whole;
  s3_post_form form;
  size_t made = 0;
  assert_int_equal(s3_post_policy(&signer, &options, &whole, large_arena()), S3_OK);
  text_buffer signature = buffer_of(64);
  text_buffer_append(&signature, whole.fields[whole.field_count - 1].value);
  for (size_t size = 0; size < 4096; size += 16) {
    const s3_status status = s3_post_policy(&signer, &options, &form, arena_of(size));
    CHECK("status", status == S3_OK || status == S3_NO_ROOM);
    if (status == S3_OK) {
      made++;
      CHECK_SLICE("signature", form.fields[form.field_count - 1].value,
                  text_buffer_slice(&signature));
    }
  }
  CHECK("made", made > 10);
}

RUN_TESTS(cmocka_unit_test(signs_the_policy_that_aws_documents),
          cmocka_unit_test(every_field_is_a_condition),
          cmocka_unit_test(without_a_token_there_is_no_field_for_it),
          cmocka_unit_test(refuses_what_could_not_work),
          cmocka_unit_test(has_at_most_25_fields_of_the_callers),
          cmocka_unit_test(a_form_over_s3s_limit_is_refused),
          cmocka_unit_test(never_makes_half_a_form))
