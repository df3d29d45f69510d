#include "function/admission/key_owner.h"

#include "tests/unit/support.h"

#define ID "00010f107f80a5ff1122334455667788"
#define DEFAULT "uploads/{id}/{name}"
#define OWN "uploads/{claim:sub}/{id}/{name}"

/* The caller is alice of red. */
static const struct {
  const char *template, *key;
  bool own;
} rows[] = {
    {DEFAULT, "uploads/" ID "/a.txt", true},
    {DEFAULT, "uploads/" ID "/a b+\xD7\xA9 {id}", true},
    {DEFAULT, "uploads/" ID "/", false},
    {DEFAULT, "uploads/" ID, false},
    {DEFAULT, "uploads/" ID "/a/b", false},
    {DEFAULT, "uploads/" ID "/a\\b", false},
    {DEFAULT, "uploads/" ID "/..", false},
    {DEFAULT, "uploads/" ID "/a\n", false},
    {DEFAULT, "uploads/" ID "/\xFF", false},
    {DEFAULT, "uploads/" ID "0/a", false},
    {DEFAULT, "uploads/00010F107F80A5FF1122334455667788/a", false},
    {DEFAULT, "other/" ID "/a.txt", false},
    {DEFAULT, "/uploads/" ID "/a.txt", false},
    {DEFAULT, "", false},
    {OWN, "uploads/alice/" ID "/a.txt", true},
    {OWN, "uploads/bob/" ID "/a.txt", false},
    {OWN, "uploads/alice2/" ID "/a.txt", false},
    {OWN, "uploads/alic/" ID "/a.txt", false},
    {OWN, "uploads/ALICE/" ID "/a.txt", false},
    {OWN, "uploads/alice/../bob/" ID "/a.txt", false},
    {OWN, "uploads/alice/" ID "/../../bob", false},
    {OWN, "uploads/{claim:sub}/" ID "/a.txt", false},
    {OWN, "uploads/" ID "/a.txt", false},
    {"{claim:team}/{claim:sub}/{name}", "red/alice/x", true},
    {"{claim:team}/{claim:sub}/{name}", "blue/alice/x", false},
    {"{claim:missing}/{name}", "alice/x", false},
    {"{claim:missing}/{name}", "/x", false},
    {"{claim:empty}/{name}", "/x", false},
    {"{claim:slash}/{name}", "a/b/x", false},
    {"{claim:up}/{name}", "../x", false},
    {"{date}/{name}", "2026-03-31/x", true},
    {"{date}/{name}", "2026-3-31/x", false},
    {"{date}/{name}", "2026-03-3", false},
    {"{date}-{name}.bin", "2026-03-31-x.bin.bin", true},
    {"{date}-{name}.bin", "2026-03-31-.bin", false},
    {"{date}-{name}.bin", "2026-03-31-x.bin.exe", false},
    {"{name}-{name}", "a-b-c", true},
    {"{name}-{name}", "a-", false},
    {"{name}-{name}", "-a", false},
    {"{name}-{id}-{name}", "a-b-" ID "-c", true},
    {"{name}/{date}/{name}", "a/2026-03-31/b", true},
    {"{name}/{date}/{name}", "a/b/2026-03-31/b", false},
    {"{name}", "passwd", true},
    {"{name}", "etc/passwd", false},
};

TEST(a_key_is_the_callers_when_the_template_makes_it_of_the_callers_claims) {
  static const char context[] =
      "{\"authorizer\":{\"jwt\":{\"claims\":{\"sub\":\"alice\",\"team\":\"red\",\"empty\":\"\","
      "\"slash\":\"a/b\",\"up\":\"..\"}}}}";
  http_json_setup();
  const http_claims caller = {http_json_parse(text_slice_of(context), large_arena())};
  for (size_t i = 0; i < COUNT(rows); i++) {
    const bool own =
        key_is_callers(guarded_string(rows[i].template), &caller, guarded_string(rows[i].key));
    CHECK_NUMBER(rows[i].key, own, rows[i].own);
  }
}

TEST(a_key_with_a_folder_of_a_claim_is_not_nobodys) {
  const http_claims nobody = {NULL};
  CHECK("claim", !key_is_callers(text_slice_of(OWN), &nobody, TEXT_LITERAL("uploads//" ID "/a")));
  CHECK("none", key_is_callers(text_slice_of(DEFAULT), &nobody, TEXT_LITERAL("uploads/" ID "/a")));
}

TEST(a_key_has_at_most_1024_bytes) {
  static char key[1025];
  const http_claims nobody = {NULL};
  memset(key, 'k', sizeof key);
  CHECK("1024", key_is_callers(TEXT_LITERAL("{name}"), &nobody, (text_slice){key, 1024}));
  CHECK("1025", !key_is_callers(TEXT_LITERAL("{name}"), &nobody, (text_slice){key, 1025}));
}

RUN_TESTS(cmocka_unit_test(a_key_is_the_callers_when_the_template_makes_it_of_the_callers_claims),
          cmocka_unit_test(a_key_with_a_folder_of_a_claim_is_not_nobodys),
          cmocka_unit_test(a_key_has_at_most_1024_bytes))
