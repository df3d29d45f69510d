#include "url_causes.h"
#include "s3/presign.h"
#include "text/decimal.h"

static const char as_it_is[] =
    "Use the signed URL whole and as it is: copy it from the reply's JSON, in quotes on a command "
    "line.";

static bool is_signed_at_all(const signed_url *url) {
  return url->has_algorithm || url->has_credential || url->signature.size > 0;
}

static bool lives_too_long(const signed_url *url) {
  int64_t seconds = 0;
  return url->expires.size > 0 &&
         (!text_decimal_parse(url->expires, S3_EXPIRES_MAX_SECONDS, &seconds) || seconds < 1);
}

static text_slice missing_parts(const signed_url *url, text_arena *arena) {
  const struct {
    bool is_there;
    const char *name;
  } parts[] = {{url->has_algorithm, "X-Amz-Algorithm"},
               {url->region.size > 0, "X-Amz-Credential"},
               {url->time.size > 0, "X-Amz-Date"},
               {url->expires.size > 0, "X-Amz-Expires"},
               {url->signed_names.size > 0, "X-Amz-SignedHeaders"},
               {url->signature.size > 0, "X-Amz-Signature"}};
  text_buffer text = text_arena_open(arena);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    if (!parts[i].is_there) {
      text_buffer_append_string(&text, text.size > 0 ? ", " : "");
      text_buffer_append_string(&text, parts[i].name);
    }
  }
  return text_arena_close(arena, &text);
}

static void add_cut(finding_list *findings, const signed_url *url, text_arena *arena) {
  const text_slice missing = missing_parts(url, arena);
  findings_add(findings, CAUSE_URL,
               missing.size > 0
                   ? WORDS(arena, "The URL was cut short: it has no {}.", missing)
                   : WORDS(arena,
                           "The URL was cut short or changed: its X-Amz-Signature has {} "
                           "characters, not 64 hexadecimal digits.",
                           words_number(arena, (int64_t)url->signature.size)),
               text_slice_of(as_it_is));
}

void url_causes_add(finding_list *findings, const signed_url *url, text_arena *arena) {
  if (url->was_html) {
    findings_add(
        findings, CAUSE_URL,
        TEXT_LITERAL("The URL has &amp; in the place of &: it was copied out of HTML or XML, "
                     "where & is written so."),
        text_slice_of(as_it_is));
  }
  if (url->is_version_2) {
    findings_add(
        findings, CAUSE_URL,
        TEXT_LITERAL("The URL is signed with Signature Version 2, which S3 no longer takes "
                     "in most regions."),
        TEXT_LITERAL("Sign with Signature Version 4, as Countersign does."));
  } else if (is_signed_at_all(url) && !signed_url_is_whole(url)) {
    add_cut(findings, url, arena);
  }
  if (lives_too_long(url)) {
    findings_add(findings, CAUSE_URL,
                 WORDS(arena, "X-Amz-Expires is {}; S3 takes 1 to 604800 seconds.", url->expires),
                 TEXT_LITERAL("Sign for a shorter time."));
  }
}

void url_expiry_add(finding_list *findings, const signed_url *url, int64_t now_seconds,
                    text_arena *arena) {
  int64_t begin_seconds = 0;
  int64_t end_seconds = 0;
  if (!signed_url_end(url, &begin_seconds, &end_seconds)) {
    return;
  }
  if (now_seconds > end_seconds) {
    findings_add_likely(findings, CAUSE_EXPIRED,
                        WORDS(arena, "By this machine's clock the URL ended at {}, {} ago.",
                              words_time(arena, end_seconds),
                              words_duration(arena, now_seconds - end_seconds)),
                        TEXT_LITERAL("Ask for a new URL right before each upload."));
  } else if (now_seconds < begin_seconds) {
    findings_add_likely(
        findings, CAUSE_CLOCK,
        WORDS(arena, "By this machine's clock the URL begins only at {}, in {}.",
              words_time(arena, begin_seconds), words_duration(arena, begin_seconds - now_seconds)),
        TEXT_LITERAL("Set the clock of the machine that signs, or of this one (NTP)."));
  }
}
