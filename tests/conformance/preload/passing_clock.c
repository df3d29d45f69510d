/* Preloaded: time passes when there is nothing to wait for. A poll() of up to
 * PASSING_MS milliseconds that nothing ends waits a moment only, and then the clock
 * has moved on as if it had been the whole time. Longer ones wait as ever. When
 * PASSED_MS have gone by in this way, the file PASSED_FILE is there. With JUMP_MS each look at
 * that clock takes so long, so that time passes also where something comes all the while. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MOMENT_MS = 100 };

static atomic_llong passed_ms;

static void pass(int milliseconds) {
  const char *file = getenv("PASSED_FILE");
  passed_ms += milliseconds;
  if (file != NULL && passed_ms >= atoll(getenv("PASSED_MS"))) {
    (void)close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  }
}

int poll(struct pollfd *descriptors, nfds_t count, int timeout_ms) {
  int (*next)(struct pollfd *, nfds_t, int) =
      (int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
  if (timeout_ms <= MOMENT_MS || timeout_ms > atoi(getenv("PASSING_MS"))) {
    return next(descriptors, count, timeout_ms);
  }
  const int ready = next(descriptors, count, MOMENT_MS);
  if (ready == 0) {
    pass(timeout_ms);
  }
  return ready;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int (*next)(clockid_t, struct timespec *) =
      (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = next(clock, now);
  if (result == 0 && clock != CLOCK_REALTIME) {
    const char *jump = getenv("JUMP_MS");
    passed_ms += jump != NULL ? atoi(jump) : 0;
    const long long whole_ms = passed_ms;
    now->tv_sec += whole_ms / 1000;
    now->tv_nsec += whole_ms % 1000 * 1000000;
    now->tv_sec += now->tv_nsec / 1000000000;
    now->tv_nsec %= 1000000000;
  }
  return result;
}
