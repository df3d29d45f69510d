/* The URL of a custom endpoint. */
#include "s3/endpoint.h"
#include "s3/endpoint_url.h"
#include "support.h"

static char memory[3][4096] __attribute__((aligned(16)));

static bool parse(s3_endpoint_url *url, text_slice text, size_t which) {
  text_arena arena;
  text_arena_init(&arena, memory[which], sizeof memory[which]);
  return s3_endpoint_url_parse(url, text, &arena);
}

/* What was kept is a URL again, and the same one. */
static void check_is_stable(const s3_endpoint_url *url) {
  static char storage[16 * 1024];
  text_buffer text;
  s3_endpoint_url again;
  text_buffer_init(&text, storage, sizeof storage);
  text_buffer_append(&text, url->scheme);
  text_buffer_append(&text, url->host);
  text_buffer_append(&text, url->path);
  if (text.overflowed) {
    return;
  }
  MUST(parse(&again, text_buffer_slice(&text), 1));
  MUST(text_slice_equal(again.scheme, url->scheme));
  MUST(text_slice_equal(again.host, url->host));
  MUST(text_slice_equal(again.path, url->path));
  MUST(again.is_address == url->is_address);
}

static void check_endpoints(text_slice text, const s3_endpoint_url *url) {
  for (int style = S3_ADDRESSING_AUTO; style <= S3_ADDRESSING_PATH; style++) {
    const s3_endpoint_options options = {.region = TEXT_LITERAL("eu-west-1"),
                                         .bucket = TEXT_LITERAL("my-bucket"),
                                         .url = text,
                                         .addressing = (s3_addressing)style};
    s3_endpoint endpoint;
    text_arena arena;
    text_arena_init(&arena, memory[2], sizeof memory[2]);
    const s3_status status = s3_endpoint_init(&endpoint, &options, &arena);
    if (status == S3_OK) {
      MUST(text_slice_starts_with(endpoint.origin, url->scheme));
      MUST(text_slice_ends_with(endpoint.origin, url->host));
      MUST(text_slice_ends_with(endpoint.origin, endpoint.host));
      MUST(text_slice_starts_with(endpoint.path, url->path));
    } else {
      MUST(status == S3_NO_ROOM ||
           (status == S3_NO_VIRTUAL_HOST && url->is_address && style == S3_ADDRESSING_VIRTUAL));
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const text_slice text = input_of(data, size);
  s3_endpoint_url url;
  if (!parse(&url, text, 0)) {
    return 0;
  }
  MUST(text_slice_equal(url.scheme, TEXT_LITERAL("http://")) ||
       text_slice_equal(url.scheme, TEXT_LITERAL("https://")));
  MUST(url.host.size > 0 && has_only(url.host, "abcdefghijklmnopqrstuvwxyz" DIGITS "-_.:[]"));
  MUST(has_only(url.path, LETTERS DIGITS "-._~/"));
  MUST(url.path.size == 0 || url.path.data[0] == '/');
  MUST(!text_slice_ends_with(url.path, TEXT_LITERAL("/")));
  check_is_stable(&url);
  check_endpoints(text, &url);
  return 0;
}
