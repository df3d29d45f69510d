/* Standard Webhooks: the specification's own example, and a rotation. */
#include "function/admission/webhook.h"

#include "tests/unit/support.h"
#include "text/base64.h"

#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

enum { TIME_SECONDS = 1614265330 };

/* The secret of the libraries' own tests, without whsec_. */
static text_slice known_secret(void) {
  static char storage[64];
  text_buffer bytes;
  text_buffer_init(&bytes, storage, sizeof storage);
  assert_true(text_base64_append_decoded(&bytes, TEXT_LITERAL("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
  return text_buffer_slice(&bytes);
}

static webhook_message sign_with(const config_secrets *secrets, text_arena *arena) {
  secret_keys keys;
  secret_keys_init(&keys, secrets);
  text_buffer text = text_arena_open(arena);
  webhook_append_start(&text, TEXT_LITERAL(ID), TIME_SECONDS);
  text_buffer_append_string(&text, BODY);
  return webhook_sign(&keys, text_arena_close(arena, &text), arena);
}

TEST(a_message_is_signed_as_the_specification_says) {
  const webhook_message message = sign_with(&(config_secrets){{known_secret()}, 1}, large_arena());
  CHECK_TEXT("id", message.id, ID);
  CHECK_TEXT("timestamp", message.timestamp, "1614265330");
  CHECK_TEXT("body", message.body, BODY);
  CHECK_TEXT("signature", message.signature, SIGNATURE);
}

TEST(two_secrets_both_sign) {
  const config_secrets secrets = {{TEXT_LITERAL("another secret of any bytes"), known_secret()}, 2};
  const text_slice both = sign_with(&secrets, large_arena()).signature;
  CHECK_NUMBER("size", both.size, 2 * strlen(SIGNATURE) + 1);
  CHECK("first", !text_slice_starts_with(both, TEXT_LITERAL(SIGNATURE)));
  CHECK("second", text_slice_ends_with(both, TEXT_LITERAL(" " SIGNATURE)));
}

TEST(says_so_when_there_is_no_room) {
  const config_secrets secrets = {{known_secret()}, 1};
  CHECK("all of it", sign_with(&secrets, arena_of(160)).signature.data != NULL);
  CHECK("signature", sign_with(&secrets, arena_of(96)).signature.data == NULL);
}

RUN_TESTS(cmocka_unit_test(a_message_is_signed_as_the_specification_says),
          cmocka_unit_test(two_secrets_both_sign), cmocka_unit_test(says_so_when_there_is_no_room))
