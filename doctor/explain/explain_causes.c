#include "explain_causes.h"

#include "compare.h"
#include "credentials.h"
#include "doctor/shared/error_causes.h"
#include "url_causes.h"

/* The names of the signed headers whose signed values are not known. */
static text_slice open_names(const explain_work *work) {
  text_buffer names = text_arena_open(work->arena);
  for (size_t i = 0; i < work->signed_parts.header_count; i++) {
    if (text_slice_equal(work->signed_parts.headers[i].value, request_not_known)) {
      text_buffer_append_string(&names, names.size > 0 ? " or " : "");
      text_buffer_append(&names, work->signed_parts.headers[i].name);
    }
  }
  return text_arena_close(work->arena, &names);
}

/* The secret at hand makes this signature of nothing that is near to what was sent. */
static void add_misfit(explain_work *work) {
  const text_slice names = open_names(work);
  if (names.size > 0) {
    findings_add_likely(
        &work->findings, CAUSE_HEADER_OTHER,
        WORDS(work->arena,
              "The signature fits no method, usual content type or encoding of the key with the "
              "secret key of the environment: {} was sent with another value than was signed, or "
              "another secret key signed.",
              names),
        TEXT_LITERAL(
            "Send the headers that came with the signed URL as they are; give its reply "
            "(--reply) to see them here. A signed content-length is the file's very size."));
    return;
  }
  findings_add_likely(
      &work->findings, CAUSE_SECRET,
      TEXT_LITERAL("The signature fits no method or encoding of the key with the secret key of the "
                   "environment: another one signed."),
      TEXT_LITERAL("Sign with the secret key that belongs to the access key, in this very store."));
}

/* S3 has told what it saw, or somebody what was sent; only the one is beyond doubt. */
static void add_other_secret(explain_work *work) {
  const text_slice change =
      TEXT_LITERAL("Sign with the secret key that belongs to the access key (look for spaces or "
                   "line ends around it), and that of this very store.");
  if (work->evidence.error.canonical_request.size > 0) {
    findings_add(
        &work->findings, CAUSE_SECRET,
        TEXT_LITERAL("What was sent is what was signed, so the secret key that signed is not the "
                     "one that S3 has for this access key."),
        change);
    return;
  }
  findings_add_likely(
      &work->findings, CAUSE_SECRET,
      TEXT_LITERAL("What is told here of the request is what was signed. If no more than that was "
                   "sent, the secret key that signed is not the one that S3 has for this access "
                   "key; S3 does not tell what it saw."),
      change);
}

/* Nothing differs, and still the signature does. */
static void add_secret(explain_work *work) {
  const bool whole = compare_is_whole(&work->signed_parts) && compare_is_whole(&work->seen_parts);
  if (whole && text_slice_equal(work->signed_text, work->seen_text)) {
    add_other_secret(work);
  } else if (explain_can_check_signature(work) &&
             !credentials_fit(&work->input->credentials, &work->evidence.url, work->signed_text,
                              work->arena)) {
    add_misfit(work);
  }
}

static void add_form(explain_work *work) {
  findings_add(
      &work->findings, CAUSE_FORM,
      TEXT_LITERAL("The form's signature is not that of its policy under the secret key that S3 "
                   "has: the field policy, x-amz-signature, x-amz-credential or x-amz-date was "
                   "changed, or another secret key signed."),
      TEXT_LITERAL("Send the fields of the signed form as they are, and the file last."));
}

/* All of the URL is as the reply has it, but for a signature that no secret at hand explains. */
static bool is_signature_changed(const explain_work *work) {
  const explain_evidence *evidence = &work->evidence;
  return evidence->has_reply && !evidence->reply.is_form &&
         signed_url_differ_in_signature(&evidence->url, &evidence->reply_url) &&
         !(explain_can_check_signature(work) &&
           credentials_fit(&work->input->credentials, &evidence->url, work->signed_text,
                           work->arena));
}

static void add_differences(explain_work *work) {
  if (!work->has_both) {
    return;
  }
  if (is_signature_changed(work)) {
    findings_add(&work->findings, CAUSE_URL,
                 TEXT_LITERAL("The URL's X-Amz-Signature is not the one that the reply has: it was "
                              "changed on its way."),
                 TEXT_LITERAL("Use the signed URL whole and as it is in the reply."));
  }
  compare_requests(&work->findings, &work->signed_parts, &work->seen_parts, work->arena);
  compare_unsigned(&work->findings, &work->sent, &work->evidence.url, work->arena);
}

/* What S3 refuses for something else may differ as well. */
static void call_all_likely(finding_list *findings) {
  for (size_t i = 0; i < findings->count; i++) {
    findings->list[i].likely = true;
  }
}

/* Where the URL is all that is known of what was signed, its path as it stands there. */
static text_slice path_to_suspect(const explain_work *work) {
  const bool known = work->evidence.has_reply || compare_is_whole(&work->signed_parts);
  return known ? TEXT_LITERAL("") : work->evidence.url.raw_path;
}

static void add_mismatch(explain_work *work) {
  if (explain_is_form(work)) {
    add_form(work);
    return;
  }
  add_differences(work);
  if (work->findings.count == 0 && work->has_seen) {
    compare_suspect(&work->findings, &work->seen_parts, path_to_suspect(work), work->arena);
  }
  if (work->findings.count == 0 && work->has_both) {
    add_secret(work);
  }
}

/* What S3 says of a signature or of headers, or what nobody else explains. */
static void add_comparison(explain_work *work) {
  const s3_error_reply *error = &work->evidence.error;
  if (error_needs_comparison(error)) {
    add_mismatch(work);
    return;
  }
  add_differences(work);
  if (work->evidence.has_error && !error_tells_headers(error)) {
    call_all_likely(&work->findings);
  }
}

/* A form is a POST; without its reply a URL that is not signed may be one's. */
static bool may_be_form(const explain_work *work) {
  const text_slice method = work->input->method;
  return explain_is_form(work) &&
         (method.size == 0 || text_slice_equal_ignoring_case(method, TEXT_LITERAL("POST")));
}

static void add_of_error(explain_work *work, const signed_url *url) {
  const error_request request = {.url = url,
                                 .is_form = may_be_form(work),
                                 .headers = work->input->headers,
                                 .header_count = work->input->header_count};
  error_causes_add(&work->findings, &work->evidence.error, &request, work->input->now_seconds,
                   work->arena);
}

void explain_find_causes(explain_work *work) {
  const explain_evidence *evidence = &work->evidence;
  const int64_t now_seconds = work->input->now_seconds;
  const signed_url *url = evidence->has_url && !evidence->reply.is_form ? &evidence->url : NULL;
  if (url != NULL) {
    url_causes_add(&work->findings, url, work->arena);
  }
  if (evidence->has_error) {
    add_of_error(work, url);
  }
  if (work->findings.count == 0) {
    add_comparison(work);
  }
  if (url != NULL && !evidence->has_error) {
    url_expiry_add(&work->findings, url, now_seconds, work->arena);
  }
}
