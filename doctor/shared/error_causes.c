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
    return;
  }
  const text_slice change =
      TEXT_LITERAL("Sign for the bucket's own region and use its regional endpoint; the "
                   "global one redirects, and a redirected preflight fails.");
  if (telling->error->endpoint.size > 0) {
    findings_add(telling->findings, CAUSE_REGION,
                 WORDS(telling->arena, "The bucket is reached at another endpoint: {}.",
                       telling->error->endpoint),
                 change);
  } else {
    findings_add_likely(
        telling->findings, CAUSE_REGION,
        TEXT_LITERAL("The bucket is in another region than the one that was signed for."), change);
  }
}

/* A store may name its region in every error, whatever the cause is. */
static void suspect_region(const error_telling *telling) {
  const text_slice own = telling->error->region;
  findings_add_likely(
      telling->findings, CAUSE_REGION,
      WORDS(telling->arena, "The URL was signed for the region {}, and the store names {}.",
            telling->url->region, own),
      WORDS(telling->arena, "Sign for {} and use its endpoint (AWS_REGION of the function).", own));
}

static void tell_token(const error_telling *telling) {
  const signed_url *url = telling->url;
  const text_slice new_credentials =
      TEXT_LITERAL("Sign anew with credentials that are whole: AWS_ACCESS_KEY_ID, "
                   "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of one and the same session.");
  if (error_has_code(telling->error, "ExpiredToken") ||
      error_has_code(telling->error, "TokenRefreshRequired")) {
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
                     "changed or cut on its way, or the store takes none at all."),
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
           : TEXT_LITERAL("The upload is too large: the form's policy (content-length-range), S3's "
                          "own limit of 5 GiB for one request or the store's does not let it in."),
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

/* With a retention, of the bucket or the request, S3 wants to be sure of the bytes. */
static void tell_invalid_request(const error_telling *telling) {
  if (error_says(telling->error, "Object Lock parameters") &&
      (error_says(telling->error, "MD5") || error_says(telling->error, "x-amz-checksum"))) {
    findings_add(
        telling->findings, CAUSE_CHECKSUM,
        TEXT_LITERAL("The object is to be locked, by the default retention of the bucket's Object "
                     "Lock or by a header, and then no upload is taken without a checksum."),
        TEXT_LITERAL("Have a checksum signed and send it: `sha256` of /signed_url, of /signed_form "
                     "and of each part. UPLOAD_REQUIRE=sha256 lets no upload be signed without."));
  }
}

static const struct {
  const char *code;
  void (*tell)(const error_telling *telling);
} tellers[] = {{"AccessDenied", error_tell_denied},
               {"RequestTimeTooSkewed", error_tell_clock},
               {"NotImplemented", error_tell_not_implemented},
               {"MethodNotAllowed", error_tell_method},
               {"InvalidRequest", tell_invalid_request},
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

static void tell_known(const error_telling *telling) {
  for (size_t i = 0; i < sizeof tellers / sizeof tellers[0]; i++) {
    if (error_has_code(telling->error, tellers[i].code)) {
      tellers[i].tell(telling);
      return;
    }
  }
  (void)error_table_add(telling->findings, telling->error->code);
}

static bool is_other_region(const error_telling *telling) {
  return telling->error->region.size > 0 && telling->url != NULL && telling->url->region.size > 0 &&
         !text_slice_equal(telling->error->region, telling->url->region);
}

/* Whether the error is about the region, rather than of a store that names its own. */
static bool is_of_region(const error_telling *telling) {
  return error_says(telling->error, "; the region ") ||
         (is_other_region(telling) &&
          (error_has_code(telling->error, "AuthorizationHeaderMalformed") ||
           error_has_code(telling->error, "AuthorizationQueryParametersError") ||
           error_has_code(telling->error, "PermanentRedirect") ||
           error_has_code(telling->error, "TemporaryRedirect")));
}

/* What has been said for an end of the URL by stores that have no words for it. */
static bool may_be_expiry(const s3_error_reply *error) {
  return error_has_code(error, "InvalidRequest") || error_has_code(error, "MalformedHeader") ||
         error_has_code(error, "Unauthorized") || error_has_code(error, "UnauthorizedAccess");
}

static void tell_key_of_kms(const error_telling *telling) {
  findings_add(telling->findings, CAUSE_ENCRYPTION,
               WORDS(telling->arena, "The KMS key of the bucket or the request can't be used ({}).",
                     telling->error->code),
               TEXT_LITERAL("Look at the key: it must be enabled, in the bucket's region, and its "
                            "policy must let the signer's role use it."));
}

void error_causes_add(finding_list *findings, const s3_error_reply *error,
                      const error_request *request, int64_t now_seconds, text_arena *arena) {
  const error_telling telling = {findings, error, request->url, request, now_seconds, arena};
  const size_t before = findings->count;
  if (is_of_region(&telling)) {
    tell_region(&telling);
  } else if (error_is_of_expiry(&telling)) {
    error_tell_expired(&telling);
  } else if (error_is_of_beginning(&telling)) {
    error_tell_clock(&telling);
  } else if (text_slice_starts_with(error->code, TEXT_LITERAL("KMS."))) {
    tell_key_of_kms(&telling);
  } else {
    tell_known(&telling);
  }
  if (findings->count == before && is_other_region(&telling)) {
    suspect_region(&telling);
  }
  if (findings->count == before && may_be_expiry(error)) {
    error_suspect_expired(&telling);
  }
}
