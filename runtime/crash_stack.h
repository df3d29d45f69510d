/* What the machine was doing when a signal came: by frame pointers, so code is
 * built with -fno-omit-frame-pointer to be seen whole.
 */
#ifndef RUNTIME_CRASH_STACK_H
#define RUNTIME_CRASH_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RUNTIME_CRASH_FRAMES_MAX = 32 };

/* The addresses of the code that was running, the innermost first, as addr2line
 * takes them for this executable. `context` is a signal handler's third argument;
 * memory is read only where the kernel says that it can be. With `overflowed`
 * nothing is looked for at the stack pointer, which is past the end. Returns how many. */
size_t runtime_crash_stack_walk(const void *context, bool overflowed,
                                uintptr_t frames[RUNTIME_CRASH_FRAMES_MAX]);

/* Whether an access to `address` failed because the stack was at its end. */
bool runtime_crash_stack_overflowed(const void *context, uintptr_t address);

#ifdef __cplusplus
}
#endif

#endif
