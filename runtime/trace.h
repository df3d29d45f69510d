/* _X_AMZN_TRACE_ID, by which the X-Ray SDKs find an invocation's trace.
 *
 * An environment belongs to the process, so it is for a single worker only.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
#ifndef RUNTIME_TRACE_H
#define RUNTIME_TRACE_H

#include "lambda.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets the variable for this invocation, or unsets it when there is no trace id. */
void runtime_trace_publish(lambda_slice trace_id);

#ifdef __cplusplus
}
#endif

#endif
