/* The processor time of one presigned URL: a PUT with a 1 kB session token and one
 * header besides Host, and a URL of a batch of 100 parts; and that of one receipt. Prints
 * nanoseconds of each round, tab separated, as harness.c does.
 *
 *   presign ROUNDS
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "function/admission/receipt.h"
#include "s3/presign.h"
#include "text/buffer.h"

enum { URLS = 1000, PARTS = 100, BATCHES = 10, TOKEN_BYTES = 1024, URL_MAX_BYTES = 4096 };

static int64_t cpu_nanoseconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* As AWS's tokens are: base64, so that some bytes have to be encoded. */
static text_slice make_token(void) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static char token[TOKEN_BYTES];
  uint32_t state = 1;
  for (size_t i = 0; i < sizeof token; i++) {
    state = state * 1103515245 + 12345;
    token[i] = alphabet[state >> 26];
  }
  return (text_slice){token, sizeof token};
}

/* `number` between two texts. */
static text_slice numbered(text_buffer *buffer, const char *before, int64_t number,
                           const char *after) {
  text_buffer_clear(buffer);
  text_buffer_append_string(buffer, before);
  text_buffer_append_decimal(buffer, number);
  text_buffer_append_string(buffer, after);
  return text_buffer_slice(buffer);
}

static void sign(s3_signer *signer, const s3_presign_options *options) {
  static char storage[URL_MAX_BYTES];
  text_buffer url;
  text_buffer_init(&url, storage, sizeof storage);
  const s3_status status = s3_presign(signer, options, &url);
  if (status != S3_OK) {
    (void)fprintf(stderr, "presign: %s\n", s3_status_text(status));
    exit(EXIT_FAILURE);
  }
}

static int64_t measure_urls(s3_signer *signer, s3_presign_options options) {
  static int64_t number = 10000000;
  char storage[128];
  text_buffer key;
  const text_pair headers[] = {{TEXT_LITERAL("Content-Type"), TEXT_LITERAL("image/jpeg")}};
  text_buffer_init(&key, storage, sizeof storage);
  options.headers = headers;
  options.header_count = 1;
  const int64_t before = cpu_nanoseconds();
  for (int i = 0; i < URLS; i++) {
    options.key = numbered(&key, "uploads/0123456789abcdef01234567", number++, "/photo.jpg");
    sign(signer, &options);
  }
  return (cpu_nanoseconds() - before) / URLS;
}

static int64_t measure_parts(s3_signer *signer, s3_presign_options options) {
  char storage[16];
  text_buffer number;
  text_pair query[] = {
      {TEXT_LITERAL("partNumber"), TEXT_LITERAL("")},
      {TEXT_LITERAL("uploadId"),
       TEXT_LITERAL(
           "VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA.Example.Of.An.Upload.Id"
           "_0123456789abcdef0123456789abcdef")},
  };
  text_buffer_init(&number, storage, sizeof storage);
  options.query = query;
  options.query_count = 2;
  options.key = TEXT_LITERAL("uploads/0123456789abcdef0123456789abcdef/film.mp4");
  const int64_t before = cpu_nanoseconds();
  for (int batch = 0; batch < BATCHES; batch++) {
    for (int64_t part = 1; part <= PARTS; part++) {
      query[0].value = numbered(&number, "", part, "");
      sign(signer, &options);
    }
  }
  return (cpu_nanoseconds() - before) / BATCHES / PARTS;
}

/* All that a receipt can say of an upload. */
static int64_t measure_receipts(int64_t time_seconds) {
  static char memory[4096];
  static const config_secrets secrets = {{{"0123456789abcdef0123456789abcdef0123456789abcdef", 48}},
                                         1};
  const upload_receipt about = {
      .bucket = TEXT_LITERAL("uploads-example"),
      .subject = TEXT_LITERAL("6f1c2d3e-0000-4000-8000-123456789abc"),
      .key = TEXT_LITERAL("uploads/avatar/0123456789abcdef0123456789abcdef/photo.jpg"),
      .profile = TEXT_LITERAL("avatar"),
      .content_type = TEXT_LITERAL("image/jpeg"),
      .sha256 = TEXT_LITERAL("MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM="),
      .size_bytes = 1234567};
  secret_keys keys;
  text_arena arena;
  secret_keys_init(&keys, &secrets);
  text_arena_init(&arena, memory, sizeof memory);
  const int64_t before = cpu_nanoseconds();
  for (int i = 0; i < URLS; i++) {
    if (receipt_granted(&keys, &about, time_seconds + i, &arena).data == NULL) {
      exit(EXIT_FAILURE);
    }
    text_arena_reset(&arena);
  }
  return (cpu_nanoseconds() - before) / URLS;
}

int main(int argc, char **argv) {
  static char memory[8192];
  s3_endpoint endpoint;
  s3_signer signer;
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);
  const s3_endpoint_options where = {.region = TEXT_LITERAL("eu-west-1"),
                                     .bucket = TEXT_LITERAL("uploads-example")};
  const s3_credentials credentials = {TEXT_LITERAL("ASIAIOSFODNN7EXAMPLE"),
                                      TEXT_LITERAL("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                                      make_token()};
  if (argc != 2 || s3_endpoint_init(&endpoint, &where, &arena) != S3_OK ||
      !s3_signer_init(&signer, &credentials, where.region, &arena)) {
    (void)fprintf(stderr, "usage: presign ROUNDS\n");
    return EXIT_FAILURE;
  }
  const s3_presign_options options = {.endpoint = &endpoint,
                                      .method = TEXT_LITERAL("PUT"),
                                      .expires_seconds = 300,
                                      .time_seconds = 1795521600};
  for (long round = strtol(argv[1], NULL, 10); round > 0; round--) {
    printf("presign\turl\t%" PRId64 "\n", measure_urls(&signer, options));
    printf("presign\tpart\t%" PRId64 "\n", measure_parts(&signer, options));
    printf("presign\treceipt\t%" PRId64 "\n", measure_receipts(options.time_seconds));
  }
  return EXIT_SUCCESS;
}
