// Signs a URL with s3/, text/ and mbedTLS alone, from C++11: AWS's own example, in the global
// region's endpoint. Source:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
#include <cstdio>

#include "s3/presign.h"

namespace {

enum { ARENA_BYTES = 4096, URL_BYTES = 2048, TIME_SECONDS = 1369353600, EXPIRES_SECONDS = 86400 };

bool sign(text_buffer *url) {
  static char memory[ARENA_BYTES];
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);

  s3_endpoint_options at = s3_endpoint_options();
  at.region = TEXT_LITERAL("us-east-1");
  at.bucket = TEXT_LITERAL("examplebucket");
  at.url = TEXT_LITERAL("https://s3.amazonaws.com");
  at.addressing = S3_ADDRESSING_VIRTUAL;
  s3_endpoint endpoint;

  s3_credentials credentials = s3_credentials();
  credentials.access_key_id = TEXT_LITERAL("AKIAIOSFODNN7EXAMPLE");
  credentials.secret_access_key = TEXT_LITERAL("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  s3_signer signer;

  s3_presign_options options = s3_presign_options();
  options.endpoint = &endpoint;
  options.method = TEXT_LITERAL("GET");
  options.key = TEXT_LITERAL("test.txt");
  options.expires_seconds = EXPIRES_SECONDS;
  options.time_seconds = TIME_SECONDS;
  return s3_endpoint_init(&endpoint, &at, &arena) == S3_OK &&
         s3_signer_init(&signer, &credentials, endpoint.region, &arena) &&
         s3_presign(&signer, &options, url) == S3_OK;
}

} // namespace

int main() {
  static char storage[URL_BYTES];
  text_buffer url;
  text_buffer_init(&url, storage, sizeof storage);
  if (!sign(&url)) {
    return 1;
  }
  std::printf("%.*s\n", static_cast<int>(url.size), url.data);
  return 0;
}
