/* Crashes of a handler: logged, and reported to the Runtime API, before the process ends.
 *
 * SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are caught on a stack of their own,
 * unless the program has a handler for them already, on whatever thread they come. A
 * report is written with plain sockets, since nothing else is safe there. The crashed
 * thread stands still, and the process ends when the other workers have answered
 * what they have in hand, at its deadline at the latest. A process that a handler forks
 * crashes as any other.
 */
#ifndef RUNTIME_CRASH_H
#define RUNTIME_CRASH_H

#include "lambda.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Once, before any worker. */
void runtime_crash_setup(const char *runtime_api);

/* When all workers have ended. Does not return after a crash. */
void runtime_crash_teardown(void);

/* At the start of a worker, on its thread. Without memory for a stack it stays unguarded. */
void runtime_crash_guard_thread(void);

/* A worker has nothing in hand and will take nothing more. A crash of its thread is
 * caught as that of any other. */
void runtime_crash_thread_is_done(void);

/* From here until it is answered a worker has an invocation in hand, with this deadline
 * (Unix epoch, milliseconds; 0: none was told). */
void runtime_crash_take(int64_t deadline_ms);
void runtime_crash_answered(void);

/* The invocation in the handler's hands; null: none. What its slices point into must
 * stay valid until the next call. The invocation itself need not: it is on the stack,
 * which a crash may come from having overwritten. */
void runtime_crash_watch(const lambda_invocation *invocation);

#ifdef __cplusplus
}
#endif

#endif
