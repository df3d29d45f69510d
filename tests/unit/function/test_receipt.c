/* Receipts: what was written is read, and nothing else is. */
#include "function/admission/receipt.h"

#include <stdio.h>

#include "http/json_tree.h"
#include "tests/unit/support.h"
#include "text/base64.h"

enum { TIME_SECONDS = 1774958400, DAY_SECONDS = 24 * 3600 };

#define SECRET "0123456789abcdef0123456789abcdef"
#define OTHER_SECRET "fedcba9876543210fedcba9876543210"
#define HASH "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM="

static const upload_receipt sample = {.bucket = SLICE("my-bucket"),
                                      .subject = SLICE("ann"),
                                      .key = SLICE("uploads/ab/\"\xC3\xBC.txt"),
                                      .profile = SLICE("avatar"),
                                      .content_type = SLICE("text/plain"),
                                      .sha256 = SLICE(HASH),
                                      .size_bytes = 13};

static secret_keys keys_of(const char *first, const char *second) {
  secret_keys keys;
  secret_keys_init(&keys, &(config_secrets){{text_slice_of(first), text_slice_of(second)},
                                            second != NULL ? 2 : 1});
  return keys;
}

/* A copy that outlives the arena. */
static text_slice granted(const secret_keys *keys, const upload_receipt *about) {
  static char storage[4096];
  const text_slice token = receipt_granted(keys, about, TIME_SECONDS, large_arena());
  assert_true(token.data != NULL && token.size < sizeof storage);
  memcpy(storage, token.data, token.size);
  return (text_slice){storage, token.size};
}

static receipt_status open_at(const secret_keys *keys, text_slice token, int64_t time_seconds,
                              upload_receipt *about) {
  http_json_setup();
  return receipt_open(keys, guarded(token), time_seconds, about, large_arena());
}

static void check_claims(text_slice token, const char *header, const char *claims) {
  text_slice part;
  const char *parts[] = {header, claims};
  for (size_t i = 0; i < 2; i++) {
    text_buffer decoded = buffer_of(2048);
    assert_true(text_slice_split(&token, '.', &part));
    assert_true(text_base64_append_url_decoded(&decoded, part));
    CHECK_TEXT("part", text_buffer_slice(&decoded), parts[i]);
  }
}

#define ABOUT                                                                               \
  "\"key\":\"uploads/ab/\\\"\xC3\xBC.txt\",\"profile\":\"avatar\",\"content_type\":\"text/" \
  "plain\",\"size\":13,\"sha256\":\"" HASH "\""

TEST(says_what_was_granted) {
  const secret_keys keys = keys_of(SECRET, NULL);
  check_claims(granted(&keys, &sample), "{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}",
               "{\"iss\":\"countersign\",\"aud\":\"my-bucket\",\"sub\":\"ann\",\"iat\":1774958400,"
               "\"exp\":1775649600," ABOUT "}");
  const upload_receipt least = {
      .bucket = TEXT_LITERAL("b"), .key = TEXT_LITERAL("k"), .size_bytes = -1};
  check_claims(granted(&keys, &least), "{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}",
               "{\"iss\":\"countersign\",\"aud\":\"b\",\"iat\":1774958400,\"exp\":1775649600,"
               "\"key\":\"k\"}");
}

TEST(says_what_is_stored) {
  const secret_keys keys = keys_of(SECRET, NULL);
  const stored_object object = {.size_bytes = 13,
                                .etag = TEXT_LITERAL("e-1"),
                                .version = TEXT_LITERAL("v1"),
                                .sha256 = TEXT_LITERAL(HASH)};
  check_claims(receipt_stored(&keys, &sample, &object, TIME_SECONDS, large_arena()),
               "{\"alg\":\"HS256\",\"typ\":\"stored+jwt\"}",
               "{\"iss\":\"countersign\",\"aud\":\"my-bucket\",\"sub\":\"ann\",\"iat\":1774958400,"
               "\"exp\":1775044800," ABOUT
               ",\"stored\":{\"size\":13,\"etag\":\"e-1\",\"version\":\"v1\",\"sha256\":\"" HASH
               "\"}}");
}

TEST(opens_what_it_granted) {
  upload_receipt about;
  const secret_keys keys = keys_of(SECRET, NULL);
  CHECK_NUMBER("status", open_at(&keys, granted(&keys, &sample), TIME_SECONDS, &about), RECEIPT_OK);
  CHECK_SLICE("bucket", about.bucket, sample.bucket);
  CHECK_SLICE("subject", about.subject, sample.subject);
  CHECK_SLICE("key", about.key, sample.key);
  CHECK_SLICE("profile", about.profile, sample.profile);
  CHECK_SLICE("type", about.content_type, sample.content_type);
  CHECK_SLICE("sha256", about.sha256, sample.sha256);
  CHECK_NUMBER("size", about.size_bytes, 13);
  CHECK_NUMBER("granted", about.granted_at, TIME_SECONDS);
}

