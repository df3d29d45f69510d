#include "request_text.h"

const text_slice request_not_known = TEXT_INITIALIZER("(not known)");

text_slice request_pair(const text_pair *pairs, size_t count, text_slice name) {
  for (size_t i = 0; i < count; i++) {
    if (text_slice_equal_ignoring_case(pairs[i].name, name)) {
      return pairs[i].value.data != NULL ? pairs[i].value : TEXT_LITERAL("");
    }
  }
  return (text_slice){NULL, 0};
}

text_slice request_header(const request_facts *facts, text_slice name) {
  return request_pair(facts->headers, facts->header_count, name);
}

/* As S3 reads a value: trimmed, each run of spaces one. */
static text_slice folded(text_slice value, text_arena *arena) {
  const text_slice trimmed = text_slice_trim(value);
  text_buffer text = text_arena_open(arena);
  for (size_t i = 0; i < trimmed.size; i++) {
    if (trimmed.data[i] != ' ' || trimmed.data[i - 1] != ' ') {
      text_buffer_append_byte(&text, trimmed.data[i]);
    }
  }
  return text_arena_close(arena, &text);
}

/* A browser sends the length by itself, so that nobody names it. */
static text_slice value_of(const request_facts *facts, text_slice name, text_arena *arena) {
  const text_slice given = request_header(facts, name);
  if (given.data != NULL) {
    return folded(given, arena);
  }
  const bool is_length = text_slice_equal(name, TEXT_LITERAL("content-length"));
  return facts->headers_are_whole && !is_length ? TEXT_LITERAL("") : request_not_known;
}

/* The hash that a request names, in its query or in a header; else there is none. */
static text_slice payload_of(const signed_url *url, const request_facts *facts) {
  const text_slice name = TEXT_LITERAL("X-Amz-Content-Sha256");
  const text_slice in_query = request_pair(url->query, url->query_count, name);
  const text_slice in_header = request_header(facts, name);
  if (in_query.data != NULL || in_header.data != NULL) {
    return in_query.data != NULL ? in_query : in_header;
  }
  return signed_url_signs(url, name) && !facts->headers_are_whole ? request_not_known
                                                                  : TEXT_LITERAL("");
}

text_slice request_text_make(const signed_url *url, const request_facts *facts, text_arena *arena) {
  text_pair values[S3_HEADERS_MAX];
  size_t count = 0;
  text_slice rest = url->signed_names;
  text_slice name;
  while (text_slice_split(&rest, ';', &name)) {
    if (text_slice_equal(name, TEXT_LITERAL("host"))) {
      continue;
    }
    if (count == S3_HEADERS_MAX) {
      return (text_slice){NULL, 0};
    }
    values[count++] = (text_pair){name, value_of(facts, name, arena)};
  }
  const text_slice host = request_header(facts, TEXT_LITERAL("Host"));
  s3_canonical_headers headers;
  if (s3_canonical_headers_init(&headers, values, count, host.size > 0 ? host : url->host) !=
      S3_OK) {
    return (text_slice){NULL, 0};
  }
  const s3_canonical_request request = {.method = facts->method.size > 0 ? facts->method
                                                                         : request_not_known,
                                        .path = url->path,
                                        .query = url->query,
                                        .query_count = url->query_count,
                                        .headers = &headers,
                                        .payload = payload_of(url, facts)};
  text_buffer text = text_arena_open(arena);
  s3_canonical_request_append(&request, &text);
  return text_arena_close(arena, &text);
}

static bool read_query(request_parts *parts, text_slice query) {
  text_slice piece;
  while (query.size > 0 && text_slice_split(&query, '&', &piece)) {
    text_slice value = piece;
    text_slice name = {NULL, 0};
    (void)text_slice_split(&value, '=', &name);
    if (parts->query_count == sizeof parts->query / sizeof parts->query[0]) {
      return false;
    }
    parts->query[parts->query_count++] = (text_pair){name, value};
  }
  return true;
}

/* Lines up to an empty one. */
static bool read_headers(request_parts *parts, text_slice *rest) {
  text_slice line;
  while (text_slice_split(rest, '\n', &line) && line.size > 0) {
    text_slice value = line;
    text_slice name = {NULL, 0};
    (void)text_slice_split(&value, ':', &name);
    if (parts->header_count == sizeof parts->headers / sizeof parts->headers[0]) {
      return false;
    }
    parts->headers[parts->header_count++] = (text_pair){name, text_slice_trim(value)};
  }
  return rest->data != NULL;
}

bool request_parts_read(request_parts *parts, text_slice text) {
  text_slice rest = text;
  text_slice query = {NULL, 0};
  *parts = (request_parts){0};
  return text_slice_split(&rest, '\n', &parts->method) &&
         text_slice_split(&rest, '\n', &parts->path) && text_slice_split(&rest, '\n', &query) &&
         rest.data != NULL && read_query(parts, query) && read_headers(parts, &rest) &&
         text_slice_split(&rest, '\n', &parts->names) &&
         text_slice_split(&rest, '\n', &parts->payload) && rest.data == NULL &&
         parts->method.size > 0 && parts->names.size > 0;
}
