/* AccessDenied: S3 says it of many causes, and tells them apart in its message alone. */
#include <string.h>

#include "error_causes.h"
#include "error_telling.h"
#include "text/utc.h"

static const char unsigned_headers[] =
    "There were headers present in the request which were not signed";

bool error_has_code(const s3_error_reply *error, const char *code) {
  return text_slice_equal(error->code, text_slice_of(code));
}

bool error_says(const s3_error_reply *error, const char *part) {
  const text_slice message = error->message;
  return message.size > 0 && memmem(message.data, message.size, part, strlen(part)) != NULL;
}

bool error_begins(const s3_error_reply *error, const char *beginning) {
  const text_slice before = TEXT_LITERAL("Access Denied. (");
  const text_slice message = error->message;
  return text_slice_starts_with(
      text_slice_starts_with(message, before) ? text_slice_from(message, before.size) : message,
      text_slice_of(beginning));
}

/* When the URL ended, and the clock that says so: both of S3's answer, if it tells them, for the
 * URL at hand can be a newer one than that of the answer. */
struct ending {
  int64_t end_seconds;
  int64_t now_seconds;
  bool server_told;
};

/* False where nothing shows an end that has passed. */
static bool find_ending(const error_telling *telling, struct ending *ending) {
  int64_t begin_seconds = 0;
  *ending = (struct ending){.now_seconds = telling->now_seconds};
  ending->server_told = text_utc_parse(telling->error->server_time, &ending->now_seconds);
  const bool told =
      (ending->server_told && text_utc_parse(telling->error->expires, &ending->end_seconds)) ||
      (telling->url != NULL &&
       signed_url_end(telling->url, &begin_seconds, &ending->end_seconds)) ||
      text_utc_parse(telling->error->expires, &ending->end_seconds);
  return told && ending->now_seconds >= ending->end_seconds;
}

void error_tell_expired(const error_telling *telling) {
  text_arena *arena = telling->arena;
  struct ending ending;
  const text_slice change =
      TEXT_LITERAL("Ask for a new URL right before each upload, not when the page loads; "
                   "UPLOAD_EXPIRES_SECONDS sets how long one lives. If it is new, the clock of the "
                   "machine that signs is behind.");
  if (!find_ending(telling, &ending)) {
    findings_add(telling->findings, CAUSE_EXPIRED, TEXT_LITERAL("The URL or form has expired."),
                 change);
    return;
  }
  findings_add(telling->findings, CAUSE_EXPIRED,
               WORDS(arena, "The URL has expired: it ended at {}, and {} clock says {} ({} later).",
                     words_time(arena, ending.end_seconds),
                     ending.server_told ? TEXT_LITERAL("S3's") : TEXT_LITERAL("this machine's"),
                     words_time(arena, ending.now_seconds),
                     words_duration(arena, ending.now_seconds - ending.end_seconds)),
               change);
}

void error_tell_clock(const error_telling *telling) {
  text_arena *arena = telling->arena;
  int64_t signed_seconds = 0;
  int64_t server_seconds = telling->now_seconds;
  const text_slice change = TEXT_LITERAL(
      "Set the clock of the machine that signs (NTP); on Lambda it is right by itself.");
  const bool server_told = text_utc_parse(telling->error->server_time, &server_seconds);
  const text_slice time = telling->url != NULL ? telling->url->time : telling->error->request_time;
  if (!text_utc_parse(time, &signed_seconds)) {
    findings_add(telling->findings, CAUSE_CLOCK,
                 TEXT_LITERAL("The clock of the machine that signed and S3's differ too much."),
                 change);
    return;
  }
  const int64_t ahead_seconds = signed_seconds - server_seconds;
  findings_add(
      telling->findings, CAUSE_CLOCK,
      WORDS(arena,
            "The clock of the machine that signed is {} {}: it signed at {}, and {} clock says {}.",
            words_duration(arena, ahead_seconds < 0 ? -ahead_seconds : ahead_seconds),
            ahead_seconds < 0 ? TEXT_LITERAL("behind") : TEXT_LITERAL("ahead"),
            words_time(arena, signed_seconds),
            server_told ? TEXT_LITERAL("S3's") : TEXT_LITERAL("this machine's"),
            words_time(arena, server_seconds)),
      change);
}

