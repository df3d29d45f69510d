/* What is known of a request that a store refused. */
#ifndef DOCTOR_ERROR_REQUEST_H
#define DOCTOR_ERROR_REQUEST_H

#include "signed_url.h"

/* All of it may be empty. */
typedef struct error_request {
  const signed_url *url; /* or null */
  bool is_form;
  const text_pair *headers; /* that were sent */
  size_t header_count;
} error_request;

#endif
