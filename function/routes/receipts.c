#include "receipts.h"

#include "text/json.h"
#include "text/utf8.h"

enum { SUBJECT_MAX_BYTES = 256 };

bool receipts_are_on(const function_call *call) {
  return call->receipt_keys->count > 0;
}

http_error receipts_subject(const function_call *call, text_slice *subject) {
  const text_slice asked = call->config->receipt_subject;
  const text_slice claim = asked.size > 0 ? asked : TEXT_LITERAL("sub");
  *subject = http_claims_get(&call->request->caller, claim);
  if (subject->size > 0 && subject->size <= SUBJECT_MAX_BYTES && text_utf8_is_clean(*subject)) {
    return (http_error){0};
  }
  *subject = TEXT_LITERAL("");
  return asked.size == 0 && !http_claims_has(&call->request->caller, claim)
             ? (http_error){0}
             : http_error_make(call->arena, 403, "CallerNotAllowed",
                               "the claim %.*s, which names the caller in receipts, "
                               "must be a text of 1 to 256 bytes without control "
                               "characters",
                               (int)claim.size, claim.data);
}

text_slice receipts_grant(const function_call *call, const admitted_upload *upload) {
  upload_receipt about = {.bucket = call->config->bucket,
                          .key = upload->key,
                          .profile = upload->rules->profile,
                          .content_type = upload->content_type,
                          .sha256 = upload->sha256,
                          .size_bytes = upload->size_bytes};
  if (!receipts_are_on(call)) {
    return TEXT_LITERAL("");
  }
  (void)receipts_subject(call, &about.subject);
  return receipt_granted(call->receipt_keys, &about, call->time_seconds, call->arena);
}

void receipts_append(text_buffer *body, text_slice receipt) {
  body->overflowed |= receipt.data == NULL;
  if (receipt.size > 0) {
    text_buffer_append_string(body, ",\"receipt\":\"");
    text_buffer_append(body, receipt); /* has no letter that JSON escapes */
    text_buffer_append_byte(body, '"');
  }
}
