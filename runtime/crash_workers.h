/* The workers, as a crash looks at them: what each has in hand, and until when. Read by
 * whatever thread crashes, in a signal handler.
 */
#ifndef RUNTIME_CRASH_WORKERS_H
#define RUNTIME_CRASH_WORKERS_H

#ifndef __cplusplus
#include <stdatomic.h>
#endif
#include <stdbool.h>
#include <stdint.h>

#include "crash_post.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct runtime_crash_worker runtime_crash_worker;

#ifndef __cplusplus /* whose atomics are others */
/* Starts with nothing in hand, and all zero. */
struct runtime_crash_worker {
  runtime_crash_worker *next;
  atomic_bool held; /* while `invocation` is changed, or reported by another thread */
  runtime_crash_invocation invocation; /* in the handler's hands; no request id: none */
  atomic_llong due_ms;  /* Unix epoch: when it is to be answered; 0: nothing in hand */
  atomic_bool crashed;  /* what it had in hand is being reported */
  atomic_bool finished; /* nobody waits for it any more */
};
#endif

/* `worker` is to be valid until runtime_crash_workers_forget(). */
void runtime_crash_workers_add(runtime_crash_worker *worker);

/* Forgets all, and returns them as a list. */
runtime_crash_worker *runtime_crash_workers_forget(void);

/* Takes the deadline of the invocation in hand, 0 when none was told. */
void runtime_crash_worker_take(runtime_crash_worker *worker, int64_t deadline_ms);
void runtime_crash_worker_answered(runtime_crash_worker *worker);

/* Puts an invocation into the handler's hands, or with the empty one takes it out of
 * them; waits while another thread reports it. */
void runtime_crash_worker_watch(runtime_crash_worker *worker, runtime_crash_invocation invocation);

/* The only worker that has not crashed and whose handler is at work, which can't take the
 * invocation from it any more; null when there is none or several. Writes how many there
 * are. */
runtime_crash_worker *runtime_crash_workers_hold_only(size_t *count);

/* How many workers a crash at `since_ms` has still to wait for: each until the deadline of
 * what it has in hand, and two seconds for what is on its way to or from it. */
size_t runtime_crash_workers_awaited(int64_t since_ms);

/* How many have an invocation in hand that nobody has answered. */
size_t runtime_crash_workers_unanswered(void);

#ifdef __cplusplus
}
#endif

#endif
