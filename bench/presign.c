/* The processor time of one presigned URL: a PUT with a 1 kB session token and one
 * header besides Host, and a URL of a batch of 100 parts; that of hashing alone what has
 * to be hashed for each; and that of one receipt. Prints nanoseconds of each round, tab
 * separated, as harness.c does.
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

enum { URLS = 1000, PARTS = 100, TOKEN_BYTES = 1024, URL_MAX_BYTES = 4096 };

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

static _Noreturn void fail(const char *what) {
  (void)fprintf(stderr, "presign: %s\n", what);
  exit(EXIT_FAILURE);
}

/* The URL is valid until the next one. */
static text_slice sign(s3_signer *signer, const s3_presign_options *options) {
  static char storage[URL_MAX_BYTES];
  text_buffer url;
  text_buffer_init(&url, storage, sizeof storage);
  const s3_status status = s3_presign(signer, options, &url);
  if (status != S3_OK) {
    fail(s3_status_text(status));
  }
  return text_buffer_slice(&url);
}

/* ---- URLs ---------------------------------------------------------------------- */

/* What to sign: one of many files, or one of the parts of a file. */
typedef struct request {
  text_buffer number;
  char storage[128];
  text_pair header;
  text_pair query[2];
  s3_presign_options options;
} request;

static void begin_url(request *made, const s3_presign_options *options) {
  made->options = *options;
  text_buffer_init(&made->number, made->storage, sizeof made->storage);
  made->header = (text_pair){TEXT_LITERAL("Content-Type"), TEXT_LITERAL("image/jpeg")};
  made->options.headers = &made->header;
  made->options.header_count = 1;
}

static void next_url(request *made, int64_t number) {
  made->options.key =
      numbered(&made->number, "uploads/0123456789abcdef01234567", 10000000 + number, "/photo.jpg");
}

static void begin_part(request *made, const s3_presign_options *options) {
  made->options = *options;
  text_buffer_init(&made->number, made->storage, sizeof made->storage);
  made->query[0] = (text_pair){TEXT_LITERAL("partNumber"), TEXT_LITERAL("")};
  made->query[1] = (text_pair){
      TEXT_LITERAL("uploadId"),
      TEXT_LITERAL("VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA.Example.Of.An."
                   "Upload.Id_0123456789abcdef0123456789abcdef")};
  made->options.query = made->query;
  made->options.query_count = 2;
  made->options.key = TEXT_LITERAL("uploads/0123456789abcdef0123456789abcdef/film.mp4");
}

static void next_part(request *made, int64_t number) {
  made->query[0].value = numbered(&made->number, "", 1 + number % PARTS, "");
}

typedef struct kind {
  const char *name;
  void (*begin)(request *made, const s3_presign_options *options);
  void (*next)(request *made, int64_t number);
} kind;

enum { KINDS = 2 };
static const kind kinds[KINDS] = {{"url", begin_url, next_url}, {"part", begin_part, next_part}};

static int64_t measure(const kind *of, s3_signer *signer, const s3_presign_options *options) {
  request made;
  of->begin(&made, options);
  const int64_t before = cpu_nanoseconds();
  for (int64_t i = 0; i < URLS; i++) {
    of->next(&made, i);
    (void)sign(signer, &made.options);
  }
  return (cpu_nanoseconds() - before) / URLS;
}

/* ---- Hashing alone --------------------------------------------------------------- */

/* The parameters of `url` but for the signature, which is the last. */
static size_t split_query(text_slice url, text_pair query[S3_CANONICAL_QUERY_MAX]) {
  size_t count = 0;
  text_slice rest = url;
  text_slice parameter;
  (void)text_slice_split(&rest, '?', &parameter);
  while (text_slice_split(&rest, '&', &parameter) && rest.data != NULL) {
    text_pair *pair = &query[count++];
    pair->value = parameter;
    (void)text_slice_split(&pair->value, '=', &pair->name);
  }
  return count;
}

/* The canonical request, as whoever gets `url` makes it. */
static text_slice canonical_of(text_slice url, const s3_presign_options *options,
                               text_buffer *text) {
  s3_canonical_headers headers;
  text_pair query[S3_CANONICAL_QUERY_MAX];
  text_slice rest = text_slice_from(url, options->endpoint->origin.size);
  s3_canonical_request canonical = {.method = options->method, .query = query, .headers = &headers};
  (void)text_slice_split(&rest, '?', &canonical.path);
  canonical.query_count = split_query(url, query);
  (void)s3_canonical_headers_init(&headers, options->headers, options->header_count,
                                  options->endpoint->host);
  s3_canonical_request_append(&canonical, text);
  return text_buffer_slice(text);
}

