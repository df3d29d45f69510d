#include "crash_workers.h"

#include <poll.h>

#include "text/clock.h"

enum {
  GRACE_MS = 2000,
  /* As long as Lambda lets a function run, where no deadline was told. */
  LONGEST_MS = 15 * 60 * 1000,
  HOLD_TRIES = 100 /* of a millisecond: who changes an invocation needs far less */
};

static _Atomic(runtime_crash_worker *) first;

void runtime_crash_workers_add(runtime_crash_worker *worker) {
  worker->next = atomic_load(&first);
  while (!atomic_compare_exchange_weak(&first, &worker->next, worker)) {
  }
}

runtime_crash_worker *runtime_crash_workers_forget(void) {
  return atomic_exchange(&first, NULL);
}

void runtime_crash_worker_take(runtime_crash_worker *worker, int64_t deadline_ms) {
  atomic_store(&worker->due_ms, deadline_ms > 0 ? deadline_ms : text_clock_epoch_ms() + LONGEST_MS);
}

void runtime_crash_worker_answered(runtime_crash_worker *worker) {
  atomic_store(&worker->due_ms, 0);
}

static bool hold(runtime_crash_worker *worker, int tries) {
  while (atomic_exchange(&worker->held, true)) {
    if (tries > 0 && --tries == 0) {
      return false;
    }
    (void)poll(NULL, 0, 1);
  }
  return true;
}

static void release(runtime_crash_worker *worker) {
  atomic_store(&worker->held, false);
}

void runtime_crash_worker_watch(runtime_crash_worker *worker, runtime_crash_invocation invocation) {
  (void)hold(worker, 0);
  worker->invocation = invocation;
  release(worker);
}

runtime_crash_worker *runtime_crash_workers_hold_only(size_t *count) {
  runtime_crash_worker *only = NULL;
  *count = 0;
  for (runtime_crash_worker *worker = atomic_load(&first); worker != NULL; worker = worker->next) {
    if (atomic_load(&worker->crashed) || !hold(worker, HOLD_TRIES)) {
      continue;
    }
    const bool at_work = worker->invocation.request_id.size > 0;
    *count += at_work ? 1 : 0;
    if (at_work && *count == 1) {
      only = worker;
    } else {
      release(worker);
    }
  }
  if (*count > 1) {
    release(only);
    return NULL;
  }
  return only;
}

size_t runtime_crash_workers_awaited(int64_t since_ms) {
  const int64_t now_ms = text_clock_epoch_ms() - GRACE_MS;
  size_t awaited = 0;
  for (runtime_crash_worker *worker = atomic_load(&first); worker != NULL; worker = worker->next) {
    const int64_t due_ms = atomic_load(&worker->due_ms);
    if (!atomic_load(&worker->finished) && now_ms < (due_ms > since_ms ? due_ms : since_ms)) {
      awaited++;
    }
  }
  return awaited;
}

size_t runtime_crash_workers_unanswered(void) {
  size_t unanswered = 0;
  for (runtime_crash_worker *worker = atomic_load(&first); worker != NULL; worker = worker->next) {
    unanswered += !atomic_load(&worker->finished) && atomic_load(&worker->due_ms) != 0 ? 1 : 0;
  }
  return unanswered;
}
