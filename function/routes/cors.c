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

/* Whether the service's own page is there. What the client says of the host counts nowhere: by a
 * load balancer anybody would be of the same origin. */
static bool is_of_page(const http_request *request, const upload_config *config,
                       text_slice origin) {
  const text_slice scheme =
      TEXT_LITERAL("https://"); /* API Gateway's and function URLs' only one */
  const bool at_domain =
      request->domain.size > 0 && text_slice_starts_with(origin, scheme) &&
      text_slice_equal_ignoring_case(text_slice_from(origin, scheme.size), request->domain);
  return config->page && (at_domain || cors_allows(config->page_origins, origin));
}

bool cors_apply(const http_request *request, const upload_config *config, http_reply *reply) {
  const text_slice name = TEXT_LITERAL("Access-Control-Allow-Origin");
  if (is_any(config->origins)) {
    http_reply_add_header(reply, name, config->origins);
    return true;
  }
  const text_slice origin = http_request_header(request, TEXT_LITERAL("origin"));
  http_reply_add_header(reply, TEXT_LITERAL("Vary"), TEXT_LITERAL("Origin"));
  if (origin.size == 0) {
    return true;
  }
  if (!value_is_printable(origin, ORIGIN_MAX_BYTES)) {
    return false;
  }
  const bool is_named = cors_allows(config->origins, origin);
  if (!is_named && !is_of_page(request, config, origin)) {
    return false;
  }
  http_reply_add_header(reply, name, origin);
  if (is_named && config->credentials_of_pages) {
    http_reply_add_header(reply, TEXT_LITERAL("Access-Control-Allow-Credentials"),
                          TEXT_LITERAL("true"));
  }
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
