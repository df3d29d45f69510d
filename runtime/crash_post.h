/* POST of an error report with plain sockets, safe in a signal handler. */
#ifndef RUNTIME_CRASH_POST_H
#define RUNTIME_CRASH_POST_H

#include "error_report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of an invocation, what its failure is posted with. */
typedef struct runtime_crash_invocation {
  lambda_slice request_id;
  lambda_slice id; /* of this try of the request; empty: not told */
} runtime_crash_invocation;

/* Tells where the API is ("a.b.c.d:port"), outside any signal handler. With a name
 * instead of an address nothing is posted. */
void runtime_crash_post_setup(const char *runtime_api);

/* Reports the failure of an invocation, and waits two seconds at most for the
 * API to take it. */
void runtime_crash_post(const runtime_crash_invocation *invocation,
                        const runtime_error_report *report);

#ifdef __cplusplus
}
#endif

#endif
