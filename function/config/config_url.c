#include "config_url.h"

#include "config_values.h"
#include "s3/endpoint_url.h"

enum { URL_MAX_BYTES = 2048 };

/* A name such as 127.example.com is any machine's. */
static bool is_this_machine(const s3_endpoint_url *url) {
  text_slice rest = url->host;
  text_slice name;
  (void)text_slice_split(&rest, ':', &name);
  return text_slice_equal(name, TEXT_LITERAL("localhost")) ||
         (url->is_address && (text_slice_starts_with(url->host, TEXT_LITERAL("127.")) ||
                              text_slice_starts_with(url->host, TEXT_LITERAL("[::1]"))));
}

/* Takes the URL's path and query off: what is left is scheme://host[:port]. */
static text_slice take_path(text_slice *url) {
  size_t size = sizeof "https://" - 1;
  while (size < url->size && url->data[size] != '/' && url->data[size] != '?') {
    size++;
  }
  const text_slice path = text_slice_from(*url, size);
  url->size = size < url->size ? size : url->size;
  return path;
}

bool config_url_parse(config_url *url, text_slice text, text_arena *arena) {
  text_slice origin = text;
  s3_endpoint_url parsed;
  url->path = take_path(&origin);
  if (!value_is_printable(text, URL_MAX_BYTES) || text_slice_contains(text, '#') ||
      !s3_endpoint_url_parse(&parsed, origin, arena)) {
    return false;
  }
  const bool is_local = text_slice_equal(parsed.scheme, TEXT_LITERAL("http://"));
  text_buffer made = text_arena_open(arena);
  text_buffer_append(&made, parsed.scheme);
  text_buffer_append(&made, parsed.host);
  url->origin = text_arena_close(arena, &made);
  return url->origin.data != NULL && (!is_local || is_this_machine(&parsed));
}
