#include "explain_work.h"

bool explain_can_check_signature(const explain_work *work) {
  const s3_credentials *credentials = &work->input->credentials;
  return work->evidence.has_url && credentials->secret_access_key.size > 0 &&
         text_slice_equal(credentials->access_key_id, work->evidence.url.access_key_id);
}

bool explain_is_form(const explain_work *work) {
  return work->evidence.reply.is_form ||
         (work->evidence.has_url && !work->evidence.url.has_credential &&
          work->evidence.url.signature.size == 0);
}
