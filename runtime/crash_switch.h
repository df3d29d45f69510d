/* Another stack, where the one in use may be too small for what is to be done. */
#ifndef RUNTIME_CRASH_SWITCH_H
#define RUNTIME_CRASH_SWITCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* Calls `run` with `argument` on the stack that ends at `top`, a multiple of 16. `run`
 * must not return: it is the last that this thread does. */
__attribute__((noreturn)) void runtime_crash_switch(void *top, void (*run)(void *argument),
                                                    void *argument);

#ifdef __cplusplus
}
#endif

#endif