static void string_to_sign_of(text_slice canonical, const s3_signer *signer,
                              const s3_timestamp *time, text_buffer *text) {
  uint8_t digest[S3_HASH_BYTES];
  s3_hash hash;
  s3_hash_start(&hash);
  s3_hash_update(&hash, canonical);
  s3_hash_finish(&hash, digest);
  text_buffer_append_string(text, "AWS4-HMAC-SHA256\n");
  text_buffer_append(text, s3_timestamp_slice(time));
  text_buffer_append_byte(text, '\n');
  s3_signer_append_scope(signer, time, text);
  text_buffer_append_byte(text, '\n');
  s3_hash_append_hex(text, digest);
}

/* How many blocks a text of `size` has with its padding: a byte, and its size in eight. */
static size_t blocks_of(size_t size) {
  return (size + 1 + 8 + S3_SHA256_BLOCK_BYTES - 1) / S3_SHA256_BLOCK_BYTES;
}

/* How many bytes are the same at the start of both. */
static size_t common_of(text_slice a, text_slice b) {
  size_t size = 0;
  while (size < a.size && size < b.size && a.data[size] == b.data[size]) {
    size++;
  }
  return size;
}

typedef struct hashed {
  char text[2][URL_MAX_BYTES]; /* the canonical requests of two */
  size_t blocks;
} hashed;

/* Finds out what has to be hashed: of the canonical request what does not stand at the start
 * of the one before, the string to sign, and its digest. The URL has to have the signature
 * that comes of it. */
static void find_hashed(hashed *found, const kind *of, s3_signer *signer,
                        const s3_presign_options *options) {
  char storage[256];
  char signature_storage[2 * S3_HASH_BYTES];
  text_slice canonical[2];
  text_buffer string_to_sign;
  text_buffer signature;
  s3_timestamp time;
  request made;
  of->begin(&made, options);
  (void)s3_timestamp_init(&time, options->time_seconds);
  for (size_t i = 0; i < 2; i++) {
    text_buffer text;
    text_buffer_init(&text, found->text[i], sizeof found->text[i]);
    text_buffer_init(&string_to_sign, storage, sizeof storage);
    text_buffer_init(&signature, signature_storage, sizeof signature_storage);
    of->next(&made, (int64_t)i);
    const text_slice url = sign(signer, &made.options);
    canonical[i] = canonical_of(url, &made.options, &text);
    string_to_sign_of(canonical[i], signer, &time, &string_to_sign);
    s3_signer_append_signature(signer, &time, text_buffer_slice(&string_to_sign), &signature);
    if (!text_slice_ends_with(url, text_buffer_slice(&signature))) {
      fail("another signature than that of the canonical request");
    }
  }
  found->blocks = blocks_of(canonical[1].size) -
                  common_of(canonical[0], canonical[1]) / S3_SHA256_BLOCK_BYTES +
                  blocks_of(string_to_sign.size) + blocks_of(S3_HASH_BYTES);
}

static int64_t measure_hashing(const hashed *of) {
  s3_hash hash;
  const text_slice blocks = {of->text[0], of->blocks * S3_SHA256_BLOCK_BYTES};
  s3_hash_start(&hash);
  const int64_t before = cpu_nanoseconds();
  for (int i = 0; i < URLS; i++) {
    s3_hash_update(&hash, blocks);
  }
  return (cpu_nanoseconds() - before) / URLS;
}

/* ---- Receipts -------------------------------------------------------------------- */

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
  static hashed found[KINDS];
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
  for (size_t i = 0; i < KINDS; i++) {
    find_hashed(&found[i], &kinds[i], &signer, &options);
  }
  for (long round = strtol(argv[1], NULL, 10); round > 0; round--) {
    for (size_t i = 0; i < KINDS; i++) {
      printf("presign\t%s\t%" PRId64 "\n", kinds[i].name, measure(&kinds[i], &signer, &options));
      printf("presign\t%s_hashing\t%" PRId64 "\n", kinds[i].name, measure_hashing(&found[i]));
    }
    printf("presign\treceipt\t%" PRId64 "\n", measure_receipts(options.time_seconds));
  }
  return EXIT_SUCCESS;
}
