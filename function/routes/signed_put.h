/* A presigned PUT for an upload that was let in. */
#ifndef FUNCTION_SIGNED_PUT_H
#define FUNCTION_SIGNED_PUT_H

#include "call.h"
#include "function/admission/admission.h"
#include "s3/presign.h"

typedef struct signed_put {
  text_slice url;
  /* The signed headers. The first `told_count` are for the client to send; the
   * browser sets the rest itself. */
  text_pair headers[S3_HEADERS_MAX];
  size_t header_count;
  size_t told_count;
  char size_storage[20];
} signed_put;

http_error signed_put_make(signed_put *put, const function_call *call,
                           const admitted_upload *upload);

#endif
