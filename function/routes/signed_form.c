#include "signed_form.h"

#include "admit.h"
#include "receipts.h"
#include "reply_body.h"
#include "upload_form.h"

static text_slice write_body(const function_call *call, const admitted_upload *upload,
                             const s3_post_form *form) {
  const text_slice receipt = receipts_grant(call, upload);
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_text(&body, "{\"url\":", form->url);
  reply_body_append_pairs(&body, ",\"method\":\"POST\",\"fields\":", form->fields,
                          form->field_count);
  reply_body_append_text(&body, ",\"key\":", upload->key);
  reply_body_append_expiry(&body, call->time_seconds, upload->expires_seconds);
  receipts_append(&body, receipt);
  text_buffer_append_byte(&body, '}');
  return text_arena_close(call->arena, &body);
}

http_error signed_form_get(const function_call *call, http_reply *reply) {
  upload_request request;
  admitted_upload upload;
  s3_post_form form;
  http_error error = upload_request_from_query(&request, call->request, call->arena);
  request.size_is_capped = true;
  if (error.status == 0) {
    error = admit_upload(call, &request, &upload);
  }
  if (error.status == 0) {
    error = upload_form_make(&form, call, &upload);
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, write_body(call, &upload, &form));
  }
  return error;
}
