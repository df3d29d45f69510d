/* What somebody has at hand about a request that S3 refused. */
#ifndef DOCTOR_EXPLAIN_INPUT_H
#define DOCTOR_EXPLAIN_INPUT_H

#include "s3/signer.h"

typedef struct explain_input {
  text_slice url;   /* as it was sent; empty: that of the reply */
  text_slice error; /* S3's, in XML; empty: there is none */
  text_slice reply; /* Countersign's, in JSON; empty: there is none */
  text_slice method;
  const text_pair *headers; /* that were sent */
  size_t header_count;
  s3_credentials credentials; /* that signed; empty: not known */
  int64_t now_seconds;
} explain_input;

#endif
