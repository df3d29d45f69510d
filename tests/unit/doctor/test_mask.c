#include "doctor/shared/mask.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *text, *shown;
} texts[] = {
    {"nothing", "", ""},
    {"plain words", "nothing to hide", "nothing to hide"},
    {"the whole text", "the-secret-key", "****"},
    {"in the middle", "a the-secret-key b", "a **** b"},
    {"twice", "the-secret-keythe-secret-key", "********"},
    {"a part of one", "the-secret-ke", "the-secret-ke"},
    {"the longer of two", "the-secret-key-and-more", "****"},
    {"an access key", "x AKIAIOSFODNN7EXAMPLE x", "x AKIA****MPLE x"},
    {"control characters", "a\x1b[31m\n", "a\\x1b[31m\\x0a"},
    {"bytes above ASCII", "\xC3\xA9", "\\xc3\\xa9"},
};

TEST(strikes_out_what_is_hidden) {
  secret_mask mask = {0};
  mask_add(&mask, TEXT_LITERAL("the-secret-key"));
  mask_add(&mask, TEXT_LITERAL("the-secret-key-and-more"));
  mask_add(&mask, TEXT_LITERAL("short"));
  mask_add(&mask, TEXT_LITERAL(""));
  mask_add_partly(&mask, TEXT_LITERAL("AKIAIOSFODNN7EXAMPLE"));
  CHECK_NUMBER("too short to hide", mask.count, 3);
  for (size_t i = 0; i < COUNT(texts); i++) {
    text_buffer shown = buffer_of(strlen(texts[i].shown));
    mask_append(&mask, guarded_string(texts[i].text), &shown);
    CHECK_TEXT(texts[i].name, text_buffer_slice(&shown), texts[i].shown);
    CHECK(texts[i].name, !shown.overflowed);
  }
}

/* The side-by-side view shows a parameter's name and value each for itself. */
TEST(strikes_out_a_secret_that_was_cut) {
  static const struct {
    const char *text, *shown;
  } cut[] = {
      {"a/session/token+of", "****"},   {"and-more", "****"},
      {"a/session/token+of=", "****="}, {"a/session/token+of=and-more", "****=****"},
      {"x and-more==", "x ****=="},     {"=and-more=", "=****="},
  };
  secret_mask mask = {0};
  mask_add(&mask, guarded_string("a/session/token+of=and-more=="));
  mask_add(&mask, guarded_string("=:&\n=:&\n"));
  for (size_t i = 0; i < COUNT(cut); i++) {
    text_buffer shown = buffer_of(100);
    mask_append(&mask, guarded_string(cut[i].text), &shown);
    CHECK_TEXT(cut[i].text, text_buffer_slice(&shown), cut[i].shown);
  }
}

TEST(shows_nothing_when_there_is_more_than_it_can_know) {
  static char secrets[MASK_MAX + 1][8];
  secret_mask mask = {0};
  for (size_t i = 0; i < COUNT(secrets); i++) {
    memset(secrets[i], (int)('A' + i), sizeof secrets[i]);
    mask_add(&mask, (text_slice){secrets[i], sizeof secrets[i]});
  }
  text_buffer shown = buffer_of(100);
  mask_append(&mask, TEXT_LITERAL("words"), &shown);
  CHECK_TEXT("shown", text_buffer_slice(&shown), "****");
}

TEST(knows_the_names_of_secrets) {
  CHECK("token", mask_hides_name(TEXT_LITERAL("X-Amz-Security-Token")));
  CHECK("signature", mask_hides_name(TEXT_LITERAL("x-amz-signature")));
  CHECK("authorization", mask_hides_name(TEXT_LITERAL("Authorization")));
  CHECK("customer's key",
        mask_hides_name(TEXT_LITERAL("x-amz-server-side-encryption-customer-key")));
  CHECK("its digest",
        !mask_hides_name(TEXT_LITERAL("x-amz-server-side-encryption-customer-key-MD5")));
  CHECK("type", !mask_hides_name(TEXT_LITERAL("Content-Type")));
}

RUN_TESTS(cmocka_unit_test(strikes_out_what_is_hidden),
          cmocka_unit_test(strikes_out_a_secret_that_was_cut),
          cmocka_unit_test(shows_nothing_when_there_is_more_than_it_can_know),
          cmocka_unit_test(knows_the_names_of_secrets))
