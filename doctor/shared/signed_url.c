#include "signed_url.h"

#include <string.h>

#include "s3/endpoint_url.h"
#include "text/ascii.h"
#include "text/decimal.h"
#include "text/percent.h"
#include "text/utc.h"

enum { SIGNATURE_BYTES = 2 * S3_HASH_BYTES };

/* Without what comes along when it is copied: spaces, quotes, line ends around it. */
static text_slice strip(text_slice text) {
  static const char around[] = " \t\r\n\"'<>";
  while (text.size > 0 && strchr(around, text.data[text.size - 1]) != NULL) {
    text.size--;
  }
  size_t start = 0;
  while (start < text.size && strchr(around, text.data[start]) != NULL) {
    start++;
  }
  return text_slice_from(text, start);
}

/* With & for each &amp; */
static text_slice without_html(signed_url *url, text_slice text, text_arena *arena) {
  const text_slice escaped = TEXT_LITERAL("&amp;");
  text_buffer plain = text_arena_open(arena);
  for (size_t at = 0; at < text.size; at++) {
    text_buffer_append_byte(&plain, text.data[at]);
    if (text_slice_starts_with(text_slice_from(text, at), escaped)) {
      url->was_html = true;
      at += escaped.size - 1;
    }
  }
  return text_arena_close(arena, &plain);
}

void signed_url_append_decoded(text_buffer *buffer, text_slice text) {
  text_slice rest = text;
  text_slice piece;
  for (bool first = true; text_slice_split(&rest, '+', &piece); first = false) {
    text_buffer_append_string(buffer, first ? "" : "+");
    text_percent_append_form_decoded(buffer, piece);
  }
}

static text_slice form_decoded(text_slice text, text_arena *arena) {
  text_buffer decoded = text_arena_open(arena);
  text_percent_append_form_decoded(&decoded, text);
  return text_arena_close(arena, &decoded);
}

static text_slice encoded(text_slice text, text_arena *arena) {
  text_buffer buffer = text_arena_open(arena);
  text_percent_append_encoded(&buffer, text);
  return text_arena_close(arena, &buffer);
}

static text_slice canonical_path(text_slice raw, text_arena *arena) {
  text_buffer decoded = text_arena_open(arena);
  signed_url_append_decoded(&decoded, raw.size > 0 ? raw : TEXT_LITERAL("/"));
  const text_slice key = text_arena_close(arena, &decoded);
  text_buffer path = text_arena_open(arena);
  text_percent_append_encoded_path(&path, key);
  return text_arena_close(arena, &path);
}

/* ID/20261124/eu-west-1/s3/aws4_request; an id has no slash. */
static void take_credential(signed_url *url, text_slice credential) {
  text_slice rest = credential;
  url->has_credential = true;
  (void)text_slice_split(&rest, '/', &url->access_key_id);
  (void)text_slice_split(&rest, '/', &url->date);
  (void)text_slice_split(&rest, '/', &url->region);
}

static void take_parameter(signed_url *url, text_slice name, text_slice value) {
  const struct {
    text_slice name, *target;
  } wanted[] = {{TEXT_LITERAL("X-Amz-Date"), &url->time},
                {TEXT_LITERAL("X-Amz-Expires"), &url->expires},
                {TEXT_LITERAL("X-Amz-SignedHeaders"), &url->signed_names},
                {TEXT_LITERAL("X-Amz-Security-Token"), &url->token},
                {TEXT_LITERAL("X-Amz-Signature"), &url->signature}};
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    if (text_slice_equal_ignoring_case(name, wanted[i].name)) {
      *wanted[i].target = value;
    }
  }
  if (text_slice_equal_ignoring_case(name, TEXT_LITERAL("X-Amz-Credential"))) {
    take_credential(url, value);
  }
  url->has_algorithm |= text_slice_equal_ignoring_case(name, TEXT_LITERAL("X-Amz-Algorithm"));
  url->is_version_2 |= text_slice_equal(name, TEXT_LITERAL("AWSAccessKeyId"));
}

