#include "signed_upload.h"

#include "admit.h"
#include "receipts.h"
#include "reply_body.h"

static http_error sign_form(signed_upload *granted, const function_call *call) {
  s3_post_form *form = &granted->made.form;
  const http_error error = upload_form_make(form, call, &granted->upload);
  granted->url = form->url;
  granted->told = form->fields;
  granted->told_count = form->field_count;
  return error;
}

static http_error sign_put(signed_upload *granted, const function_call *call) {
  signed_put *put = &granted->made.put;
  const http_error error = signed_put_make(put, call, &granted->upload);
  granted->url = put->url;
  granted->told = put->headers;
  granted->told_count = put->told_count;
  return error;
}

http_error signed_upload_sign(signed_upload *granted, const function_call *call, bool as_form) {
  const http_error error = as_form ? sign_form(granted, call) : sign_put(granted, call);
  granted->is_form = as_form;
  if (error.status == 0) {
    granted->receipt = receipts_grant(call, &granted->upload);
  }
  return error;
}

http_error signed_upload_grant(signed_upload *granted, const function_call *call,
                               upload_request *request, bool as_form) {
  request->size_is_capped = as_form;
  const http_error error = admit_upload(call, request, &granted->upload);
  return error.status != 0 ? error : signed_upload_sign(granted, call, as_form);
}

void signed_upload_append_told(text_buffer *body, const signed_upload *granted) {
  reply_body_append_pairs(body, granted->is_form ? ",\"fields\":" : ",\"headers\":", granted->told,
                          granted->told_count);
}

void signed_upload_append(text_buffer *body, const function_call *call,
                          const signed_upload *granted) {
  reply_body_append_url(body, "{\"url\":", granted->url);
  text_buffer_append_string(body,
                            granted->is_form ? ",\"method\":\"POST\"" : ",\"method\":\"PUT\"");
  signed_upload_append_told(body, granted);
  reply_body_append_text(body, ",\"key\":", granted->upload.key);
  reply_body_append_expiry(body, call->time_seconds, granted->upload.expires_seconds);
  receipts_append(body, granted->receipt);
  text_buffer_append_byte(body, '}');
}
