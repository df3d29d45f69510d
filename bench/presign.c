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

enum { URLS = 1000, PARTS = 100, KEY_MAX_BYTES = 64, TOKEN_BYTES = 1024, URL_MAX_BYTES = 4096 };

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

/* What to sign: many files, or the parts of a file. */
typedef struct request {
  char storage[URLS * KEY_MAX_BYTES];
  text_slice names[URLS]; /* the key, or the part's number */
  text_pair header;
  text_pair query[2];
  s3_presign_options options;
} request;

static void name_all(request *made, const char *before, int64_t first, int64_t count,
                     const char *after) {
  text_buffer all;
  text_buffer_init(&all, made->storage, sizeof made->storage);
  for (int64_t i = 0; i < URLS; i++) {
    const size_t start = all.size;
    text_buffer_append_string(&all, before);
    text_buffer_append_decimal(&all, first + i % count);
    text_buffer_append_string(&all, after);
    made->names[i] = text_slice_from(text_buffer_slice(&all), start);
  }
}

static void begin_urls(request *made, const s3_presign_options *options) {
  made->options = *options;
  made->header = (text_pair){TEXT_LITERAL("Content-Type"), TEXT_LITERAL("image/jpeg")};
  made->options.headers = &made->header;
  made->options.header_count = 1;
  name_all(made, "uploads/0123456789abcdef01234567", 10000000, URLS, "/photo.jpg");
}

static void choose_url(request *made, size_t number) {
  made->options.key = made->names[number];
}

static void begin_parts(request *made, const s3_presign_options *options) {
  made->options = *options;
  made->query[0] = (text_pair){TEXT_LITERAL("partNumber"), TEXT_LITERAL("")};
  made->query[1] = (text_pair){
      TEXT_LITERAL("uploadId"),
      TEXT_LITERAL("VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA.Example.Of.An."
                   "Upload.Id_0123456789abcdef0123456789abcdef")};
  made->options.query = made->query;
  made->options.query_count = 2;
  made->options.key = TEXT_LITERAL("uploads/0123456789abcdef0123456789abcdef/film.mp4");
  name_all(made, "", 1, PARTS, "");
}

static void choose_part(request *made, size_t number) {
  made->query[0].value = made->names[number];
}

typedef struct kind {
  const char *name;
  void (*begin)(request *made, const s3_presign_options *options);
  void (*choose)(request *made, size_t number);
} kind;

enum { KINDS = 2 };
static const kind kinds[KINDS] = {{"url", begin_urls, choose_url},
                                  {"part", begin_parts, choose_part}};

static int64_t measure(const kind *of, s3_signer *signer, const s3_presign_options *options) {
  static request made;
  of->begin(&made, options);
  const int64_t before = cpu_nanoseconds();
  for (size_t i = 0; i < URLS; i++) {
    of->choose(&made, i);
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

/* The two texts that are hashed for a URL, the second with a key. */
typedef struct hashed {
  char canonical_storage[URL_MAX_BYTES];
  char to_sign_storage[256];
  text_slice canonical;
  text_slice to_sign;
} hashed;

/* The URL has to have the signature that comes of them. */
static void find_hashed(hashed *found, text_slice url, s3_signer *signer,
                        const s3_presign_options *options) {
  char storage[2 * S3_HASH_BYTES];
  text_buffer canonical;
  text_buffer to_sign;
  text_buffer signature;
  s3_timestamp time;
  text_buffer_init(&canonical, found->canonical_storage, sizeof found->canonical_storage);
  text_buffer_init(&to_sign, found->to_sign_storage, sizeof found->to_sign_storage);
  text_buffer_init(&signature, storage, sizeof storage);
  (void)s3_timestamp_init(&time, options->time_seconds);
  found->canonical = canonical_of(url, options, &canonical);
  string_to_sign_of(found->canonical, signer, &time, &to_sign);
  found->to_sign = text_buffer_slice(&to_sign);
  s3_signer_append_signature(signer, &time, found->to_sign, &signature);
  if (!text_slice_ends_with(url, text_buffer_slice(&signature))) {
    fail("another signature than that of the canonical request");
  }
}

/* Blocks that have to be hashed of `text`, when the hash of its start is known from `before`. */
static size_t new_blocks_of(text_slice text, text_slice before) {
  return blocks_of(text.size) - common_of(text, before) / S3_SHA256_BLOCK_BYTES;
}

/* Those of a URL that comes after another: of its two texts, and of the digest that HMAC hashes
 * at last. */
static size_t count_blocks(const kind *of, s3_signer *signer, const s3_presign_options *options) {
  static request made;
  static hashed found[2];
  of->begin(&made, options);
  for (size_t i = 0; i < 2; i++) {
    of->choose(&made, i);
    find_hashed(&found[i], sign(signer, &made.options), signer, &made.options);
  }
  return new_blocks_of(found[1].canonical, found[0].canonical) +
         new_blocks_of(found[1].to_sign, found[0].to_sign) + blocks_of(S3_HASH_BYTES);
}

static int64_t measure_hashing(size_t blocks) {
  static const char text[URL_MAX_BYTES];
  s3_hash hash;
  s3_hash_start(&hash);
  const int64_t before = cpu_nanoseconds();
  for (int i = 0; i < URLS; i++) {
    s3_hash_update(&hash, (text_slice){text, blocks * S3_SHA256_BLOCK_BYTES});
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
  size_t blocks[KINDS];
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
    blocks[i] = count_blocks(&kinds[i], &signer, &options);
  }
  for (long round = strtol(argv[1], NULL, 10); round > 0; round--) {
    for (size_t i = 0; i < KINDS; i++) {
      printf("presign\t%s\t%" PRId64 "\n", kinds[i].name, measure(&kinds[i], &signer, &options));
      printf("presign\t%s_hashing\t%" PRId64 "\n", kinds[i].name, measure_hashing(blocks[i]));
    }
    printf("presign\treceipt\t%" PRId64 "\n", measure_receipts(options.time_seconds));
  }
  return EXIT_SUCCESS;
}
