#include "object_headers.h"

size_t object_headers_list(const upload_config *config, const upload_rules *rules,
                           text_pair headers[OBJECT_HEADERS_MAX]) {
  const text_pair all[OBJECT_HEADERS_MAX] = {
      {TEXT_INITIALIZER("Content-Disposition"), rules->disposition},
      {TEXT_INITIALIZER("Cache-Control"), rules->cache_control},
      {TEXT_INITIALIZER("x-amz-tagging"), rules->tags},
      {TEXT_INITIALIZER("x-amz-server-side-encryption"), config->sse},
      {TEXT_INITIALIZER("x-amz-server-side-encryption-aws-kms-key-id"), config->sse_kms_key}};
  size_t count = 0;
  for (size_t i = 0; i < OBJECT_HEADERS_MAX; i++) {
    if (all[i].value.size > 0) {
      headers[count++] = all[i];
    }
  }
  return count;
}
