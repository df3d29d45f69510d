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
bool stop_setup(void);

/* Raises the wish. Safe in a signal handler and from any thread. */
void stop_raise(void);

bool stop_is_raised(void);

/* Readable from the moment the wish is raised; -1 before stop_setup(). */
int stop_descriptor(void);

/* Gives SIGTERM back, and forgets the wish. */
void stop_teardown(void);

#ifdef __cplusplus
}
#endif

#endif
