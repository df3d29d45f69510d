/* What the app answers, and what a client sends as a receipt: bytes of others that decide what is
 * signed. */
#include "function/admission/app_answer.h"
#include "function/admission/receipt.h"
#include "function/config/config_rules.h"
#include "support.h"
#include "text/utf8.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define KEY_START "uploads/"

enum { ARENA_BYTES = 1024 * 1024, CAP_BYTES = 1000, TIME_SECONDS = 1774958400 };

/* Never more than the rules allowed, and no key outside. */
static void check_narrowed(const upload_rules *rules, const app_answer *answer) {
  const upload_rules before = config_rules_default();
  MUST(rules->max_bytes >= 1 && rules->max_bytes <= CAP_BYTES);
  MUST(rules->expires_seconds >= 1 && rules->expires_seconds <= before.expires_seconds);
  MUST(rules->types_count >= 1 && rules->types_count <= UPLOAD_TYPES_LISTS_MAX);
  MUST(text_slice_equal(rules->types[0], before.types[0]));
  MUST(rules->tags.size <= 2048 && has_only(rules->tags, LETTERS DIGITS "-._~%=&"));
  MUST(answer->key.size == 0 || (answer->key.size > sizeof KEY_START - 1 &&
                                 answer->key.size <= 1024 && text_utf8_is_clean(answer->key) &&
                                 text_slice_starts_with(answer->key, TEXT_LITERAL(KEY_START))));
}

static void check_answer(text_slice body, text_arena *arena) {
  upload_rules rules = config_rules_default();
  upload_metadata metadata = {.count = 0};
  app_answer answer;
  rules.max_bytes = CAP_BYTES;
  const app_answer_target target = {&rules, &metadata};
  const char *problem = app_answer_read(&answer, &target, body, TEXT_LITERAL(KEY_START), arena);
  if (problem != NULL) {
    MUST(problem[0] != '\0');
    return;
  }
  if (!answer.is_allowed) {
    MUST(answer.message.size > 0 && answer.message.size <= 512);
    MUST(text_utf8_is_clean(answer.message));
    return;
  }
  check_narrowed(&rules, &answer);
  MUST(metadata.count <= METADATA_MAX && metadata.size_bytes <= METADATA_MAX_BYTES);
}

/* Nobody but the service makes one: not even the fuzzer, which has no HMAC. */
static void check_receipt(text_slice token, const secret_keys *keys, text_arena *arena) {
  upload_receipt about;
  const receipt_status status = receipt_open(keys, token, TIME_SECONDS, &about, arena);
  MUST(status == RECEIPT_FORGED);
}

/* What was granted is read back as it was, whatever the key. */
static void check_granted(text_slice key, const secret_keys *keys, text_arena *arena) {
  upload_receipt about;
  const upload_receipt granted = {
      .bucket = TEXT_LITERAL("b"), .key = key, .subject = key, .size_bytes = 1};
  if (!text_utf8_is_clean(key) || key.size == 0 || key.size > 1024) {
    return;
  }
  const text_slice token = receipt_granted(keys, &granted, TIME_SECONDS, arena);
  MUST(has_only(token, LETTERS DIGITS "-_."));
  MUST(receipt_open(keys, token, TIME_SECONDS, &about, arena) == RECEIPT_OK);
  MUST(text_slice_equal(about.key, key) && text_slice_equal(about.subject, key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[ARENA_BYTES];
  static const config_secrets secrets = {{{SECRET, sizeof SECRET - 1}}, 1};
  secret_keys keys;
  text_arena arena;
  http_json_setup();
  secret_keys_init(&keys, &secrets);
  text_arena_init(&arena, memory, sizeof memory);
  check_answer(input_of(data, size), &arena);
  text_arena_reset(&arena);
  check_receipt(input_of(data, size), &keys, &arena);
  text_arena_reset(&arena);
  check_granted(input_of(data, size), &keys, &arena);
  return 0;
}
