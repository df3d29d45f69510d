/* Who calls: what API Gateway's authorizer found out about the caller.
 *
 * Sources:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
#ifndef HTTP_CLAIMS_H
#define HTTP_CLAIMS_H

#include "json_tree.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A caller, as the event tells. Only AWS writes this part of an event: a client can't. */
typedef struct http_claims {
  const cJSON *context; /* the event's requestContext; null: a caller that nobody knows */
} http_claims;

/* A claim of the caller's token (HTTP API and REST API), of what a Lambda authorizer said of the
 * caller (its context, and a REST API's principalId) or, if there is neither, one of the names that
 * IAM authorization gives: accountId, callerId, userId, cognitoIdentityId. Null data when the
 * caller has no such claim, or one that is no text: a Lambda authorizer before an HTTP API can give
 * numbers, booleans, lists and objects as well. */
text_slice http_claims_get(const http_claims *caller, text_slice name);

/* The same, be it a text or not: what the authorizer said, as JSON. Null when it said nothing by
 * that name. Lives as long as the event. */
const cJSON *http_claims_find(const http_claims *caller, text_slice name);

/* Whether there is such a claim, and it is not null. */
bool http_claims_has(const http_claims *caller, text_slice name);

/* Appends all that the authorizer said of the caller, as a JSON object: the claims, or the names
 * that IAM authorization gives. Claims that nest deeper than 32 overflow the buffer. */
void http_claims_append_json(text_buffer *json, const http_claims *caller);

/* Whether an authorizer let the caller in: JWT, Cognito, Lambda or IAM. No load balancer is one:
 * what its listener's rules ask for is told in a header, which a client can send as well where they
 * do not. */
bool http_claims_are_known(const http_claims *caller);

#ifdef __cplusplus
}
#endif

#endif
