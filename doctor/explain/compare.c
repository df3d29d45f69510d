#include "compare.h"

#include <string.h>

#include "doctor/shared/mask.h"

static const char send_as_told[] = "Send the headers that came with the signed URL as they are "
                                   "(`headers` of Countersign's reply), "
                                   "each with its very value.";

static bool is_known(text_slice text) {
  return !text_slice_equal(text, request_not_known);
}

static bool differ(text_slice a, text_slice b) {
  return is_known(a) && is_known(b) && !text_slice_equal(a, b);
}

bool compare_is_whole(const request_parts *parts) {
  bool whole = is_known(parts->method);
  for (size_t i = 0; i < parts->header_count; i++) {
    whole = whole && is_known(parts->headers[i].value);
  }
  return whole;
}

static bool is_named(text_slice name, const char *wanted) {
  return text_slice_equal_ignoring_case(name, text_slice_of(wanted));
}

/* A URL for an upload that was opened like a page: it signs what only an upload sends. */
static void suspect_method(finding_list *findings, const request_parts *a, const request_parts *b,
                           text_arena *arena) {
  const bool reads = is_named(b->method, "GET") || is_named(b->method, "HEAD");
  const bool uploads =
      request_pair(a->headers, a->header_count, TEXT_LITERAL("content-type")).data != NULL ||
      request_pair(a->headers, a->header_count, TEXT_LITERAL("content-length")).data != NULL;
  if (!is_known(a->method) && reads && uploads) {
    findings_add_likely(
        findings, CAUSE_METHOD,
        WORDS(arena,
              "The request was a {}, as a browser sends it for a link, and the URL "
              "signs headers that only an upload has.",
              b->method),
        TEXT_LITERAL("Send it with the method that was signed, PUT for an upload."));
  }
}

static void compare_method(finding_list *findings, const request_parts *a, const request_parts *b,
                           text_arena *arena) {
  if (differ(a->method, b->method)) {
    findings_add(
        findings, CAUSE_METHOD,
        WORDS(arena, "The URL was signed for {}, and the request was a {}.", a->method, b->method),
        WORDS(arena, "Send it as {}, or sign a URL for {}.", a->method, b->method));
  }
}

static text_slice decoded(text_slice text, text_arena *arena) {
  text_buffer buffer = text_arena_open(arena);
  signed_url_append_decoded(&buffer, text);
  return text_arena_close(arena, &buffer);
}

/* Whether two paths are the same but for how often they were encoded, or for a + that once was a
 * space. */
static bool is_encoding(text_slice a, text_slice b, text_arena *arena) {
  for (int round = 0; round < 3; round++) {
    text_slice plain[2] = {decoded(a, arena), decoded(b, arena)};
    if (text_slice_equal(plain[0], b) || text_slice_equal(a, plain[1]) ||
        text_slice_equal(plain[0], plain[1])) {
      return true;
    }
    a = plain[0];
    b = plain[1];
  }
  bool same = a.size == b.size && a.size > 0;
  for (size_t i = 0; same && i < a.size; i++) {
    const bool spaces = strchr("+ ", a.data[i]) != NULL && strchr("+ ", b.data[i]) != NULL;
    same = a.data[i] == b.data[i] || (spaces && a.data[i] != '\0');
  }
  return same;
}

static void compare_path(finding_list *findings, const request_parts *a, const request_parts *b,
                         text_arena *arena) {
  if (!differ(a->path, b->path)) {
    return;
  }
  if (is_encoding(a->path, b->path, arena)) {
    findings_add(findings, CAUSE_KEY_ENCODING,
                 WORDS(arena,
                       "The key was encoded once more or otherwise on its way: signed {}, seen {}.",
                       a->path, b->path),
                 TEXT_LITERAL("Use the signed URL as it is: do not encode, decode or rebuild it. A "
                              "space in a path is %20, never +."));
    return;
  }
  findings_add(
      findings, CAUSE_PATH,
      WORDS(arena, "The path is not the one that was signed: signed {}, seen {}.", a->path,
            b->path),
      TEXT_LITERAL("Send the URL to the very key and bucket that it was signed for; a proxy "
                   "between must not rewrite the path."));
}

static void add_parameter(finding_list *findings, text_slice name, const char *how,
                          text_arena *arena) {
  const text_slice change = TEXT_LITERAL(
      "Use the signed URL as it is: all of its query is signed, and no parameter may be added, "
      "changed or taken away.");
  const cause_kind cause = is_named(name, "X-Amz-Security-Token") ? CAUSE_TOKEN
                           : is_named(name, "X-Amz-Credential")   ? CAUSE_ACCESS_KEY
                                                                  : CAUSE_QUERY;
  findings_add(findings, cause,
               WORDS(arena, "The parameter {} of the URL {}.", name, text_slice_of(how)), change);
}

static void compare_query(finding_list *findings, const request_parts *a, const request_parts *b,
                          text_arena *arena) {
  for (size_t i = 0; i < a->query_count; i++) {
    const text_slice name = a->query[i].name;
    const text_slice seen = request_pair(b->query, b->query_count, name);
    if (seen.data == NULL) {
      add_parameter(findings, name, "was signed and is missing", arena);
    } else if (differ(a->query[i].value, seen)) {
      add_parameter(findings, name, "does not have the value that was signed", arena);
    }
  }
  for (size_t i = 0; i < b->query_count; i++) {
    const text_slice name = b->query[i].name;
    if (request_pair(a->query, a->query_count, name).data == NULL) {
      add_parameter(findings, name, "was added after it was signed", arena);
    }
  }
}