static bool read_query(signed_url *url, text_slice query, text_arena *arena) {
  text_slice piece;
  while (text_slice_split(&query, '&', &piece)) {
    text_slice raw_value = piece;
    text_slice raw_name = {NULL, 0};
    (void)text_slice_split(&raw_value, '=', &raw_name);
    const text_slice name = form_decoded(raw_name, arena);
    const text_slice value = form_decoded(raw_value, arena);
    if (name.size == 0) {
      continue;
    }
    take_parameter(url, name, value);
    if (text_slice_equal_ignoring_case(name, TEXT_LITERAL("X-Amz-Security-Token"))) {
      url->raw_token = raw_value;
    }
    if (text_slice_equal_ignoring_case(name, TEXT_LITERAL("X-Amz-Signature"))) {
      continue;
    }
    if (url->query_count == S3_CANONICAL_QUERY_MAX) {
      return false;
    }
    url->query[url->query_count++] = (text_pair){encoded(name, arena), encoded(value, arena)};
  }
  return true;
}

bool signed_url_read(signed_url *url, text_slice text, text_arena *arena) {
  *url = (signed_url){0};
  text_slice rest = without_html(url, strip(text), arena);
  text_slice plain = {NULL, 0};
  (void)text_slice_split(&rest, '#', &plain); /* a fragment is never sent */
  text_slice query = plain;
  text_slice before_query = {NULL, 0};
  (void)text_slice_split(&query, '?', &before_query);
  size_t slashes = 0;
  size_t origin_size = 0;
  while (origin_size < before_query.size &&
         (before_query.data[origin_size] != '/' || ++slashes < 3)) {
    origin_size++;
  }
  s3_endpoint_url origin;
  if (!s3_endpoint_url_parse(&origin, (text_slice){before_query.data, origin_size}, arena)) {
    return false;
  }
  url->host = origin.host;
  url->raw_path = text_slice_from(before_query, origin_size);
  url->path = canonical_path(url->raw_path, arena);
  return url->path.data != NULL && read_query(url, query, arena);
}

bool signed_url_is_whole(const signed_url *url) {
  bool whole = url->has_algorithm && url->region.size > 0 && url->time.size > 0 &&
               url->expires.size > 0 && url->signed_names.size > 0 &&
               url->signature.size == SIGNATURE_BYTES;
  for (size_t i = 0; i < url->signature.size; i++) {
    const char c = url->signature.data[i];
    whole = whole && (text_ascii_is_digit(c) || (c >= 'a' && c <= 'f'));
  }
  return whole;
}

bool signed_url_signs(const signed_url *url, text_slice name) {
  text_slice rest = url->signed_names;
  text_slice listed;
  while (text_slice_split(&rest, ';', &listed)) {
    if (text_slice_equal_ignoring_case(listed, name)) {
      return true;
    }
  }
  return false;
}

bool signed_url_differ_in_signature(const signed_url *a, const signed_url *b) {
  bool same = text_slice_equal(a->host, b->host) && text_slice_equal(a->path, b->path) &&
              a->query_count == b->query_count;
  for (size_t i = 0; same && i < a->query_count; i++) {
    same = text_slice_equal(a->query[i].name, b->query[i].name) &&
           text_slice_equal(a->query[i].value, b->query[i].value);
  }
  return same && a->signature.size > 0 && b->signature.size > 0 &&
         !text_slice_equal(a->signature, b->signature);
}

bool signed_url_end(const signed_url *url, int64_t *begin_seconds, int64_t *end_seconds) {
  int64_t lifetime_seconds = 0;
  if (!text_utc_parse(url->time, begin_seconds) ||
      !text_decimal_parse(url->expires, INT32_MAX, &lifetime_seconds)) {
    return false;
  }
  *end_seconds = *begin_seconds + lifetime_seconds;
  return true;
}
