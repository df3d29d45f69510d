/* Errors of time: a URL or form that has ended, or that begins later. Stores differ in the code,
 * and some tell it by their words alone.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *          https://developers.cloudflare.com/r2/api/error-codes (ExpiredRequest)
 *          https://docs.cloud.google.com/storage/docs/xml-api/reference-status (ExpiredToken)
 */
#include <string.h>

#include "error_telling.h"
#include "text/utc.h"

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

static bool tells_end_of_signature(text_slice details) {
  static const char words[] = "Request signature expired";
  return details.size > 0 && memmem(details.data, details.size, words, sizeof words - 1) != NULL;
}

bool error_is_of_expiry(const error_telling *telling) {
  static const char *const codes[] = {"RequestExpired", "ExpiredRequest"};
  /* Of AWS and most; of Ceph; of Garage; of S3's forms. */
  static const char *const beginnings[] = {"Request has expired", "The pre-signed URL has expired",
                                           "Bad request: Date is too old",
                                           "Invalid according to Policy: Policy expired"};
  const s3_error_reply *error = telling->error;
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    if (error_has_code(error, codes[i])) {
      return true;
    }
  }
  for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
    if (error_begins(error, beginnings[i])) {
      return true;
    }
  }
  /* Google calls the end of a URL that of a token. A URL without a token has no other end. */
  return error_has_code(error, "ExpiredToken") &&
         (tells_end_of_signature(error->details) ||
          (telling->url != NULL && telling->url->token.size == 0));
}

bool error_is_of_beginning(const error_telling *telling) {
  return error_begins(telling->error, "Request is not valid yet") ||
         error_begins(telling->error, "Request is not yet valid");
}

/* The URL can have ended after it was refused, so this proves nothing. */
void error_suspect_expired(const error_telling *telling) {
  struct ending ending;
  if (telling->url != NULL && find_ending(telling, &ending)) {
    findings_add_likely(
        telling->findings, CAUSE_EXPIRED,
        WORDS(telling->arena,
              "The URL ended at {}. If it was sent after that, this is why: some stores do not say "
              "so.",
              words_time(telling->arena, ending.end_seconds)),
        TEXT_LITERAL("Ask for a new URL right before each upload."));
  }
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
