/* Sealed upload ids: what was sealed comes back, and nothing else does. */
#include "function/admission/seal.h"

#include "tests/unit/support.h"

enum { TIME_SECONDS = 1774958400, TOKEN_BYTES = 2048 };

#define SECRET "0123456789abcdef0123456789abcdef"
#define OTHER_SECRET "fedcba9876543210fedcba9876543210"

static const seal_subject subject = {SLICE(""), SLICE("uploads/ab/test.txt"), SLICE(""), SLICE("")};
static const text_slice secrets[] = {SLICE(SECRET), SLICE(OTHER_SECRET)};
static const sealed_upload sample = {.upload_id = SLICE("VXBsb2FkIElE.~_-"),
                                     .expires_at = TIME_SECONDS + 1,
                                     .max_bytes = 5368709120,
                                     .size_bytes = 52428800,
                                     .part_bytes = 5242881,
                                     .expires_seconds = 60,
                                     .has_sha256 = true};

static text_slice seal_with(text_slice secret, const sealed_upload *upload) {
  static char storage[TOKEN_BYTES];
  secret_keys seal;
  text_buffer token;
  seal_keys_init(&seal, &(config_secrets){{secret}, 1});
  text_buffer_init(&token, storage, sizeof storage);
  seal_append(&seal, &subject, upload, &token);
  assert_false(token.overflowed);
  return text_buffer_slice(&token);
}

static seal_status open_with(const text_slice *with, size_t count, text_slice token,
                             sealed_upload *upload) {
  secret_keys seal;
  config_secrets known = {.count = count};
  memcpy(known.list, with, count * sizeof *with);
  seal_keys_init(&seal, &known);
  return seal_open(&seal, guarded(token), &subject, TIME_SECONDS, upload, large_arena());
}

TEST(opens_what_it_sealed) {
  sealed_upload upload;
  CHECK_NUMBER("status", open_with(secrets, 1, seal_with(secrets[0], &sample), &upload), SEAL_OK);
  CHECK_SLICE("upload id", upload.upload_id, sample.upload_id);
  CHECK_NUMBER("expires", upload.expires_at, sample.expires_at);
  CHECK_NUMBER("max", upload.max_bytes, sample.max_bytes);
  CHECK_NUMBER("size", upload.size_bytes, sample.size_bytes);
  CHECK_NUMBER("part", upload.part_bytes, sample.part_bytes);
  CHECK_NUMBER("lifetime", upload.expires_seconds, 60);
  CHECK("sha256", upload.has_sha256);
}

TEST(is_one_segment_of_a_path) {
  const text_slice token = seal_with(secrets[0], &sample);
  for (size_t i = 0; i < token.size; i++) {
    CHECK("letter", strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                           token.data[i]) != NULL);
  }
}

TEST(opens_what_an_older_secret_sealed) {
  sealed_upload upload;
  CHECK_NUMBER("older", open_with(secrets, 2, seal_with(secrets[1], &sample), &upload), SEAL_OK);
  CHECK_NUMBER("newer", open_with(secrets, 2, seal_with(secrets[0], &sample), &upload), SEAL_OK);
  CHECK_NUMBER("unknown", open_with(&secrets[1], 1, seal_with(secrets[0], &sample), &upload),
               SEAL_FORGED);
  CHECK_NUMBER("none", open_with(secrets, 0, seal_with(secrets[0], &sample), &upload), SEAL_FORGED);
}

/* Each letter of the token replaced by each other one. */
TEST(refuses_each_tampered_letter) {
  static const char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
  char tampered[TOKEN_BYTES];
  sealed_upload upload;
  const text_slice token = seal_with(secrets[0], &sample);
  memcpy(tampered, token.data, token.size);
  for (size_t at = 0; at < token.size; at++) {
    for (size_t i = 0; i < sizeof letters; i++) { /* the NUL as well */
      if (letters[i] != token.data[at]) {
        tampered[at] = letters[i];
        CHECK_NUMBER("tampered", open_with(secrets, 1, (text_slice){tampered, token.size}, &upload),
                     SEAL_FORGED);
      }
    }
    tampered[at] = token.data[at];
  }
}

TEST(refuses_each_part_of_a_token) {
  sealed_upload upload;
  const text_slice token = seal_with(secrets[0], &sample);
  for (size_t size = 0; size < token.size; size++) {
    CHECK_NUMBER("start", open_with(secrets, 1, (text_slice){token.data, size}, &upload),
                 SEAL_FORGED);
    CHECK_NUMBER("end", open_with(secrets, 1, text_slice_from(token, token.size - size), &upload),
                 SEAL_FORGED);
  }
}

TEST(refuses_what_is_longer_than_any_token) {
  static char letters[64 * 1024];
  sealed_upload upload;
  memset(letters, 'A', sizeof letters);
  CHECK_NUMBER("status", open_with(secrets, 1, (text_slice){letters, sizeof letters}, &upload),
               SEAL_FORGED);
}