static const struct {
  upload_receipt granted;
  stored_object object;
  const char *difference; /* its beginning */
} compared[] = {
    {{.size_bytes = -1}, {.size_bytes = 5, .content_type = SLICE("a/b")}, NULL},
    {{.size_bytes = 5, .content_type = SLICE("a/b")},
     {.size_bytes = 5, .content_type = SLICE("A/B")},
     NULL},
    {{.size_bytes = 5}, {.size_bytes = 6}, "another size"},
    {{.size_bytes = 0}, {.size_bytes = -1}, "another size"},
    {{.size_bytes = -1, .content_type = SLICE("a/b")},
     {.content_type = SLICE("a/c")},
     "another con"},
    {{.size_bytes = -1, .sha256 = SLICE(HASH)}, {.sha256 = SLICE(HASH)}, NULL},
    {{.size_bytes = -1, .sha256 = SLICE(HASH)}, {.sha256 = SLICE("other")}, "another sha256"},
    {{.size_bytes = -1, .sha256 = SLICE(HASH)}, {.size_bytes = 5}, "no sha256"},
};

TEST(tells_what_differs) {
  for (size_t i = 0; i < COUNT(compared); i++) {
    const char *difference = receipt_difference(&compared[i].granted, &compared[i].object);
    const char *expected = compared[i].difference;
    CHECK("row", (difference == NULL) == (expected == NULL));
    CHECK("row", expected == NULL || strncmp(difference, expected, strlen(expected)) == 0);
  }
}

TEST(knows_an_earlier_uploads_object) {
  const upload_receipt granted = {.granted_at = TIME_SECONDS};
  CHECK("later",
        !receipt_is_of_earlier(&granted, &(stored_object){.modified_at = TIME_SECONDS + 1}));
  CHECK("a clock behind",
        !receipt_is_of_earlier(&granted, &(stored_object){.modified_at = TIME_SECONDS - 60}));
  CHECK("earlier",
        receipt_is_of_earlier(&granted, &(stored_object){.modified_at = TIME_SECONDS - 61}));
  CHECK("not told", !receipt_is_of_earlier(&granted, &(stored_object){.modified_at = -1}));
}

TEST(is_good_for_eight_days_and_a_minute_whatever_the_clock) {
  upload_receipt about;
  const secret_keys keys = keys_of(SECRET, NULL);
  const text_slice token = granted(&keys, &sample);
  const int64_t end = TIME_SECONDS + 8 * DAY_SECONDS;
  CHECK_NUMBER("a clock behind", open_at(&keys, token, TIME_SECONDS - 60, &about), RECEIPT_OK);
  CHECK_NUMBER("a clock ahead", open_at(&keys, token, end + 60, &about), RECEIPT_OK);
  CHECK_NUMBER("late", open_at(&keys, token, end + 61, &about), RECEIPT_EXPIRED);
}

TEST(opens_with_either_of_two_secrets) {
  upload_receipt about;
  const secret_keys older = keys_of(SECRET, NULL);
  const secret_keys both = keys_of(OTHER_SECRET, SECRET);
  const secret_keys newer = keys_of(OTHER_SECRET, NULL);
  const secret_keys none = {.count = 0};
  CHECK_NUMBER("older", open_at(&both, granted(&older, &sample), TIME_SECONDS, &about), RECEIPT_OK);
  CHECK_NUMBER("newer", open_at(&newer, granted(&both, &sample), TIME_SECONDS, &about), RECEIPT_OK);
  CHECK_NUMBER("other", open_at(&older, granted(&newer, &sample), TIME_SECONDS, &about),
               RECEIPT_FORGED);
  CHECK_NUMBER("none", open_at(&none, granted(&older, &sample), TIME_SECONDS, &about),
               RECEIPT_FORGED);
}

TEST(refuses_each_tampered_letter_and_each_part) {
  static const char letters[] = "ABCghi0189-_.=+/ ";
  char tampered[4096];
  upload_receipt about;
  const secret_keys keys = keys_of(SECRET, NULL);
  const text_slice token = granted(&keys, &sample);
  memcpy(tampered, token.data, token.size);
  for (size_t at = 0; at < token.size; at++) {
    for (size_t i = 0; i < sizeof letters; i++) { /* the NUL as well */
      tampered[at] = letters[i];
      CHECK_NUMBER("tampered",
                   open_at(&keys, (text_slice){tampered, token.size}, TIME_SECONDS, &about),
                   letters[i] == token.data[at] ? RECEIPT_OK : RECEIPT_FORGED);
    }
    tampered[at] = token.data[at];
    CHECK_NUMBER("start", open_at(&keys, (text_slice){token.data, at}, TIME_SECONDS, &about),
                 RECEIPT_FORGED);
    CHECK_NUMBER("end", open_at(&keys, text_slice_from(token, at + 1), TIME_SECONDS, &about),
                 RECEIPT_FORGED);
  }
}

