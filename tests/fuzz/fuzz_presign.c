/* What is to be signed, in lines: the method, the key (as a form encodes it, so
 * that it can have any byte), the lifetime, the time; then headers as name:value
 * and parameters as name=value. */
#include "s3/presign.h"
#include "support.h"
#include "text/decimal.h"
#include "text/percent.h"

enum { URL_BYTES = 256 * 1024, KEY_BYTES = 128 * 1024 };

static const s3_endpoint endpoint = {{"http://localhost:9000", 21},
                                     {"localhost:9000", 14},
                                     {"/s3/my-bucket", 13},
                                     {"my-bucket", 9},
                                     {"", 0}};

struct input {
  text_pair headers[S3_HEADERS_MAX + 1];
  text_pair query[S3_QUERY_MAX + 1];
  s3_presign_options options;
};

static int64_t number_of(text_slice *rest) {
  text_slice line = {NULL, 0};
  int64_t number = -1;
  (void)text_slice_split(rest, '\n', &line);
  return text_decimal_parse(line, INT64_MAX, &number) ? number : -1;
}

static text_slice key_of(text_slice *rest) {
  static char storage[KEY_BYTES];
  text_slice line = {NULL, 0};
  text_buffer key;
  (void)text_slice_split(rest, '\n', &line);
  text_buffer_init(&key, storage, sizeof storage);
  text_percent_append_form_decoded(&key, line);
  return text_buffer_slice(&key);
}

static void read_input(struct input *input, text_slice rest) {
  s3_presign_options *options = &input->options;
  text_slice line;
  *options =
      (s3_presign_options){.endpoint = &endpoint, .headers = input->headers, .query = input->query};
  (void)text_slice_split(&rest, '\n', &options->method);
  options->key = key_of(&rest);
  options->expires_seconds = number_of(&rest);
  options->time_seconds = number_of(&rest);
  while (text_slice_split(&rest, '\n', &line)) {
    text_slice value = line;
    text_slice name;
    (void)text_slice_split(&value, ':', &name);
    if (name.size < line.size) {
      if (options->header_count <= S3_HEADERS_MAX) {
        input->headers[options->header_count++] = (text_pair){name, value};
      }
    } else if (options->query_count <= S3_QUERY_MAX) {
      value = line;
      (void)text_slice_split(&value, '=', &name);
      input->query[options->query_count++] = (text_pair){name, value};
    }
  }
}

/* The path is the key's, encoded. */
static void check_path(text_slice url, text_slice key) {
  static char storage[KEY_BYTES];
  text_buffer decoded;
  text_slice rest = text_slice_from(url, endpoint.origin.size + endpoint.path.size + 1);
  text_slice path;
  (void)text_slice_split(&rest, '?', &path);
  text_buffer_init(&decoded, storage, sizeof storage);
  text_percent_append_form_decoded(&decoded, path);
  MUST(text_slice_equal(text_buffer_slice(&decoded), key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[4096];
  static char storage[2][URL_BYTES];
  static const s3_credentials credentials = {{"AKIAIOSFODNN7EXAMPLE", 20},
                                             {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 40},
                                             {"a/token+==", 10}};
  struct input input;
  s3_signer signer;
  text_arena arena;
  text_buffer urls[2];
  read_input(&input, input_of(data, size));
  text_arena_init(&arena, memory, sizeof memory);
  MUST(s3_signer_init(&signer, &credentials, TEXT_LITERAL("eu-west-1"), &arena));
  for (size_t i = 0; i < 2; i++) {
    text_buffer_init(&urls[i], storage[i], sizeof storage[i]);
    if (s3_presign(&signer, &input.options, &urls[i]) != S3_OK) {
      MUST(urls[i].size == 0);
      return 0;
    }
  }
  const text_slice url = text_buffer_slice(&urls[0]);
  MUST(text_slice_equal(url, text_buffer_slice(&urls[1])));
  check_signed_url(url, endpoint.origin);
  check_path(url, input.options.key);
  MUST(contains(url, TEXT_LITERAL("&X-Amz-Security-Token=a%2Ftoken%2B%3D%3D&X-Amz-Signature=")));
  return 0;
}
