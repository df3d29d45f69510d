#include "s3/signer.h"

#include "tests/unit/support.h"

/* The account of AWS's documentation, and its time: 2013-05-24T00:00:00Z. */
static const s3_credentials documented = {
    {"AKIAIOSFODNN7EXAMPLE", 20}, {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 40}, {NULL, 0}};
enum { DOCUMENTED_SECONDS = 1369353600, DAY_SECONDS = 24 * 60 * 60 };

/* The examples of sig-v4-header-based-auth.html and sigv4-query-string-auth.html:
 * the hash of the canonical request, and the signature. */
static const struct {
  const char *name, *request_hash, *signature;
} documented_signatures[] = {
    {"get object", "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
     "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
    {"put object", "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
     "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
    {"get lifecycle", "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
     "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
    {"list objects", "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    {"presigned get", "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04",
     "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"},
};

static text_slice sign(s3_signer *signer, int64_t time_seconds, const char *request_hash) {
  static char storage[64];
  s3_timestamp timestamp;
  text_buffer text = buffer_of(200);
  text_buffer signature;
  assert_true(s3_timestamp_init(&timestamp, time_seconds));
  text_buffer_append_string(&text, "AWS4-HMAC-SHA256\n");
  text_buffer_append(&text, s3_timestamp_slice(&timestamp));
  text_buffer_append_string(&text, "\n");
  s3_signer_append_scope(signer, &timestamp, &text);
  text_buffer_append_string(&text, "\n");
  text_buffer_append_string(&text, request_hash);
  text_buffer_init(&signature, storage, sizeof storage);
  s3_signer_append_signature(signer, &timestamp, text_buffer_slice(&text), &signature);
  return text_buffer_slice(&signature);
}

TEST(gives_the_documented_signatures) {
  s3_signer signer;
  assert_true(s3_signer_init(&signer, &documented, TEXT_LITERAL("us-east-1"), large_arena()));
  for (size_t i = 0; i < COUNT(documented_signatures); i++) {
    CHECK_TEXT(documented_signatures[i].name,
               sign(&signer, DOCUMENTED_SECONDS, documented_signatures[i].request_hash),
               documented_signatures[i].signature);
  }
}

TEST(makes_a_new_key_each_day_and_the_old_one_again) {
  s3_signer signer;
  const char *hash = documented_signatures[0].request_hash;
  assert_true(s3_signer_init(&signer, &documented, TEXT_LITERAL("us-east-1"), large_arena()));
  sign(&signer, DOCUMENTED_SECONDS - 1, hash);
  for (int i = 0; i < 2; i++) {
    CHECK_TEXT("day", sign(&signer, DOCUMENTED_SECONDS, hash), documented_signatures[0].signature);
    CHECK_TEXT("the next day", sign(&signer, DOCUMENTED_SECONDS + DAY_SECONDS, hash),
               "e16d4b00aed0b33c7dbd6f1ea57156514a3fcce3bdd00299370a71bb0f00db88");
  }
}

TEST(keeps_the_key_of_the_day) {
  s3_signer signer;
  const char *hash = documented_signatures[0].request_hash;
  assert_true(s3_signer_init(&signer, &documented, TEXT_LITERAL("us-east-1"), large_arena()));
  sign(&signer, DOCUMENTED_SECONDS, hash);
  signer.credentials.secret_access_key = TEXT_LITERAL("only a new key would be made of this");
  CHECK_TEXT("the same day", sign(&signer, DOCUMENTED_SECONDS + DAY_SECONDS - 1, hash),
             "07a133729d1fa09ef577696245f99c942a2f5b317df2fdb1a943e04509beb952");
}

/* A moment that is asked for again, after another day's signature. */
TEST(signs_a_request_with_the_key_of_its_day) {
  static const int64_t days[] = {0, 1, 0, 0, 2, 1};
  s3_signer signer;
  const uint8_t digest[S3_HASH_BYTES] = {1, 2, 3};
  assert_true(s3_signer_init(&signer, &documented, TEXT_LITERAL("us-east-1"), large_arena()));
  for (size_t i = 0; i < COUNT(days); i++) {
    text_buffer hex = buffer_of((size_t)2 * S3_HASH_BYTES);
    text_buffer signature = buffer_of((size_t)2 * S3_HASH_BYTES);
    const s3_moment *moment = s3_signer_moment(&signer, DOCUMENTED_SECONDS);
    s3_signer_append_request_signature(&signer, moment, digest, &signature);
    s3_hash_append_hex(&hex, digest);
    const text_slice text = text_buffer_slice(&hex);
    char hash[2 * S3_HASH_BYTES + 1] = {0};
    memcpy(hash, text.data, text.size);
    sign(&signer, DOCUMENTED_SECONDS + days[i] * DAY_SECONDS, hash);
    s3_signer alone;
    assert_true(s3_signer_init(&alone, &documented, TEXT_LITERAL("us-east-1"), large_arena()));
    CHECK("the same",
          text_slice_equal(text_buffer_slice(&signature), sign(&alone, DOCUMENTED_SECONDS, hash)));
  }
}

static bool has_moment(s3_signer *signer, int64_t time_seconds) {
  const s3_moment *moment = s3_signer_moment(signer, time_seconds);
  return moment != NULL && moment->query_bytes > 0;
}

TEST(has_no_moment_that_can_not_be_written) {
  s3_signer signer;
  assert_true(s3_signer_init(&signer, &documented, TEXT_LITERAL("us-east-1"), large_arena()));
  CHECK("1970", has_moment(&signer, 0));
  CHECK("before", !has_moment(&signer, -1));
  CHECK("1970 again", has_moment(&signer, 0));
}

TEST(the_scope_has_the_day_and_the_region) {
  s3_signer signer;
  s3_timestamp timestamp;
  text_buffer scope = buffer_of(100);
  assert_true(s3_signer_init(&signer, &documented, TEXT_LITERAL("eu-west-1"), large_arena()));
  assert_true(s3_timestamp_init(&timestamp, DOCUMENTED_SECONDS));
  s3_signer_append_scope(&signer, &timestamp, &scope);
  CHECK_TEXT("scope", text_buffer_slice(&scope), "20130524/eu-west-1/s3/aws4_request");
}

TEST(encodes_the_token_once) {
  s3_signer signer;
  s3_credentials credentials = documented;
  credentials.session_token = guarded_string("a/b+c==");
  assert_true(s3_signer_init(&signer, &credentials, TEXT_LITERAL("us-east-1"), large_arena()));
  CHECK_TEXT("token", signer.token_parameter, "X-Amz-Security-Token=a%2Fb%2Bc%3D%3D");
}

TEST(refuses_a_token_without_room) {
  s3_signer signer;
  s3_credentials credentials = documented;
  credentials.session_token = TEXT_LITERAL("0123456789abcdef0");
  CHECK("17 of 16",
        !s3_signer_init(&signer, &credentials, TEXT_LITERAL("us-east-1"), arena_of(16)));
}

TEST(takes_a_secret_of_up_to_508_bytes) {
  static char secret[509];
  memset(secret, 's', sizeof secret);
  s3_signer signer;
  s3_credentials credentials = documented;
  credentials.secret_access_key = guarded((text_slice){secret, 508});
  CHECK("508", s3_signer_init(&signer, &credentials, TEXT_LITERAL("us-east-1"), large_arena()));
  CHECK_TEXT("508", sign(&signer, DOCUMENTED_SECONDS, documented_signatures[0].request_hash),
             "b080a3e451d12a8705538ba2b6220039818723e5a573378f8c5dcde15aa27f49");
  credentials.secret_access_key = guarded((text_slice){secret, 509});
  CHECK("509", !s3_signer_init(&signer, &credentials, TEXT_LITERAL("us-east-1"), large_arena()));
}

RUN_TESTS(cmocka_unit_test(gives_the_documented_signatures),
          cmocka_unit_test(makes_a_new_key_each_day_and_the_old_one_again),
          cmocka_unit_test(keeps_the_key_of_the_day),
          cmocka_unit_test(signs_a_request_with_the_key_of_its_day),
          cmocka_unit_test(has_no_moment_that_can_not_be_written),
          cmocka_unit_test(the_scope_has_the_day_and_the_region),
          cmocka_unit_test(encodes_the_token_once), cmocka_unit_test(refuses_a_token_without_room),
          cmocka_unit_test(takes_a_secret_of_up_to_508_bytes))
