/* An upload that was let in and signed: what each route that grants one tells its client. */
#ifndef FUNCTION_SIGNED_UPLOAD_H
#define FUNCTION_SIGNED_UPLOAD_H

#include "signed_put.h"
#include "upload_form.h"

/* Not to be copied: `told` is within. */
typedef struct signed_upload {
  admitted_upload upload;
  bool is_form; /* else it is a PUT */
  text_slice url;
  const text_pair *told; /* what the client must send: a form's fields, or headers */
  size_t told_count;
  text_slice receipt; /* see receipts_grant() */
  union {
    signed_put put;
    s3_post_form form;
  } made;
} signed_upload;

/* Signs `upload`, which was let in. */
http_error signed_upload_sign(signed_upload *granted, const function_call *call, bool as_form);

/* Lets an upload in, see admit.h, and signs it. */
http_error signed_upload_grant(signed_upload *granted, const function_call *call,
                               upload_request *request, bool as_form);

/* Appends ,"fields":{...} or ,"headers":{...} */
void signed_upload_append_told(text_buffer *body, const signed_upload *granted);

/* Appends the whole reply of /signed_url and /signed_form. */
void signed_upload_append(text_buffer *body, const function_call *call,
                          const signed_upload *granted);

#endif
