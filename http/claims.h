/* Who calls: what API Gateway's authorizer found out about the caller.
 *
 * Sources:
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

/* A claim of the caller's token (HTTP API and REST API) or, if it has none, one of the names that
 * IAM authorization gives: accountId, callerId, userId, cognitoIdentityId. Null data when the
 * caller has no such claim, or one that is no text. */
text_slice http_claims_get(const http_claims *caller, text_slice name);

#ifdef __cplusplus
}
#endif

#endif
