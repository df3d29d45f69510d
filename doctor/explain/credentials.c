#include "credentials.h"

#include "text/percent.h"
#include "text/utc.h"

struct search {
  s3_signer signer;
  signed_url url; /* with the path in hand */
  request_facts facts;
  text_pair headers[S3_HEADERS_MAX + 1];
  text_arena *arena;
};

/* `signer`: of the credentials and the URL's region. It keeps the day's key from one to the next.
 */
static bool fits(s3_signer *signer, const signed_url *url, text_slice canonical) {
  int64_t seconds = 0;
  if (canonical.data == NULL || !text_utc_parse(url->time, &seconds)) {
    return false;
  }
  const s3_moment *moment = s3_signer_moment(signer, seconds);
  if (moment == NULL) {
    return false;
  }
  uint8_t digest[S3_HASH_BYTES];
  s3_hash hash;
  s3_hash_start(&hash);
  s3_hash_update(&hash, canonical);
  s3_hash_finish(&hash, digest);
  char storage[2 * S3_HASH_BYTES];
  text_buffer signature;
  text_buffer_init(&signature, storage, sizeof storage);
  s3_signer_append_request_signature(signer, moment, digest, &signature);
  return !signature.overflowed && text_slice_equal(text_buffer_slice(&signature), url->signature);
}

bool credentials_fit(const s3_credentials *credentials, const signed_url *url, text_slice canonical,
                     text_arena *arena) {
  s3_signer signer;
  return s3_signer_init(&signer, credentials, url->region, arena) && fits(&signer, url, canonical);
}

/* The canonical request when it fits, else null data; nothing is kept of one that does not. */
static text_slice try_one(struct search *search) {
  const size_t used_bytes = search->arena->used_bytes;
  const text_slice canonical = request_text_make(&search->url, &search->facts, search->arena);
  if (fits(&search->signer, &search->url, canonical)) {
    return canonical;
  }
  text_arena_rewind(search->arena, used_bytes);
  return (text_slice){NULL, 0};
}

static text_slice try_methods(struct search *search, text_slice sent) {
  const text_slice methods[] = {sent,
                                TEXT_LITERAL("PUT"),
                                TEXT_LITERAL("GET"),
                                TEXT_LITERAL("POST"),
                                TEXT_LITERAL("DELETE"),
                                TEXT_LITERAL("HEAD")};
  text_slice found = {NULL, 0};
  for (size_t i = 0; found.data == NULL && i < sizeof methods / sizeof methods[0]; i++) {
    search->facts.method = methods[i];
    found = try_one(search);
  }
  return found;
}

/* The headers as they were sent, and then with usual content types in the place of that one. */
static text_slice try_types(struct search *search, const request_facts *sent) {
  static const text_slice types[] = {TEXT_INITIALIZER("application/octet-stream"),
                                     TEXT_INITIALIZER("text/plain"),
                                     TEXT_INITIALIZER("image/jpeg"),
                                     TEXT_INITIALIZER("image/png"),
                                     TEXT_INITIALIZER("image/gif"),
                                     TEXT_INITIALIZER("image/webp"),
                                     TEXT_INITIALIZER("video/mp4"),
                                     TEXT_INITIALIZER("application/pdf"),
                                     TEXT_INITIALIZER("application/json"),
                                     TEXT_INITIALIZER("application/zip"),
                                     TEXT_INITIALIZER("text/html"),
                                     TEXT_INITIALIZER("text/csv"),
                                     TEXT_INITIALIZER("application/xml"),
                                     TEXT_INITIALIZER("application/x-www-form-urlencoded"),
                                     TEXT_INITIALIZER("binary/octet-stream"),
                                     TEXT_INITIALIZER("text/plain;charset=UTF-8"),
                                     TEXT_INITIALIZER("text/plain; charset=utf-8")};
  search->facts = *sent;
  text_slice found = try_methods(search, sent->method);
  size_t count = 0;
  for (size_t i = 0; i < sent->header_count && count < S3_HEADERS_MAX; i++) {
    if (!text_slice_equal_ignoring_case(sent->headers[i].name, TEXT_LITERAL("Content-Type"))) {
      search->headers[count++] = sent->headers[i];
    }
  }
  search->facts.headers = search->headers;
  search->facts.header_count = count + 1;
  const bool types_matter = signed_url_signs(&search->url, TEXT_LITERAL("content-type"));
  for (size_t i = 0; types_matter && found.data == NULL && i < sizeof types / sizeof types[0];
       i++) {
    search->headers[count] = (text_pair){TEXT_LITERAL("Content-Type"), types[i]};
    found = try_methods(search, sent->method);
  }
  return found;
}

static text_slice path_of(text_slice key, text_arena *arena) {
  text_buffer path = text_arena_open(arena);
  text_percent_append_encoded_path(&path, key);
  return text_arena_close(arena, &path);
}

/* The path decoded once more; and with its plus signs as spaces. */
static text_slice other_path(text_slice path, bool plus_is_space, text_arena *arena) {
  text_buffer buffer = text_arena_open(arena);
  signed_url_append_decoded(&buffer, path);
  const text_slice once = text_arena_close(arena, &buffer);
  buffer = text_arena_open(arena);
  if (plus_is_space) {
    text_percent_append_form_decoded(&buffer, once);
  } else {
    signed_url_append_decoded(&buffer, once);
  }
  return path_of(text_arena_close(arena, &buffer), arena);
}

text_slice credentials_search(const s3_credentials *credentials, const signed_url *url,
                              const request_facts *sent, text_arena *arena) {
  struct search search = {.url = *url, .arena = arena};
  const text_slice paths[] = {url->path, other_path(url->path, false, arena),
                              other_path(url->path, true, arena)};
  text_slice found = {NULL, 0};
  if (!s3_signer_init(&search.signer, credentials, url->region, arena)) {
    return found;
  }
  for (size_t i = 0; found.data == NULL && i < sizeof paths / sizeof paths[0]; i++) {
    if (i == 0 || !text_slice_equal(paths[i], paths[0])) {
      search.url.path = paths[i];
      found = try_types(&search, sent);
    }
  }
  return found;
}
