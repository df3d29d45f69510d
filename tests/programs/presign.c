/* Signs what it is told, one JSON object a line on standard input, one URL or
 * "error: ..." a line on standard output: the side of the signer that the tests
 * compare with botocore.
 */
#include "s3/presign.h"
#include "request.h"

/* Bytes that JSON can't hold come as hexadecimal digits. */
static text_slice key_of(const cJSON *object, text_arena *arena) {
  const text_slice hex = text_of(object, "key_hex");
  char *bytes = text_arena_allocate(arena, hex.size / 2 + 1);
  for (size_t i = 0; i + 1 < hex.size; i += 2) {
    const char digits[3] = {hex.data[i], hex.data[i + 1], '\0'};
    bytes[i / 2] = (char)strtol(digits, NULL, 16);
  }
  return (text_slice){bytes, hex.size / 2};
}

static s3_status presign(const cJSON *request, text_arena *arena, text_buffer *url) {
  s3_endpoint endpoint;
  s3_signer signer;
  const s3_status status = place_and_signer_of(request, &endpoint, &signer, arena);
  if (status != S3_OK) {
    return status;
  }
  text_pair headers[S3_HEADERS_MAX + 1];
  text_pair query[S3_QUERY_MAX + 1];
  const s3_presign_options options = {
      .endpoint = &endpoint,
      .method = text_of(request, "method"),
      .key = key_of(request, arena),
      .headers = headers,
      .header_count = pairs_of(request, "headers", headers, S3_HEADERS_MAX + 1),
      .query = query,
      .query_count = pairs_of(request, "query", query, S3_QUERY_MAX + 1),
      .expires_seconds = number_of(request, "expires_seconds"),
      .time_seconds = number_of(request, "time_seconds"),
  };
  return s3_presign(&signer, &options, url);
}

static void answer(const cJSON *request, text_arena *arena, text_buffer *out) {
  const s3_status status = presign(request, arena, out);
  if (status != S3_OK) {
    text_buffer_clear(out);
    text_buffer_append_string(out, "error: ");
    text_buffer_append_string(out, s3_status_text(status));
  }
}

int main(void) {
  return answer_each_line(answer);
}
