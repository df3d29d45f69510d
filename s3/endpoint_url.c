#include "endpoint_url.h"

#include <arpa/inet.h>
#include <string.h>

#include "text/ascii.h"
#include "text/decimal.h"

enum { PORT_MAX = 65535, HTTP_PORT = 80, HTTPS_PORT = 443 };

static bool take_scheme(text_slice *rest, s3_endpoint_url *url) {
  static const text_slice schemes[] = {TEXT_INITIALIZER("http://"), TEXT_INITIALIZER("https://")};
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
    const size_t size = schemes[i].size;
    if (rest->size > size &&
        text_slice_equal_ignoring_case((text_slice){rest->data, size}, schemes[i])) {
      url->scheme = schemes[i];
      *rest = text_slice_from(*rest, size);
      return true;
    }
  }
  return false;
}

static bool is_label(text_slice label) {
  for (size_t i = 0; i < label.size; i++) {
    const char c = label.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '_') {
      return false;
    }
  }
  return label.size > 0;
}

/* Appends a name in lower case. False for an empty label, and for a last label
 * that begins with a digit, which a browser takes for part of an address. */
static bool append_name(text_buffer *kept, text_slice host) {
  text_slice rest = host;
  text_slice label = {NULL, 0};
  while (text_slice_split(&rest, '.', &label)) {
    if (!is_label(label)) {
      return false;
    }
  }
  for (size_t i = 0; i < host.size; i++) {
    text_buffer_append_byte(kept, text_ascii_lower(host.data[i]));
  }
  return label.size > 0 && !text_ascii_is_digit(label.data[0]);
}

/* Appends an address in the one form that browsers write. False for an IPv4
 * address inside an IPv6 one, which they write otherwise than the C library. */
static bool append_address(text_buffer *kept, text_slice host) {
  char text[INET6_ADDRSTRLEN];
  unsigned char address[sizeof(struct in6_addr)];
  const bool brackets = text_slice_starts_with(host, TEXT_LITERAL("[")) &&
                        text_slice_ends_with(host, TEXT_LITERAL("]"));
  const text_slice inner = brackets ? (text_slice){host.data + 1, host.size - 2} : host;
  const int family = brackets ? AF_INET6 : AF_INET;
  if (inner.size == 0 || inner.size >= sizeof text ||
      memchr(inner.data, '\0', inner.size) != NULL) {
    return false;
  }
  memcpy(text, inner.data, inner.size);
  text[inner.size] = '\0';
  if (inet_pton(family, text, address) != 1 ||
      inet_ntop(family, address, text, sizeof text) == NULL ||
      (brackets && strchr(text, '.') != NULL)) {
    return false;
  }
  text_buffer_append_string(kept, brackets ? "[" : "");
  text_buffer_append_string(kept, text);
  text_buffer_append_string(kept, brackets ? "]" : "");
  return true;
}

/* Splits host[:port] at the last colon that is not inside brackets. */
static bool split_port(text_slice authority, text_slice *host, int64_t *port) {
  size_t colon = authority.size;
  while (colon > 0 && authority.data[colon - 1] != ':' && authority.data[colon - 1] != ']') {
    colon--;
  }
  if (colon == 0 || authority.data[colon - 1] == ']') {
    *host = authority;
    *port = 0;
    return colon == 0 || colon == authority.size;
  }
  *host = (text_slice){authority.data, colon - 1};
  return text_decimal_parse(text_slice_from(authority, colon), PORT_MAX, port) && *port > 0;
}

static bool parse_host(s3_endpoint_url *url, text_slice authority, text_arena *arena) {
  text_slice host;
  int64_t port = 0;
  if (!split_port(authority, &host, &port) || host.size == 0) {
    return false;
  }
  const int64_t own_port =
      text_slice_equal(url->scheme, TEXT_LITERAL("http://")) ? HTTP_PORT : HTTPS_PORT;
  text_buffer kept = text_arena_open(arena);
  url->is_address = append_address(&kept, host);
  const bool known = url->is_address || append_name(&kept, host);
  if (port != 0 && port != own_port) {
    text_buffer_append_byte(&kept, ':');
    text_buffer_append_decimal(&kept, port);
  }
  url->host = text_arena_close(arena, &kept);
  return known && !kept.overflowed;
}

static bool is_plain_segment(text_slice segment) {
  for (size_t i = 0; i < segment.size; i++) {
    const char c = segment.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '.' && c != '_' && c != '~') {
      return false;
    }
  }
  return segment.size > 0 && !text_slice_equal(segment, TEXT_LITERAL(".")) &&
         !text_slice_equal(segment, TEXT_LITERAL(".."));
}

static bool parse_path(s3_endpoint_url *url, text_slice path) {
  while (text_slice_ends_with(path, TEXT_LITERAL("/"))) {
    path.size--;
  }
  url->path = path;
  text_slice rest = text_slice_from(path, 1);
  text_slice segment;
  while (text_slice_split(&rest, '/', &segment)) {
    if (!is_plain_segment(segment)) {
      return false;
    }
  }
  return true;
}

bool s3_endpoint_url_parse(s3_endpoint_url *url, text_slice text, text_arena *arena) {
  text_slice rest = text;
  if (!take_scheme(&rest, url)) {
    return false;
  }
  size_t authority_size = 0;
  while (authority_size < rest.size && rest.data[authority_size] != '/') {
    authority_size++;
  }
  return parse_host(url, (text_slice){rest.data, authority_size}, arena) &&
         parse_path(url, text_slice_from(rest, authority_size));
}

void s3_endpoint_url_append_authority(text_buffer *text, text_slice host, const char *own_port) {
  /* The colons of an IPv6 address are in brackets. */
  const bool has_port =
      text_slice_contains(host, ':') && !text_slice_ends_with(host, TEXT_LITERAL("]"));
  text_buffer_append(text, host);
  text_buffer_append_string(text, has_port ? "" : own_port);
}
