#include "error_causes.h"

#include "error_table.h"
#include "error_telling.h"

bool error_needs_comparison(const s3_error_reply *error) {
  return error_has_code(error, "SignatureDoesNotMatch");
}

static void tell_region(const error_telling *telling) {
  const text_slice own = telling->error->region;
  if (telling->url != NULL && telling->url->region.size > 0 && own.size > 0) {
    findings_add(telling->findings, CAUSE_REGION,
                 WORDS(telling->arena,
                       "The URL was signed for the region {}, and the bucket is in {}.",
                       telling->url->region, own),
                 WORDS(telling->arena,
                       "Sign for {} and use its endpoint (AWS_REGION of the function).", own));
  } else {
    findings_add(
        telling->findings, CAUSE_REGION,
        telling->error->endpoint.size > 0
            ? WORDS(telling->arena, "The bucket is reached at another endpoint: {}.",
                    telling->error->endpoint)
            : TEXT_LITERAL("The bucket is in another region than the one that was signed for."),
        TEXT_LITERAL("Sign for the bucket's own region and use its regional endpoint; the "
                     "global one redirects, and a redirected preflight fails."));
  }
}

static void tell_token(const error_telling *telling) {
  const signed_url *url = telling->url;
  const text_slice new_credentials =
      TEXT_LITERAL("Sign anew with credentials that are whole: AWS_ACCESS_KEY_ID, "
                   "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of one and the same session.");
  if (error_has_code(telling->error, "ExpiredToken") ||
      error_has_code(telling->error, "TokenRefreshRequired") ||
      error_says(telling->error, "expired")) {
    findings_add(
        telling->findings, CAUSE_TOKEN,
        TEXT_LITERAL("The session token has expired. A URL lives no longer than the credentials "
                     "that signed it, whatever X-Amz-Expires says."),
        TEXT_LITERAL("Ask for a new URL; keep UPLOAD_EXPIRES_SECONDS short."));
  } else if (url != NULL && url->token.size == 0) {
    findings_add(telling->findings, CAUSE_TOKEN,
                 TEXT_LITERAL("The session token is missing: the access key is one of temporary "
                              "credentials, and the URL has no X-Amz-Security-Token."),
                 new_credentials);
  } else {
    findings_add(
        telling->findings, CAUSE_TOKEN,
        TEXT_LITERAL("The session token is not the one that belongs to the access key, or was "
                     "changed or cut on its way."),
        new_credentials);
  }
}

static void tell_access_key(const error_telling *telling) {
  const signed_url *url = telling->url;
  if (url != NULL && text_slice_starts_with(url->access_key_id, TEXT_LITERAL("ASIA")) &&
      url->token.size == 0) {
    tell_token(telling);
    return;
  }
  const text_slice id = url != NULL && url->access_key_id.size > 0 ? url->access_key_id
                                                                   : telling->error->access_key_id;
  findings_add(
      telling->findings, CAUSE_ACCESS_KEY,
      WORDS(telling->arena,
            "S3 knows no access key {}: it was deleted, or is of another store, "
            "account partition or session.",
            id),
      TEXT_LITERAL("Sign with an access key that exists; a function on Lambda has one of its "
                   "role, so look whether AWS_ENDPOINT_URL_S3 names the right store."));
}

static void tell_size(const error_telling *telling) {
  const s3_error_reply *error = telling->error;
  const bool told = error->proposed_size.size > 0 && error->max_size_allowed.size > 0;
  findings_add(
      telling->findings, CAUSE_SIZE,
      told ? WORDS(telling->arena, "The upload is too large: {} bytes, and at most {} are let in.",
                   error->proposed_size, error->max_size_allowed)
           : TEXT_LITERAL("The upload is too large: the form's policy (content-length-range) or "
                          "S3's own limit of 5 GiB for one request does not let it in."),
      TEXT_LITERAL("Upload less, raise UPLOAD_MAX_BYTES, or use multipart for more than 5 GiB."));
}

/* Of stores that do not name the condition: the one that the URL has sent. */
static bool is_of_if_none_match(const error_telling *telling) {
  const text_slice condition = telling->error->condition;
  const signed_url *url = telling->url;
  return condition.size > 0 ? text_slice_equal(condition, TEXT_LITERAL("If-None-Match"))
                            : url != NULL && signed_url_signs(url, TEXT_LITERAL("if-none-match")) &&
                                  !signed_url_signs(url, TEXT_LITERAL("if-match"));
}

static void tell_condition(const error_telling *telling) {
  const text_slice condition = telling->error->condition;
  if (text_slice_starts_with(condition, TEXT_LITERAL("Bucket POST must be"))) {
    (void)error_table_add(telling->findings, TEXT_LITERAL("RequestIsNotMultiPartContent"));
  } else if (is_of_if_none_match(telling)) {
    findings_add(
        telling->findings, CAUSE_CONDITION,
        TEXT_LITERAL("The condition If-None-Match does not hold: there is an object with this "
                     "key already."),
        TEXT_LITERAL("Ask for a URL with a new key; UPLOAD_OVERWRITE=allow lets uploads replace "
                     "objects."));
  } else {
    findings_add(
        telling->findings, CAUSE_CONDITION,
        condition.size > 0
            ? WORDS(telling->arena, "The condition {} does not hold.", condition)
            : TEXT_LITERAL("A condition of the request (a header If-...) does not hold."),
        TEXT_LITERAL("Look at the object as it is now, and send the condition that you mean."));
  }
}

static const struct {
  const char *code;
  void (*tell)(const error_telling *telling);
} tellers[] = {{"AccessDenied", error_tell_denied},
               {"RequestTimeTooSkewed", error_tell_clock},
               {"RequestExpired", error_tell_expired},
               {"HeadersNotSigned", error_tell_unsigned},
               {"InvalidAccessKeyId", tell_access_key},
               {"ExpiredToken", tell_token},
               {"InvalidToken", tell_token},
               {"InvalidTokenId", tell_token},
               {"TokenRefreshRequired", tell_token},
               {"PermanentRedirect", tell_region},
               {"TemporaryRedirect", tell_region},
               {"EntityTooLarge", tell_size},
               {"PreconditionFailed", tell_condition}};

static bool tell_known(const error_telling *telling) {
  for (size_t i = 0; i < sizeof tellers / sizeof tellers[0]; i++) {
    if (error_has_code(telling->error, tellers[i].code)) {
      tellers[i].tell(telling);
      return true;
    }
  }
  return error_table_add(telling->findings, telling->error->code);
}

static bool is_other_region(const error_telling *telling) {
  return telling->error->region.size > 0 && telling->url != NULL && telling->url->region.size > 0 &&
         !text_slice_equal(telling->error->region, telling->url->region);
}

void error_causes_add(finding_list *findings, const s3_error_reply *error, const signed_url *url,
                      int64_t now_seconds, text_arena *arena) {
  const error_telling telling = {findings, error, url, now_seconds, arena};
  if (is_other_region(&telling) || error_says(error, "; the region '")) {
    tell_region(&telling);
  } else if (!tell_known(&telling) && text_slice_starts_with(error->code, TEXT_LITERAL("KMS."))) {
    findings_add(
        findings, CAUSE_ENCRYPTION,
        WORDS(arena, "The bucket's KMS key can't be used ({}).", error->code),
        TEXT_LITERAL("Look at the key: it must be enabled, in the bucket's region, and its "
                     "policy must let the signer's role use it."));
  }
}
