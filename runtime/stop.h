/* The wish to stop: raised by SIGTERM, or by a worker that can't go on, and seen
 * by every worker that waits for an invocation.
 */
#ifndef RUNTIME_STOP_H
#define RUNTIME_STOP_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gets ready, and lets SIGTERM raise the wish; in a forked child it does what it did
 * before. False when the system gives no descriptor for it. */
bool runtime_stop_setup(void);

/* Raises the wish. Safe in a signal handler and from any thread. */
void runtime_stop_raise(void);

bool runtime_stop_is_raised(void);

/* Readable from the moment the wish is raised; -1 before runtime_stop_setup(). */
int runtime_stop_descriptor(void);

/* Waits for so long, or until the wish is raised; whether it is. */
bool runtime_stop_wait(int milliseconds);

/* Gives SIGTERM back, and forgets the wish. */
void runtime_stop_teardown(void);

#ifdef __cplusplus
}
#endif

#endif
