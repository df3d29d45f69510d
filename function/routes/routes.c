#include "routes.h"

#include "confirm.h"
#include "cors.h"
#include "multipart.h"
#include "page.h"
#include "s3_params.h"
#include "sign.h"
#include "signed_download.h"
#include "signed_url.h"
#include "signed_urls.h"

struct route {
  text_slice path_end;
  text_slice method;
  function_route *answer;
  bool of_page; /* there is no such route without UPLOAD_PAGE */
};

#define ROUTE(path_end, method, answer) \
  { TEXT_INITIALIZER(path_end), TEXT_INITIALIZER(method), answer, false }
#define PAGE_ROUTE(path_end, answer) \
  { TEXT_INITIALIZER(path_end), TEXT_INITIALIZER("GET"), answer, true }

/* A segment "*" of a path's end stands for any one. The first route that fits is
 * the one. */
static const struct route routes[] = {
    ROUTE("/signed_url", "GET", signed_url_get),
    ROUTE("/signed_url", "POST", signed_url_post),
    ROUTE("/signed_urls", "POST", signed_urls_post),
    ROUTE("/signed_form", "GET", signed_form_get),
    ROUTE("/signed_download", "GET", signed_download_get),
    ROUTE("/s3/params", "GET", s3_params_get),
    ROUTE("/s3/multipart", "POST", multipart_create),
    ROUTE("/s3/multipart/*", "GET", multipart_list),
    ROUTE("/s3/multipart/*", "DELETE", multipart_abort),
    ROUTE("/s3/multipart/*/batch", "GET", multipart_sign_batch),
    ROUTE("/s3/multipart/*/complete", "POST", multipart_complete),
    ROUTE("/s3/multipart/*/*", "GET", multipart_sign_part),
    ROUTE("/s3/sts", "GET", multipart_refuse_credentials),
    ROUTE("/sign", "POST", sign_request),
    ROUTE("/confirm", "POST", confirm_post),
    PAGE_ROUTE("/", page_get),
    /* API Gateway has no route that ends with a slash, to let past an authorizer. */
    PAGE_ROUTE("/index.html", page_get),
    PAGE_ROUTE("/page.css", page_get_style),
    PAGE_ROUTE("/page.js", page_get_script),
    PAGE_ROUTE("/page.json", page_get_configuration),
    PAGE_ROUTE("/messages.js", page_get_messages),
    PAGE_ROUTE("/login.js", page_get_login),
    PAGE_ROUTE("/countersign.js", page_get_uploader),
    PAGE_ROUTE("/sha256_worker.js", page_get_worker),
};

enum { ROUTES = sizeof routes / sizeof routes[0] };

static const text_slice all_methods = TEXT_INITIALIZER("GET, POST, DELETE, OPTIONS");

/* Takes the last segment off `path`, with the slash before it. */
static text_slice take_segment(text_slice *path) {
  size_t start = path->size;
  while (start > 0 && path->data[start - 1] != '/') {
    start--;
  }
  const text_slice segment = text_slice_from(*path, start);
  path->size = start > 0 ? start - 1 : 0;
  return segment;
}

/* Takes a path's end off it, if it has this one. */
static bool take_end(text_slice *path, text_slice path_end) {
  text_slice rest = *path;
  while (path_end.size > 0) {
    const text_slice wanted = take_segment(&path_end);
    const bool at_start = rest.size == 0;
    const text_slice segment = take_segment(&rest);
    const bool any = text_slice_equal(wanted, TEXT_LITERAL("*")) && segment.size > 0;
    if (at_start || (!any && !text_slice_equal(segment, wanted))) {
      return false;
    }
  }
  *path = rest;
  return true;
}

static bool path_fits(text_slice path, text_slice path_end) {
  return take_end(&path, path_end);
}

static const text_slice page_path = TEXT_INITIALIZER("/");

/* Whether a path is that of a route, or of the start of one such as /s3. */
static bool is_within_a_route(text_slice path) {
  for (size_t i = 0; i < ROUTES; i++) {
    for (text_slice part = routes[i].path_end; part.size > page_path.size;) {
      if (path_fits(path, part)) {
        return true;
      }
      (void)take_segment(&part);
    }
  }
  return false;
}

/* The page is at any path that ends with a slash, such as /prod/, but not where that slash is one
 * too many behind a route: who asks for /signed_url/ is to hear that there is no such path. */
static bool is_at_page(text_slice path) {
  if (!path_fits(path, page_path)) {
    return false;
  }
  while (text_slice_ends_with(path, page_path)) {
    path.size -= page_path.size;
  }
  return !is_within_a_route(path);
}

static bool is_at(const struct route *route, const function_call *call) {
  const text_slice path = call->request->path;
  if (route->of_page && !call->config->page) {
    return false;
  }
  return text_slice_equal(route->path_end, page_path) ? is_at_page(path)
                                                      : path_fits(path, route->path_end);
}

/* Whether an earlier route than `end` is at this path with the same method. */
static bool is_listed(const function_call *call, size_t end) {
  for (size_t i = 0; i < end; i++) {
    if (is_at(&routes[i], call) && text_slice_equal(routes[i].method, routes[end].method)) {
      return true;
    }
  }
  return false;
}

