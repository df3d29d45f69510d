#include "check_cors.h"

#include "bucket_settings.h"

/* What uploads of this kind send; each is one preflight. */
static const struct upload {
  const char *item;
  text_slice method;
  text_slice headers;
  const char *only; /* who alone sends it, so that most do without; null: every page may */
} uploads[] = {
    {"CORS for PUT", TEXT_INITIALIZER("PUT"), TEXT_INITIALIZER("content-type"), NULL},
    {"CORS for signed headers", TEXT_INITIALIZER("PUT"),
     TEXT_INITIALIZER("content-type,if-none-match,x-amz-checksum-sha256,x-amz-meta-name"), NULL},
    {"CORS for forms", TEXT_INITIALIZER("POST"), TEXT_INITIALIZER(""), NULL},
    {"CORS for signRequest", TEXT_INITIALIZER("DELETE"), TEXT_INITIALIZER(""),
     "only Uppy 6's signRequest does, to abort a multipart upload"},
};

/* An entry of a list with commas between, or a star. */
static bool lists(text_slice list, text_slice wanted) {
  text_slice piece;
  while (text_slice_split(&list, ',', &piece)) {
    const text_slice entry = text_slice_trim(piece);
    if (text_slice_equal(entry, TEXT_LITERAL("*")) ||
        text_slice_equal_ignoring_case(entry, wanted)) {
      return true;
    }
  }
  return false;
}

static bool lists_all(text_slice list, text_slice wanted) {
  text_slice piece;
  while (wanted.size > 0 && text_slice_split(&wanted, ',', &piece)) {
    if (!lists(list, piece)) {
      return false;
    }
  }
  return true;
}

static bool is_origin_let_in(const bucket_head *head, text_slice origin) {
  return text_slice_equal(head->allow_origin, TEXT_LITERAL("*")) ||
         text_slice_equal(head->allow_origin, origin);
}

/* Whether a browser would go on after this preflight. */
static bool lets_in(const outgoing_answer *answer, const bucket_head *head,
                    const struct upload *upload, text_slice origin) {
  return answer->status >= 200 && answer->status < 300 && is_origin_let_in(head, origin) &&
         lists(head->allow_methods, upload->method) &&
         lists_all(head->allow_headers, upload->headers);
}

/* What the bucket's own rules say. */
struct rules {
  bool is_read;
  bool has_none;
  text_slice says; /* a sentence after a space; empty: not known */
};

/* Reads the rules once, when they may be read. */
static void read_rules(const check_list *list, const bucket_caller *caller, struct rules *rules) {
  bucket_head head;
  bucket_settings settings = {0};
  if (rules->is_read || caller->signer == NULL) {
    return;
  }
  rules->is_read = true;
  const outgoing_answer answer = bucket_call_get(caller, TEXT_LITERAL("cors"), &head);
  const text_slice code = check_list_code(list, &answer);
  if (text_slice_equal(code, TEXT_LITERAL("NoSuchCORSConfiguration"))) {
    rules->has_none = true;
    rules->says = TEXT_LITERAL(" The bucket has no CORS rules at all.");
  } else if (answer.status == 200 && bucket_settings_read(&settings, answer.body, list->arena)) {
    rules->says =
        WORDS(list->arena, " Its rules let in the origins {}, the methods {} and the headers {}.",
              settings.origins, settings.methods,
              settings.headers.size > 0 ? settings.headers : TEXT_LITERAL("(none)"));
  }
}

static bool is_redirect(const outgoing_answer *answer) {
  return answer->status >= 300 && answer->status < 400;
}

static const char below[] = "give the bucket the CORS rule below";