static text_slice quoted(text_slice name, text_slice value, text_arena *arena) {
  return mask_hides_name(name) ? TEXT_LITERAL("****") : WORDS(arena, "\"{}\"", value);
}

static void add_missing(finding_list *findings, text_slice name, text_slice wanted,
                        text_arena *arena) {
  const bool tell = is_known(wanted) && wanted.size > 0;
  findings_add(findings, CAUSE_HEADER_MISSING,
               tell ? WORDS(arena, "The header {}, which is signed, was not sent. Its value is {}.",
                            name, quoted(name, wanted, arena))
                    : WORDS(arena, "The header {}, which is signed, was not sent.", name),
               text_slice_of(send_as_told));
}

static void add_other(finding_list *findings, text_slice name, text_slice wanted, text_slice seen,
                      text_arena *arena) {
  if (is_named(name, "host")) {
    findings_add(
        findings, CAUSE_HOST,
        WORDS(arena, "The host is not the one that was signed: signed {}, seen {}.", wanted, seen),
        TEXT_LITERAL("Send the request to the host of the URL. A proxy between must keep the "
                     "Host header, or the function must sign for the proxy's address "
                     "(AWS_ENDPOINT_URL_S3)."));
    return;
  }
  findings_add(
      findings, CAUSE_HEADER_OTHER,
      WORDS(arena,
            "The header {} that was sent is not the one that was signed: signed {}, sent {}.", name,
            quoted(name, wanted, arena), quoted(name, seen, arena)),
      text_slice_of(send_as_told));
}

static void compare_headers(finding_list *findings, const request_parts *a, const request_parts *b,
                            text_arena *arena) {
  for (size_t i = 0; i < a->header_count; i++) {
    const text_pair *header = &a->headers[i];
    const text_slice seen = request_pair(b->headers, b->header_count, header->name);
    if (seen.size == 0 && header->value.size > 0) {
      add_missing(findings, header->name, header->value, arena);
    } else if (differ(header->value, seen)) {
      add_other(findings, header->name, header->value, seen, arena);
    }
  }
}

static void compare_payload(finding_list *findings, const request_parts *a,
                            const request_parts *b) {
  if (differ(a->payload, b->payload)) {
    findings_add(
        findings, CAUSE_PAYLOAD_HASH,
        TEXT_LITERAL("The hash of the payload is not the one that was signed: a presigned URL "
                     "signs UNSIGNED-PAYLOAD, and the request has a hash of its own in "
                     "x-amz-content-sha256."),
        TEXT_LITERAL("Leave the header x-amz-content-sha256 out. To bind the bytes, sign "
                     "x-amz-checksum-sha256 (`sha256` of /signed_url)."));
  }
}

void compare_requests(finding_list *findings, const request_parts *signed_one,
                      const request_parts *seen, text_arena *arena) {
  compare_method(findings, signed_one, seen, arena);
  suspect_method(findings, signed_one, seen, arena);
  compare_path(findings, signed_one, seen, arena);
  compare_headers(findings, signed_one, seen, arena);
  compare_query(findings, signed_one, seen, arena);
  compare_payload(findings, signed_one, seen);
}

static bool contains(text_slice text, const char *part) {
  return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

void compare_suspect(finding_list *findings, const request_parts *seen, text_slice raw_path,
                     text_arena *arena) {
  const text_slice type =
      request_pair(seen->headers, seen->header_count, TEXT_LITERAL("content-type"));
  if (contains(seen->path, "%252") || contains(seen->path, "%25C") ||
      contains(seen->path, "%25E")) {
    findings_add_likely(
        findings, CAUSE_KEY_ENCODING,
        WORDS(arena, "The key looks as if it had been encoded twice: {}.", seen->path),
        TEXT_LITERAL("Use the signed URL as it is: do not encode it again."));
  }
  if (text_slice_contains(raw_path, '+')) {
    findings_add_likely(findings, CAUSE_KEY_ENCODING,
                        WORDS(arena,
                              "The path has a +, which signers write as %2B: {}. It was a space, "
                              "or was decoded on its way.",
                              raw_path),
                        TEXT_LITERAL("Use the signed URL as it is: do not decode or rebuild it. A "
                                     "space in a path is %20, never +."));
  }
  if (text_slice_starts_with(type, TEXT_LITERAL("application/x-www-form-urlencoded"))) {
    findings_add_likely(
        findings, CAUSE_HEADER_OTHER,
        TEXT_LITERAL("The header content-type, which is signed, was sent as "
                     "application/x-www-form-urlencoded, which is what curl and others "
                     "send when no type is given."),
        text_slice_of(send_as_told));
  }
}

void compare_unsigned(finding_list *findings, const request_facts *sent, const signed_url *url,
                      text_arena *arena) {
  const text_slice prefix = TEXT_LITERAL("x-amz-");
  for (size_t i = 0; i < sent->header_count; i++) {
    const text_slice name = sent->headers[i].name;
    const bool is_amazon =
        name.size > prefix.size &&
        text_slice_equal_ignoring_case((text_slice){name.data, prefix.size}, prefix);
    if (is_amazon && !signed_url_signs(url, name) && !is_named(name, "x-amz-content-sha256")) {
      findings_add(findings, CAUSE_HEADER_NOT_SIGNED,
                   WORDS(arena,
                         "The header {} was sent and is not signed; S3 takes no x-amz-... header "
                         "that is not.",
                         name),
                   TEXT_LITERAL("Leave it out, or have it signed: a URL lists what it signs in "
                                "X-Amz-SignedHeaders."));
    }
  }
}
