/* The system's clocks, in milliseconds. */
#ifndef TEXT_CLOCK_H
#define TEXT_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Since the Unix epoch: what deadlines are told in. It may be set, and so jump. May be
 * called in a signal handler, as may the other. */
int64_t text_clock_epoch_ms(void);

/* Since some moment in the past, and never backwards: for how long something takes. */
int64_t text_clock_steady_ms(void);

#ifdef __cplusplus
}
#endif

#endif