void error_tell_unsigned(const error_telling *telling) {
  const text_slice names = telling->error->headers_not_signed;
  if (names.size > 0) {
    findings_add(telling->findings, CAUSE_HEADER_NOT_SIGNED,
                 WORDS(telling->arena, "The header {} was sent and is not signed.", names),
                 TEXT_LITERAL("Leave it out, or have it signed: a URL lists what it signs in "
                              "X-Amz-SignedHeaders."));
  }
}

bool error_tells_headers(const s3_error_reply *error) {
  return error_has_code(error, "HeadersNotSigned") ||
         (error_has_code(error, "AccessDenied") && error_begins(error, unsigned_headers));
}

/* Of ["eq", "$key", "x"] no more than the field's name: the value can be a token. */
static text_slice condition_of(text_slice message) {
  text_slice rest = message;
  text_slice before;
  (void)text_slice_split(&rest, '$', &before);
  size_t size = 0;
  while (size < rest.size && strchr("\"', ]", rest.data[size]) == NULL) {
    size++;
  }
  return (text_slice){rest.data, size};
}

static void tell_form(const error_telling *telling) {
  const text_slice field = condition_of(telling->error->message);
  const text_slice change = TEXT_LITERAL(
      "Send the fields of the signed form as they are, all of them and no other, and the "
      "file last, as the field `file`.");
  if (error_begins(telling->error, "Invalid according to Policy: Extra input fields")) {
    findings_add(telling->findings, CAUSE_FORM,
                 TEXT_LITERAL("The form has a field that its policy does not name."), change);
  } else if (field.size > 0) {
    findings_add(telling->findings, CAUSE_FORM,
                 WORDS(telling->arena, "The form's field {} is not as its policy has it.", field),
                 change);
  } else {
    findings_add(telling->findings, CAUSE_FORM,
                 TEXT_LITERAL("A field of the form is not as its policy has it."), change);
  }
}

static bool is_detailed(const s3_error_reply *error) {
  return error_says(error, "is not authorized to perform");
}

static bool is_unsigned(const signed_url *url) {
  return !url->has_credential && url->signature.size == 0;
}

static void tell_permission(const error_telling *telling) {
  const bool is_signed = telling->url != NULL && !is_unsigned(telling->url);
  const text_slice who = is_signed
                             ? TEXT_LITERAL("The signature is good, and who signed may not do this")
                             : TEXT_LITERAL("Who signed, if it was signed, may not do this");
  findings_add(
      telling->findings, CAUSE_PERMISSION,
      is_detailed(telling->error)
          ? WORDS(telling->arena, "{}. S3 says: {}", who, telling->error->message)
          : WORDS(telling->arena,
                  "{}: the signer's policy, the bucket's policy, or the policy of the bucket's "
                  "KMS key says so.",
                  who),
      TEXT_LITERAL(
          "Allow the signer's role s3:PutObject on the key (and s3:PutObjectTagging with tags, "
          "kms:GenerateDataKey and kms:Decrypt with a KMS key), and look for a Deny in the "
          "bucket's policy."));
}

static void tell_no_signature(const error_telling *telling) {
  findings_add_likely(telling->findings, CAUSE_URL,
                      TEXT_LITERAL("The request is not signed: the URL has no X-Amz-Signature, and "
                                   "nobody may do this without one. (A form's signature is in its "
                                   "fields: if it was a form, who signed may not do this.)"),
                      TEXT_LITERAL("Use the signed URL with its whole query."));
}

/* In the order in which they are looked for; the first has the key in it, which may be any text. */
void error_tell_denied(const error_telling *telling) {
  const s3_error_reply *error = telling->error;
  if (is_detailed(error)) {
    tell_permission(telling);
    return;
  }
  if (error_begins(error, "Request has expired") ||
      error_begins(error, "Invalid according to Policy: Policy expired")) {
    error_tell_expired(telling);
  } else if (error_begins(error, "Request is not valid yet") ||
             error_begins(error, "Request is not yet valid")) {
    error_tell_clock(telling);
  } else if (error_begins(error, unsigned_headers)) {
    error_tell_unsigned(telling);
  } else if (error_begins(error, "Invalid according to Policy")) {
    tell_form(telling);
  } else if (telling->url != NULL && is_unsigned(telling->url)) {
    tell_no_signature(telling);
  } else {
    tell_permission(telling);
  }
}
