/* Crashes of a handler: reported to the Runtime API before the process ends.
 *
 * SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are caught on a stack of their own,
 * unless the program has a handler for them already. A report is written with
 * plain sockets, since nothing else is safe there. With several workers the
 * crashed one stands still, and the process ends when the others have answered
 * what they have in hand. A process that a handler forks crashes as any other.
 */
#ifndef RUNTIME_CRASH_H
#define RUNTIME_CRASH_H

#include "lambda.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Once, before any worker. `alone`: there is one worker, on the main thread, so a
 * crash ends the process at once. */
void runtime_crash_setup(const char *runtime_api, bool alone);
void runtime_crash_teardown(void);

/* Around a worker's loop, on its thread. Without memory for a stack the thread
 * stays unguarded. */
void runtime_crash_guard_thread(void);
void runtime_crash_unguard_thread(void);

/* The invocation in the handler's hands; null: none. What its slices point into must
 * stay valid until the next call. The invocation itself need not: it is on the stack,
 * which a crash may come from having overwritten. */
void runtime_crash_watch(const lambda_invocation *invocation);

/* A worker's thread says that it is done; the main thread waits for `count` of
 * them, and does not return if one of them crashed. */
void runtime_crash_thread_is_done(void);
void runtime_crash_wait_for_threads(size_t count);

#ifdef __cplusplus
}
#endif

#endif
