/* The system's clocks, in milliseconds. */
#ifndef TEXT_CLOCK_H
#define TEXT_CLOCK_H

#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline int64_t text_clock_read_ms(clockid_t clock) {
  struct timespec now;
  (void)clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Since the Unix epoch: what deadlines are told in. May be set, and so jump. */
static inline int64_t text_clock_epoch_ms(void) {
  return text_clock_read_ms(CLOCK_REALTIME);
}

/* Since some moment in the past, and never backwards: for how long something takes. */
static inline int64_t text_clock_steady_ms(void) {
  return text_clock_read_ms(CLOCK_MONOTONIC);
}

#ifdef __cplusplus
}
#endif

#endif
