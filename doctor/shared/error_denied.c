/* AccessDenied: S3 says it of many causes, and tells them apart in its message alone. */
#include <string.h>

#include "error_causes.h"
#include "error_telling.h"

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

/* Only S3 says in its words that it is a policy; of the others' bare refusal that is most likely.
 */
static void tell_permission(const error_telling *telling) {
  const bool is_signed = telling->url != NULL && !is_unsigned(telling->url);
  const bool detailed = is_detailed(telling->error);
  const text_slice who = is_signed
                             ? TEXT_LITERAL("The signature is good, and who signed may not do this")
                             : TEXT_LITERAL("Who signed, if it was signed, may not do this");
  const text_slice says = WORDS(telling->arena,
                                "{}: the signer's policy, the bucket's policy, or the policy of "
                                "the bucket's KMS key says so.",
                                who);
  const text_slice change = TEXT_LITERAL(
      "Allow the signer's role s3:PutObject on the key (and s3:PutObjectTagging with tags, "
      "kms:GenerateDataKey and kms:Decrypt with a KMS key), and look for a Deny in the "
      "bucket's policy.");
  if (detailed) {
    findings_add(telling->findings, CAUSE_PERMISSION, says, change);
    return;
  }
  findings_add_likely(telling->findings, CAUSE_PERMISSION, says, change);
  error_suspect_expired(telling);
}

static void tell_no_signature(const error_telling *telling) {
  findings_add_likely(telling->findings, CAUSE_URL,
                      TEXT_LITERAL("The request is not signed: the URL has no X-Amz-Signature, and "
                                   "nobody may do this without one. (A form's signature is in its "
                                   "fields: if it was a form, who signed may not do this.)"),
                      TEXT_LITERAL("Use the signed URL with its whole query."));
}

/* S3's words of a policy have the key in them, which may be any text: they go before all others. */
void error_tell_denied(const error_telling *telling) {
  const s3_error_reply *error = telling->error;
  const bool detailed = is_detailed(error);
  if (!detailed && error_begins(error, unsigned_headers)) {
    error_tell_unsigned(telling);
  } else if (!detailed && error_begins(error, "Invalid according to Policy")) {
    tell_form(telling);
  } else if (!detailed && telling->url != NULL && is_unsigned(telling->url)) {
    tell_no_signature(telling);
  } else {
    tell_permission(telling);
  }
}
