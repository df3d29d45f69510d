#include "cors.h"

#include "function/config/config_values.h"
#include "text/ascii.h"

/* An origin has few bytes; a longer one is no browser's. */
enum { ORIGIN_MAX_BYTES = 512, REQUESTED_HEADERS_MAX_BYTES = 1024 };

static bool pattern_allows(text_slice pattern, text_slice origin) {
  text_slice after = pattern;
  text_slice before;
  if (!text_slice_split(&after, '*', &before) || before.size == pattern.size) {
    return text_slice_equal_ignoring_case(pattern, origin);
  }
  return origin.size >= before.size + after.size &&
         text_slice_equal_ignoring_case((text_slice){origin.data, before.size}, before) &&
         text_slice_equal_ignoring_case(text_slice_from(origin, origin.size - after.size), after);
}

bool cors_allows(text_slice origins, text_slice origin) {
  text_slice rest = origins;
  text_slice pattern;
  while (text_slice_split(&rest, ',', &pattern)) {
    if (pattern_allows(text_slice_trim(pattern), origin)) {
      return true;
    }
  }
  return false;
}

static bool is_any(text_slice origins) {
  return text_slice_equal(origins, TEXT_LITERAL("*"));
}

/* Whether it is scheme://host of the request's own URL, as the service in front of
 * the function tells them: the request comes from the page at this very address. */
static bool is_same_origin(const http_request *request, text_slice origin) {
  const text_slice host = http_request_header(request, TEXT_LITERAL("host"));
  const text_slice scheme = http_request_header(request, TEXT_LITERAL("x-forwarded-proto"));
  const text_slice separator = TEXT_LITERAL("://");
  const text_slice rest = text_slice_from(origin, scheme.size);
  return scheme.size > 0 && host.size > 0 &&
         text_slice_equal_ignoring_case((text_slice){origin.data, origin.size - rest.size},
                                        scheme) &&
         text_slice_starts_with(rest, separator) &&
         text_slice_equal_ignoring_case(text_slice_from(rest, separator.size), host);
}

bool cors_apply(const http_request *request, text_slice origins, http_reply *reply) {
  const text_slice name = TEXT_LITERAL("Access-Control-Allow-Origin");
  const text_slice origin = http_request_header(request, TEXT_LITERAL("origin"));
  if (is_any(origins)) {
    http_reply_add_header(reply, name, origins);
    return true;
  }
  http_reply_add_header(reply, TEXT_LITERAL("Vary"), TEXT_LITERAL("Origin"));
  if (origin.size == 0) {
    return true;
  }
  if (!value_is_printable(origin, ORIGIN_MAX_BYTES) ||
      (!is_same_origin(request, origin) && !cors_allows(origins, origin))) {
    return false;
  }
  http_reply_add_header(reply, name, origin);
  return true;
}

/* Names of headers between commas: nothing else is echoed. */
static bool is_list_of_names(text_slice text) {
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.data[i];
    if (!text_ascii_is_token(c) && c != ',' && c != ' ') {
      return false;
    }
  }
  return text.size > 0 && text.size <= REQUESTED_HEADERS_MAX_BYTES;
}

void cors_answer_preflight(const http_request *request, text_slice methods, http_reply *reply) {
  const text_slice asked =
      http_request_header(request, TEXT_LITERAL("access-control-request-headers"));
  reply->status = 204;
  reply->body = TEXT_LITERAL("");
  http_reply_add_header(reply, TEXT_LITERAL("Access-Control-Allow-Methods"), methods);
  /* Whatever the page sends with its request (a token of its own, say) changes
   * nothing here, so it may. */
  http_reply_add_header(reply, TEXT_LITERAL("Access-Control-Allow-Headers"),
                        is_list_of_names(asked) ? asked
                                                : TEXT_LITERAL("Content-Type, Authorization"));
  /* Two hours: as long as any browser keeps it. */
  http_reply_add_header(reply, TEXT_LITERAL("Access-Control-Max-Age"), TEXT_LITERAL("7200"));
}
