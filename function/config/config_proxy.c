#include "config_proxy.h"

#include <arpa/inet.h>
#include <string.h>

#include "s3/endpoint_url.h"
#include "text/base64.h"
#include "text/decimal.h"
#include "text/percent.h"

/* Of host[:port]; an IPv6 address loses its brackets. */
static text_slice without_port(text_slice authority) {
  const bool brackets = text_slice_starts_with(authority, TEXT_LITERAL("["));
  text_slice rest = text_slice_from(authority, brackets ? 1 : 0);
  text_slice host = {NULL, 0};
  (void)text_slice_split(&rest, brackets ? ']' : ':', &host);
  return host;
}

static text_slice host_of(text_slice url, text_slice scheme) {
  text_slice rest = text_slice_from(url, scheme.size);
  text_slice authority = {NULL, 0};
  (void)text_slice_split(&rest, '/', &authority);
  return without_port(authority);
}

/* ---- Who is reached without a proxy ---- */

static bool read_address(text_slice text, uint32_t *address) {
  char string[INET_ADDRSTRLEN];
  struct in_addr read;
  if (text.size >= sizeof string) {
    return false;
  }
  memcpy(string, text.size > 0 ? text.data : "", text.size);
  string[text.size] = '\0';
  if (inet_pton(AF_INET, string, &read) != 1) {
    return false;
  }
  *address = ntohl(read.s_addr);
  return true;
}

static bool is_in_network(text_slice host, text_slice network) {
  text_slice size = network;
  text_slice start = {NULL, 0};
  uint32_t first = 0;
  uint32_t address = 0;
  int64_t bits = 0;
  return text_slice_split(&size, '/', &start) && text_decimal_parse(size, 32, &bits) &&
         read_address(start, &first) && read_address(host, &address) &&
         (bits == 0 || (first ^ address) >> (32 - bits) == 0);
}

/* The host itself, or one below it. */
static bool is_host_or_below(text_slice host, text_slice name) {
  if (name.size == 0 || host.size < name.size) {
    return false;
  }
  const size_t more = host.size - name.size;
  return text_slice_equal_ignoring_case(text_slice_from(host, more), name) &&
         (more == 0 || host.data[more - 1] == '.');
}

static bool is_exempt(text_slice host, text_slice entry) {
  if (text_slice_equal(entry, TEXT_LITERAL("*")) || is_in_network(host, entry)) {
    return true;
  }
  text_slice name = entry;
  if (text_slice_starts_with(name, TEXT_LITERAL("*."))) {
    name = text_slice_from(name, 1);
  }
  if (text_slice_starts_with(name, TEXT_LITERAL("."))) {
    name = text_slice_from(name, 1);
  }
  if (text_slice_starts_with(name, TEXT_LITERAL("["))) {
    name = without_port(name);
  }
  return is_host_or_below(host, name);
}

static bool goes_without(text_slice host, text_slice list) {
  text_slice rest = list;
  text_slice entry;
  while (text_slice_split(&rest, ',', &entry)) {
    if (is_exempt(host, text_slice_trim(entry))) {
      return true;
    }
  }
  return false;
}

/* ---- The proxy ---- */

/* Percent-decoded, but with a + as it stands, which queries alone read as a space. */
static text_slice decoded(text_slice text, text_arena *arena) {
  text_buffer plain = text_arena_open(arena);
  text_slice rest = text;
  text_slice piece;
  for (size_t i = 0; text_slice_split(&rest, '+', &piece); i++) {
    text_buffer_append_string(&plain, i > 0 ? "+" : "");
    text_percent_append_form_decoded(&plain, piece);
  }
  return text_arena_close(arena, &plain);
}

/* Source: RFC 7617. A user without a password has an empty one. */
static bool read_credentials(config_proxy *proxy, text_slice credentials, text_arena *arena) {
  const bool has_password = text_slice_contains(credentials, ':');
  const text_slice plain = decoded(credentials, arena);
  text_buffer both = text_arena_open(arena);
  text_buffer_append(&both, plain);
  text_buffer_append_string(&both, has_password ? "" : ":");
  const text_slice whole = text_arena_close(arena, &both);
  text_buffer basic = text_arena_open(arena);
  text_buffer_append_string(&basic, "Basic ");
  text_base64_append_encoded(&basic, whole);
  proxy->authorization = text_arena_close(arena, &basic);
  return plain.data != NULL && whole.data != NULL && proxy->authorization.data != NULL;
}

/* `place` is host[:port], and perhaps a slash. */
static bool read_address_of(config_proxy *proxy, text_slice place, text_arena *arena) {
  s3_endpoint_url url;
  text_buffer text = text_arena_open(arena);
  text_buffer_append_string(&text, "http://");
  text_buffer_append(&text, place);
  if (!s3_endpoint_url_parse(&url, text_arena_close(arena, &text), arena) || url.path.size > 0) {
    return false;
  }
  text_buffer address = text_arena_open(arena);
  s3_endpoint_url_append_authority(&address, url.host, ":80");
  proxy->address = text_arena_copy(arena, text_arena_close(arena, &address));
  return proxy->address.size > 0;
}

static bool read_proxy(config_proxy *proxy, text_slice url, text_arena *arena) {
  static const text_slice scheme = TEXT_INITIALIZER("http://");
  text_slice rest = url;
  if (url.size > scheme.size &&
      text_slice_equal_ignoring_case((text_slice){url.data, scheme.size}, scheme)) {
    rest = text_slice_from(url, scheme.size);
  } else if (memmem(url.data, url.size, "://", 3) != NULL) {
    return false;
  }
  const char *at = memrchr(rest.data, '@', rest.size);
  if (at == NULL) {
    return read_address_of(proxy, rest, arena);
  }
  const size_t size = (size_t)(at - rest.data);
  return read_credentials(proxy, (text_slice){rest.data, size}, arena) &&
         read_address_of(proxy, text_slice_from(rest, size + 1), arena);
}

static text_slice value_of(config_lookup *lookup, const char *name) {
  return text_slice_trim(text_slice_of(lookup(name)));
}

static text_slice first_of(text_slice one, text_slice two) {
  return one.size > 0 ? one : two;
}

const char *config_proxy_choose(config_proxy *proxy, config_lookup *lookup, text_slice url,
                                const char **variable, text_arena *arena) {
  static const struct {
    const char *name;
    text_slice scheme;
  } variables[] = {{"https_proxy", TEXT_INITIALIZER("https://")},
                   {"HTTPS_PROXY", TEXT_INITIALIZER("https://")},
                   {"http_proxy", TEXT_INITIALIZER("http://")}};
  const text_slice exempt = first_of(value_of(lookup, "no_proxy"), value_of(lookup, "NO_PROXY"));
  text_slice found = {NULL, 0};
  text_slice scheme = {NULL, 0};
  *proxy = (config_proxy){.address = {NULL, 0}};
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    const text_slice value = value_of(lookup, variables[i].name);
    if (found.size == 0 && text_slice_starts_with(url, variables[i].scheme)) {
      found = value;
      scheme = variables[i].scheme;
      *variable = variables[i].name;
    }
  }
  if (found.size == 0 || goes_without(host_of(url, scheme), exempt) ||
      read_proxy(proxy, found, arena)) {
    return NULL;
  }
  *proxy = (config_proxy){.address = {NULL, 0}};
  return "must be http://[user:password@]host[:port]: other kinds of proxy can't be used";
}