/* False when it is something else than rules that are lacking. */
static bool tell_refused(check_list *list, const bucket_caller *caller, const struct upload *upload,
                         const outgoing_answer *answer, struct rules *rules) {
  if (answer->status == 0 || answer->status >= 500) {
    check_list_refused(list, upload->item, answer, "");
    return false;
  }
  if (is_redirect(answer)) {
    check_list_change(list, upload->item,
                      TEXT_LITERAL("the preflight is redirected, and browsers do not follow that"),
                      TEXT_LITERAL("use the endpoint of the bucket's own region"));
    return false;
  }
  if (upload->only != NULL) {
    check_list_note(list, upload->item,
                    WORDS(list->arena, "a browser at {} may not send a {}: {}", caller->origin,
                          upload->method, text_slice_of(upload->only)),
                    TEXT_LITERAL("if you use it, let the bucket's CORS rule have this method too"));
    return false;
  }
  const text_slice headers = upload->headers.size > 0 ? upload->headers : TEXT_LITERAL("(none)");
  read_rules(list, caller, rules);
  check_list_change(
      list, upload->item,
      WORDS(list->arena,
            "a browser at {} may not send a {} with the headers {}: the preflight was "
            "answered {}.{}",
            caller->origin, upload->method, headers, check_list_words(list, answer), rules->says),
      text_slice_of(below));
  return true;
}

/* Some stores say what a page may read with their answers, but not with a preflight's. */
static bool check_exposed(check_list *list, const bucket_caller *caller, bool exposes) {
  if (!exposes && caller->signer == NULL) {
    check_list_unknown(
        list, "exposed headers",
        TEXT_LITERAL("no preflight's answer names them, and there are no credentials "
                     "to ask for anything else"));
    return true;
  }
  if (exposes) {
    check_list_ok(list, "exposed headers",
                  TEXT_LITERAL("a page can read ETag, as multipart needs"));
    return true;
  }
  check_list_change(
      list, "exposed headers",
      TEXT_LITERAL("a page can't read ETag; multipart uploads need it, and some clients "
                   "wait for ever without it"),
      text_slice_of(below));
  return false;
}

/* The rule that Countersign's template gives its bucket. */
static void tell_rule(const check_list *list, const bucket_caller *caller, bool has_none) {
  const check_rule rule = {
      "put-bucket-cors", "--cors-configuration", "CORSRules",
      WORDS(list->arena,
            "{\"AllowedOrigins\":[\"{}\"],\"AllowedMethods\":[\"PUT\",\"POST\",\"GET\",\"DELETE\"],"
            "\"AllowedHeaders\":[\"Content-Type\",\"Content-Disposition\",\"Cache-Control\",\"If-"
            "None-Match\",\"x-amz-*\"],"
            "\"ExposeHeaders\":[\"ETag\",\"Location\"],\"MaxAgeSeconds\":3600}",
            caller->origin)};
  check_list_rule(list, caller->endpoint->bucket, &rule, has_none);
}

void check_cors(check_list *list, const bucket_caller *caller, text_slice exposed) {
  bool any_let_in = false;
  bool lacks_rules = false;
  struct rules rules = {.says = TEXT_LITERAL("")};
  bool exposes = lists(exposed, TEXT_LITERAL("ETag"));
  if (caller->origin.size == 0) {
    check_list_unknown(
        list, "CORS",
        TEXT_LITERAL("the page's origin is not given (--origin https://app.example.com)"));
    return;
  }
  for (size_t i = 0; i < sizeof uploads / sizeof uploads[0]; i++) {
    const struct upload *upload = &uploads[i];
    bucket_head head;
    const outgoing_answer answer =
        bucket_call_preflight(caller, upload->method, upload->headers, &head);
    if (!lets_in(&answer, &head, upload, caller->origin)) {
      lacks_rules |= tell_refused(list, caller, upload, &answer, &rules);
      if (answer.status == 0) {
        return; /* nor would it answer the others */
      }
      continue;
    }
    any_let_in = true;
    exposes = exposes || lists(head.expose_headers, TEXT_LITERAL("ETag"));
    check_list_ok(list, upload->item,
                  WORDS(list->arena, "a browser at {} may send a {}{}{}", caller->origin,
                        upload->method,
                        upload->headers.size > 0 ? TEXT_LITERAL(" with ") : TEXT_LITERAL(""),
                        upload->headers));
  }
  if (any_let_in) {
    lacks_rules |= !check_exposed(list, caller, exposes);
  }
  if (lacks_rules) {
    read_rules(list, caller, &rules);
    tell_rule(list, caller, rules.has_none);
  }
}
