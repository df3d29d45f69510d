/* A signed PUT, what AWS says when it refuses it, and what `explain` makes of that. */
#ifndef TESTS_UNIT_EXPLAINED_H
#define TESTS_UNIT_EXPLAINED_H

#include "doctor/explain/explain.h"
#include "s3/presign.h"
#include "tests/unit/support.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define TOKEN "a/session/token+of+some+length=="
#define ENCODED_TOKEN "a%2Fsession%2Ftoken%2Bof%2Bsome%2Blength%3D%3D"
#define ID "ASIAIOSFODNN7EXAMPLE"
#define HOST "b.s3.eu-west-1.amazonaws.com"

enum { TIME_SECONDS = 1795521600, LIFETIME_SECONDS = 300, TEXT_BYTES = 256 * 1024 };

static const s3_credentials credentials = {
    {ID, sizeof ID - 1}, {SECRET, sizeof SECRET - 1}, {TOKEN, sizeof TOKEN - 1}};
static const s3_credentials nobody;
static const s3_endpoint endpoint = {SLICE("https://" HOST), SLICE(HOST), SLICE(""), SLICE("b"),
                                     SLICE("eu-west-1")};

/* A PUT of "a b.txt" with a signed content type; valid until the next one. */
static inline text_slice signed_put_of(const char *content_type) {
  static char storage[4096];
  static char memory[1024];
  const text_pair type = {TEXT_LITERAL("Content-Type"), text_slice_of(content_type)};
  const s3_presign_options options = {.endpoint = &endpoint,
                                      .method = TEXT_LITERAL("PUT"),
                                      .key = TEXT_LITERAL("a b.txt"),
                                      .headers = &type,
                                      .header_count = 1,
                                      .expires_seconds = LIFETIME_SECONDS,
                                      .time_seconds = TIME_SECONDS};
  s3_signer signer;
  text_arena arena;
  text_buffer url;
  text_arena_init(&arena, memory, sizeof memory);
  text_buffer_init(&url, storage, sizeof storage);
  assert_true(s3_signer_init(&signer, &credentials, TEXT_LITERAL("eu-west-1"), &arena));
  assert_int_equal(s3_presign(&signer, &options, &url), S3_OK);
  return text_buffer_slice(&url);
}

static inline text_slice signed_put(void) {
  return signed_put_of("text/plain");
}

#define CANONICAL(method, path, type)                                                      \
  method "\n" path "\nX-Amz-Algorithm=AWS4-HMAC-SHA256&amp;X-Amz-Credential=" ID           \
         "%2F20261124%2Feu-west-1%2Fs3%2Faws4_request&amp;X-Amz-Date=20261124T120000Z"     \
         "&amp;X-Amz-Expires=300&amp;X-Amz-Security-Token=" ENCODED_TOKEN                  \
         "&amp;X-Amz-SignedHeaders=content-type%3Bhost\ncontent-type:" type "\nhost:" HOST \
         "\n\ncontent-type;host\nUNSIGNED-PAYLOAD"
#define MISMATCH(method, path, type)                                                          \
  "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated "    \
  "does not match</Message><AWSAccessKeyId>" ID                                               \
  "</AWSAccessKeyId><SignatureProvided>0123</SignatureProvided><CanonicalRequest>" CANONICAL( \
      method, path, type) "</CanonicalRequest></Error>"
#define DENIED(message, more) \
  "<Error><Code>AccessDenied</Code><Message>" message "</Message>" more "</Error>"

static inline bool has(text_slice text, const char *part) {
  return memmem(text.data, text.size, part, strlen(part)) != NULL;
}

/* No case may show any of them. */
static inline void check_hidden(const char *row, text_slice text) {
  const text_slice url = signed_put();
  const text_slice signature = text_slice_from(url, url.size - 64);
  CHECK(row, !has(text, SECRET) && !has(text, TOKEN) && !has(text, ENCODED_TOKEN));
  CHECK(row, memmem(text.data, text.size, signature.data, signature.size) == NULL);
  CHECK(row, !has(text, ID));
}

static inline text_slice explained(const explain_input *input, explain_result *result) {
  static char storage[TEXT_BYTES];
  static alignas(16) char memory[EXPLAIN_ARENA_BYTES];
  text_arena arena;
  text_buffer text;
  text_arena_init(&arena, memory, sizeof memory);
  text_buffer_init(&text, storage, sizeof storage);
  *result = explain(input, &arena, &text);
  CHECK("fits", !text.overflowed);
  return text_buffer_slice(&text);
}

#endif