/* What an attacker, or another service with the same secret, may send: signed as it is. */
static const struct {
  const char *header, *claims;
} others[] = {
    {"{\"alg\":\"none\",\"typ\":\"granted+jwt\"}",
     "{\"iss\":\"countersign\",\"key\":\"k\",\"exp\":9999999999}"},
    {"{\"alg\":\"RS256\",\"typ\":\"granted+jwt\"}",
     "{\"iss\":\"countersign\",\"key\":\"k\",\"exp\":9999999999}"},
    {"{\"typ\":\"granted+jwt\",\"alg\":\"HS256\"}",
     "{\"key\":\"k\",\"iss\":\"countersign\",\"exp\":9999999999}"},
    {"{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
     "{\"key\":\"k\",\"iss\":\"countersign\",\"exp\":9999999999}"},
    {"{\"alg\":\"HS256\",\"typ\":\"stored+jwt\"}",
     "{\"key\":\"k\",\"iss\":\"countersign\",\"exp\":9999999999}"},
    {"{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}",
     "{\"key\":\"k\",\"iss\":\"other\",\"exp\":9999999999}"},
    {"{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}", "{\"key\":\"k\",\"exp\":9999999999}"},
    {"{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}", "{\"iss\":\"countersign\",\"exp\":9999999999}"},
    {"{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}", "[]"},
    {"{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}", ""},
    {"{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}", "{"},
};

static text_slice signed_token(const secret_keys *keys, const char *header, const char *claims) {
  static char storage[1024];
  uint8_t digest[S3_HASH_BYTES];
  text_buffer token;
  text_buffer_init(&token, storage, sizeof storage);
  text_base64_append_url_encoded(&token, text_slice_of(header));
  text_buffer_append_byte(&token, '.');
  text_base64_append_url_encoded(&token, text_slice_of(claims));
  s3_hmac(&keys->list[0], text_buffer_slice(&token), digest);
  text_buffer_append_byte(&token, '.');
  text_base64_append_url_encoded(&token, (text_slice){(const char *)digest, sizeof digest});
  return text_buffer_slice(&token);
}

TEST(refuses_what_is_signed_and_no_receipt_of_a_grant) {
  upload_receipt about;
  const secret_keys keys = keys_of(SECRET, NULL);
  for (size_t i = 0; i < COUNT(others); i++) {
    const text_slice token = signed_token(&keys, others[i].header, others[i].claims);
    CHECK_NUMBER(others[i].header, open_at(&keys, token, TIME_SECONDS, &about), RECEIPT_FORGED);
  }
  const text_slice endless =
      signed_token(&keys, "{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}",
                   "{\"iss\":\"countersign\",\"key\":\"k\",\"exp\":\"never\"}");
  CHECK_NUMBER("endless", open_at(&keys, endless, TIME_SECONDS, &about), RECEIPT_EXPIRED);
}

TEST(refuses_what_is_longer_than_any_receipt) {
  static char letters[64 * 1024];
  upload_receipt about;
  const secret_keys keys = keys_of(SECRET, NULL);
  memset(letters, 'A', sizeof letters);
  CHECK_NUMBER("status",
               open_at(&keys, (text_slice){letters, sizeof letters}, TIME_SECONDS, &about),
               RECEIPT_FORGED);
}

TEST(says_so_when_there_is_no_room) {
  upload_receipt about;
  const secret_keys keys = keys_of(SECRET, NULL);
  const text_slice token = granted(&keys, &sample);
  for (size_t size = 0; size < 512; size += 16) {
    CHECK("token", receipt_granted(&keys, &sample, TIME_SECONDS, arena_of(size)).data == NULL);
  }
  for (size_t size = 0; size < 512; size += 16) {
    CHECK_NUMBER("open", receipt_open(&keys, token, TIME_SECONDS, &about, arena_of(size)),
                 RECEIPT_FORGED);
  }
}

RUN_TESTS(cmocka_unit_test(tells_what_differs), cmocka_unit_test(knows_an_earlier_uploads_object),
          cmocka_unit_test(says_what_was_granted), cmocka_unit_test(says_what_is_stored),
          cmocka_unit_test(opens_what_it_granted),
          cmocka_unit_test(is_good_for_eight_days_and_a_minute_whatever_the_clock),
          cmocka_unit_test(opens_with_either_of_two_secrets),
          cmocka_unit_test(refuses_each_tampered_letter_and_each_part),
          cmocka_unit_test(refuses_what_is_signed_and_no_receipt_of_a_grant),
          cmocka_unit_test(refuses_what_is_longer_than_any_receipt),
          cmocka_unit_test(says_so_when_there_is_no_room))
