/* Reads the events that HTTP services send to a function.
 *
 * Sources:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *          https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *          https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 *          https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
#ifndef HTTP_EVENT_H
#define HTTP_EVENT_H

#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Null when `request` was read (json_tree.h says what JSON is taken); otherwise what is wrong with
 * the event, constant text. All of `request` lives in `arena` or in `payload`. */
const char *http_event_read(http_request *request, text_slice payload, text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