TEST(tells_another_key_and_an_expired_one) {
  static const seal_subject other_key = {SLICE(""), SLICE("uploads/ab/test.tx"), SLICE(""),
                                         SLICE("")};
  static const seal_subject with_profile = {SLICE("avatar"), SLICE("uploads/ab/test.txt"),
                                            SLICE(""), SLICE("")};
  secret_keys seal;
  sealed_upload upload;
  const text_slice token = seal_with(secrets[0], &sample);
  seal_keys_init(&seal, &(config_secrets){{secrets[0]}, 1});
  CHECK_NUMBER("other key",
               seal_open(&seal, token, &other_key, TIME_SECONDS, &upload, large_arena()),
               SEAL_OTHER_KEY);
  CHECK_NUMBER("other profile",
               seal_open(&seal, token, &with_profile, TIME_SECONDS, &upload, large_arena()),
               SEAL_OTHER_KEY);
  CHECK_NUMBER("late", seal_open(&seal, token, &subject, sample.expires_at, &upload, large_arena()),
               SEAL_EXPIRED);
}

TEST(says_so_when_there_is_no_room) {
  static char long_id[SEAL_UPLOAD_ID_MAX_BYTES + 1];
  secret_keys seal;
  sealed_upload upload = sample;
  text_buffer token = buffer_of(100);
  seal_keys_init(&seal, &(config_secrets){{secrets[0]}, 1});
  seal_append(&seal, &subject, &upload, &token);
  CHECK("token", token.overflowed);
  memset(long_id, 'a', sizeof long_id);
  upload.upload_id = (text_slice){long_id, sizeof long_id};
  token = buffer_of(TOKEN_BYTES);
  seal_append(&seal, &subject, &upload, &token);
  CHECK("upload id", token.overflowed);
  CHECK_NUMBER("arena",
               seal_open(&seal, seal_with(secrets[0], &sample), &subject, TIME_SECONDS, &upload,
                         arena_of(16)),
               SEAL_FORGED);
}

/* Not by where the one ends and the other begins. */
TEST(opens_for_what_it_was_sealed_for) {
  static const seal_subject subjects[] = {{SLICE("ab"), SLICE("c"), SLICE(""), SLICE("")},
                                          {SLICE("a"), SLICE("bc"), SLICE(""), SLICE("")},
                                          {SLICE(""), SLICE("abc"), SLICE(""), SLICE("")},
                                          {SLICE(""), SLICE("ab"), SLICE("c"), SLICE("")},
                                          {SLICE(""), SLICE("a"), SLICE("bc"), SLICE("")},
                                          {SLICE("a"), SLICE("b"), SLICE("c"), SLICE("")}};
  sealed_upload upload;
  secret_keys seal;
  seal_keys_init(&seal, &(config_secrets){{secrets[0]}, 1});
  for (size_t i = 0; i < COUNT(subjects); i++) {
    text_buffer token = buffer_of(TOKEN_BYTES);
    seal_append(&seal, &subjects[i], &sample, &token);
    for (size_t j = 0; j < COUNT(subjects); j++) {
      CHECK_NUMBER("status",
                   seal_open(&seal, text_buffer_slice(&token), &subjects[j], TIME_SECONDS, &upload,
                             large_arena()),
                   i == j ? SEAL_OK : SEAL_OTHER_KEY);
    }
  }
}

/* A key of the template's says so itself. */
TEST(holds_a_key_of_the_apps_to_the_callers_folders) {
  static const seal_subject of_ann = {SLICE(""), SLICE("k"), SLICE(""), SLICE("ann\0")};
  static const seal_subject of_bob = {SLICE(""), SLICE("k"), SLICE(""), SLICE("bob\0")};
  sealed_upload upload = sample;
  secret_keys seal;
  seal_keys_init(&seal, &(config_secrets){{secrets[0]}, 1});
  for (int apps = 0; apps < 2; apps++) {
    sealed_upload opened;
    text_buffer token = buffer_of(TOKEN_BYTES);
    upload.key_is_apps = apps > 0;
    seal_append(&seal, &of_ann, &upload, &token);
    const text_slice text = text_buffer_slice(&token);
    CHECK_NUMBER("ann", seal_open(&seal, text, &of_ann, TIME_SECONDS, &opened, large_arena()),
                 SEAL_OK);
    CHECK_NUMBER("bob", seal_open(&seal, text, &of_bob, TIME_SECONDS, &opened, large_arena()),
                 apps > 0 ? SEAL_OTHER_KEY : SEAL_OK);
  }
}

TEST(keeps_whose_key_it_is) {
  sealed_upload upload = sample;
  sealed_upload opened;
  for (int apps = 0; apps < 2; apps++) {
    upload.key_is_apps = apps > 0;
    CHECK_NUMBER("status", open_with(secrets, 1, seal_with(secrets[0], &upload), &opened), SEAL_OK);
    CHECK_NUMBER("app", opened.key_is_apps, apps);
    CHECK("sha256", opened.has_sha256);
  }
}

RUN_TESTS(cmocka_unit_test(opens_what_it_sealed),
          cmocka_unit_test(opens_for_what_it_was_sealed_for),
          cmocka_unit_test(holds_a_key_of_the_apps_to_the_callers_folders),
          cmocka_unit_test(keeps_whose_key_it_is), cmocka_unit_test(is_one_segment_of_a_path),
          cmocka_unit_test(opens_what_an_older_secret_sealed),
          cmocka_unit_test(refuses_each_tampered_letter),
          cmocka_unit_test(refuses_each_part_of_a_token),
          cmocka_unit_test(refuses_what_is_longer_than_any_token),
          cmocka_unit_test(tells_another_key_and_an_expired_one),
          cmocka_unit_test(says_so_when_there_is_no_room))
