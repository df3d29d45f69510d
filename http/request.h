/* One HTTP request, whichever service brought it. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "claims.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who made the event, and so how the reply must look. */
typedef enum http_source {
  HTTP_SOURCE_V2,  /* HTTP API with payload 2.0, and function URLs */
  HTTP_SOURCE_V1,  /* REST API, and HTTP API with payload 1.0 */
  HTTP_SOURCE_ALB, /* Application Load Balancer */
  HTTP_SOURCE_ALB_MULTI_VALUE
} http_source;

typedef struct http_request {
  http_source source;
  text_slice method;      /* upper case, as it came */
  text_slice path;        /* with the stage or mount before it, if any */
  text_slice body;        /* decoded; empty when there is none */
  const text_pair *query; /* decoded */
  size_t query_count;
  const cJSON *headers; /* name: text, or name: [texts] */
  /* The host that the client asked, as API Gateway or the function URL found it: unlike a header of
   * that name, nobody else can set it. Null data when a load balancer, which tells none, is in
   * front. */
  text_slice domain;
  http_claims caller;
} http_request;

/* A header's value, its name compared without case; of several the last one. Null
 * data when it is missing. */
text_slice http_request_header(const http_request *request, text_slice name);

/* Whether the client takes gzip: it says so, and with a weight, if any, that is not 0.
 * Source: RFC 9110, 12.5.3 */
bool http_request_takes_gzip(const http_request *request);

/* The parameter named `name`: how often it is there, and the first one's value. */
size_t http_request_parameter(const http_request *request, text_slice name, text_slice *value);

#ifdef __cplusplus
}
#endif

#endif