/* The methods of the call's path, as the Allow header lists them. */
static text_slice methods_here(const function_call *call) {
  text_buffer methods = text_arena_open(call->arena);
  for (size_t i = 0; i < ROUTES; i++) {
    if (is_at(&routes[i], call) && !is_listed(call, i)) {
      text_buffer_append(&methods, routes[i].method);
      text_buffer_append_string(&methods, ", ");
    }
  }
  text_buffer_append_string(&methods, "OPTIONS");
  return text_arena_close(call->arena, &methods);
}

static http_error no_path(const function_call *call) {
  const upload_config *config = call->config;
  const text_slice profile =
      config->profile_count > 0 ? config->profiles[0].profile : TEXT_LITERAL("");
  return http_error_make(call->arena, 404, "NotFound",
                         "there is nothing at this path; try %s%.*s/signed_url?file_name=test.txt",
                         profile.size > 0 ? "/" : "", (int)profile.size, profile.data);
}

static http_error no_method(const function_call *call, http_reply *reply) {
  const text_slice methods = methods_here(call);
  http_reply_add_header(reply, TEXT_LITERAL("Allow"), methods);
  return http_error_make(call->arena, 405, "MethodNotAllowed", "the method must be one of: %.*s",
                         (int)methods.size, methods.data);
}

/* The route for the call; null when there is none, and then `at_path` is one of its path's others,
 * or null. */
static const struct route *find_route(const function_call *call, const struct route **at_path) {
  *at_path = NULL;
  for (size_t i = 0; i < ROUTES; i++) {
    if (is_at(&routes[i], call)) {
      *at_path = &routes[i];
      if (text_slice_equal(call->request->method, routes[i].method)) {
        return &routes[i];
      }
    }
  }
  return NULL;
}

/* ---- Profiles --------------------------------------------------------------- */

static http_error unknown_profile(const function_call *call) {
  const upload_config *config = call->config;
  text_buffer names = text_arena_open(call->arena);
  for (size_t i = 0; i < config->profile_count; i++) {
    text_buffer_append_string(&names, i > 0 ? ", " : "");
    text_buffer_append(&names, config->profiles[i].profile);
  }
  const text_slice listed = text_arena_close(call->arena, &names);
  const text_slice first = config->profiles[0].profile;
  return http_error_make(call->arena, 404, "UnknownProfile",
                         "the path must have a profile before the route, such as "
                         "/%.*s/signed_url; there are: %.*s",
                         (int)first.size, first.data, (int)listed.size, listed.data);
}

static const upload_rules *profile_named(const upload_config *config, text_slice name) {
  for (size_t i = 0; i < config->profile_count; i++) {
    if (text_slice_equal(config->profiles[i].profile, name)) {
      return &config->profiles[i];
    }
  }
  return NULL;
}

/* Where there are profiles, the call is held to the one whose name is in its path before the
 * route's. The path has one name alone: who lets callers in by how a path begins would be told of
 * one, and the call be of another. */
static http_error enter_profile(function_call *call, const struct route *at_path) {
  const upload_config *config = call->config;
  text_slice before = call->request->path;
  if (config->profile_count == 0) {
    return (http_error){0};
  }
  (void)take_end(&before, at_path->path_end);
  const upload_rules *profile = profile_named(config, take_segment(&before));
  while (profile != NULL && before.size > 0) {
    profile = profile_named(config, take_segment(&before)) == NULL ? profile : NULL;
  }
  call->rules = profile != NULL ? profile : call->rules;
  return profile != NULL ? (http_error){0} : unknown_profile(call);
}

/* ---- Callers ---------------------------------------------------------------- */

/* With UPLOAD_CALLER=required a way in without an authorizer leads nowhere, but to the page's own
 * files: a browser loads these without a token, and they are the same for everybody. */
static bool needs_caller(const function_call *call, const struct route *route) {
  return call->config->require_caller && !http_claims_are_known(&call->request->caller) &&
         (route == NULL || !route->of_page);
}

static http_error no_caller(const function_call *call, http_reply *reply) {
  /* RFC 9110, 15.5.2: a 401 names a scheme. It is API Gateway's own for tokens. */
  http_reply_add_header(reply, TEXT_LITERAL("WWW-Authenticate"), TEXT_LITERAL("Bearer"));
  return http_error_make(call->arena, 401, "CallerUnknown",
                         "no authorizer has let this caller in, as UPLOAD_CALLER=required needs; "
                         "call by the address that has one");
}

static http_error answer_at(const function_call *call, const struct route *at_path,
                            const struct route *route, http_reply *reply) {
  function_call own = *call;
  upload_rules narrowed;
  http_error error = enter_profile(&own, at_path);
  if (error.status == 0 && route == NULL) {
    return no_method(call, reply);
  }
  /* The page's files are the same for everybody. */
  if (error.status == 0 && !route->of_page) {
    error = call_narrow(&own, &narrowed);
  }
  return error.status != 0 ? error : route->answer(&own, reply);
}

http_error routes_answer(const function_call *call, http_reply *reply) {
  if (text_slice_equal(call->request->method, TEXT_LITERAL("OPTIONS"))) {
    /* Browsers send no token with a preflight. */
    cors_answer_preflight(call->request, all_methods, reply);
    return (http_error){0};
  }
  const struct route *at_path = NULL;
  const struct route *route = find_route(call, &at_path);
  if (needs_caller(call, route)) {
    return no_caller(call, reply);
  }
  return at_path != NULL ? answer_at(call, at_path, route, reply) : no_path(call);
}
