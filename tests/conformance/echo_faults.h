/* The ways in which a handler can crash. Each is a function of its own, so that a
 * stack trace can be checked by its name.
 */
#ifndef ECHO_FAULTS_H
#define ECHO_FAULTS_H

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/lambda.h"

/* Never inlined, and left alone by the optimizer and the sanitizers. */
#if defined(__clang__)
#define FAULT __attribute__((noinline, optnone, no_sanitize("address", "undefined"))) static void
#else
#define FAULT __attribute__((noinline, noclone)) static void
#endif

/* Volatile, so that the compiler doesn't see what is wrong with them. */
static char *volatile nowhere = NULL;
static char *volatile wild = (char *)0x00005eadbeef0000;
static char *volatile beyond = (char *)0x5ead000000000000;
static void (*volatile no_function)(void) = NULL;
static void *(*volatile fill)(void *, int, size_t) = memset;
static volatile int zero = 0;
static volatile int sink;
static volatile size_t endless = SIZE_MAX;
static unsigned char *volatile overrun_at;
static volatile uintptr_t overrun_end; /* behind what the handler was called with */

enum { FAULT_PAGE_BYTES = 4096, SMALL_STACK_BYTES = 16 * 1024, COROUTINE_BYTES = 16 * 1024 };

FAULT crash_null(void) {
  *nowhere = 1;
  sink = 1;
}

FAULT crash_wild(void) {
  *wild = 1;
  sink = 1;
}

/* No address at all, of which the kernel tells less. */
FAULT crash_beyond(void) {
  *beyond = 1;
  sink = 1;
}

FAULT crash_call(void) {
  no_function();
  sink = 1;
}

/* In the C library, which keeps no frame pointers. */
FAULT crash_library(void) {
  fill(nowhere, 1, endless / 2);
  sink = 1;
}

FAULT crash_middle(void) {
  crash_null();
  sink = 2;
}

FAULT crash_deep(void) {
  crash_middle();
  sink = 3;
}

/* A mapped page behind the end of its file. */
FAULT crash_bus(void) {
  const int file = memfd_create("empty", MFD_CLOEXEC);
  volatile unsigned char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
  sink = page[0];
}

FAULT crash_divide(void) {
#if defined(__x86_64__)
  sink = sink / zero;
#else /* where a division by zero is zero */
  raise(SIGFPE);
#endif
  sink = 1;
}

FAULT crash_instruction(void) {
#if defined(__aarch64__)
  __asm__ volatile("udf #0");
#else
  __asm__ volatile("ud2");
#endif
  sink = 1;
}

FAULT crash_abort(void) {
  abort();
}

// NOLINTNEXTLINE(misc-no-recursion)
FAULT crash_stack(void) {
  volatile unsigned char frame[512];
  frame[0] = (unsigned char)endless;
  if (endless != 0) {
    crash_stack();
  }
  sink = frame[0];
}

/* As an array on the stack does whose end is not seen: over its callers' frames. */
FAULT crash_overrun(void) {
  overrun_at = __builtin_frame_address(0);
  while ((uintptr_t)overrun_at < overrun_end) {
    *overrun_at = 'x';
    overrun_at++;
  }
  *nowhere = 1;
}

/* The same up to the end of the main thread's stack, where the environment is. */
FAULT crash_top(void) {
  for (overrun_at = __builtin_frame_address(0);; overrun_at++) {
    *overrun_at = 'x';
  }
}

static void *thread_of_its_own(void *run) {
  void (*crash)(void);
  memcpy(&crash, run, sizeof crash);
  crash();
  return NULL;
}

/* Waits for the thread, as a handler does for what it has started. */
FAULT run_in_thread(void (*run)(void), size_t stack_bytes) {
  pthread_t thread;
  pthread_attr_t attributes;
  (void)pthread_attr_init(&attributes);
  (void)pthread_attr_setstacksize(&attributes, stack_bytes);
  if (pthread_create(&thread, &attributes, thread_of_its_own, &run) == 0) {
    (void)pthread_join(thread, NULL);
  }
}

FAULT crash_thread(void) {
  run_in_thread(crash_null, (size_t)1 << 20);
}

FAULT crash_thread_abort(void) {
  run_in_thread(crash_abort, (size_t)1 << 20);
}

/* With less of a stack than a report takes. */
FAULT crash_small(void) {
  run_in_thread(crash_null, SMALL_STACK_BYTES);
}

/* What a coroutine runs on: memory of the program's own, with nothing below or above it. */
FAULT run_on_a_stack(void (*run)(void)) {
  char *stack = mmap(NULL, COROUTINE_BYTES + 2 * FAULT_PAGE_BYTES, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  (void)mprotect(stack + FAULT_PAGE_BYTES, COROUTINE_BYTES, PROT_READ | PROT_WRITE);
  char *top = stack + FAULT_PAGE_BYTES + COROUTINE_BYTES - 64;
#if defined(__aarch64__)
  __asm__ volatile("mov sp, %0\n\tblr %1" : : "r"(top), "r"(run) : "memory");
#else
  __asm__ volatile("mov %0, %%rsp\n\tcall *%1" : : "r"(top), "r"(run) : "memory");
#endif
}

/* Where the frame pointer is a register as any other. */
FAULT crash_frameless(void) {
#if defined(__aarch64__)
  __asm__ volatile("mov x29, #1\n\tmov x0, #0\n\tstr x0, [x0]" : : : "memory", "x0");
#else
  __asm__ volatile("mov $1, %%ebp\n\tmovl $0, 0" : : : "memory");
#endif
}

FAULT coroutine(void) {
  crash_frameless();
  sink = 1;
}

FAULT crash_coroutine(void) {
  run_on_a_stack(coroutine);
}

FAULT crash_coroutine_stack(void) {
  run_on_a_stack(crash_stack);
}

/* What a crash looks like that can't be caught. */
FAULT crash_killed(void) {
  raise(SIGKILL);
}

FAULT crash_terminated(void) {
  raise(SIGTERM);
}

typedef struct fault {
  lambda_slice name;
  void (*run)(void);
} fault;

static const fault faults[] = {
    {{"null", 4}, crash_null},
    {{"wild", 4}, crash_wild},
    {{"beyond", 6}, crash_beyond},
    {{"call", 4}, crash_call},
    {{"library", 7}, crash_library},
    {{"bus", 3}, crash_bus},
    {{"divide", 6}, crash_divide},
    {{"instruction", 11}, crash_instruction},
    {{"abort", 5}, crash_abort},
    {{"stack", 5}, crash_stack},
    {{"deep", 4}, crash_deep},
    {{"killed", 6}, crash_killed},
    {{"overrun", 7}, crash_overrun},
    {{"top", 3}, crash_top},
    {{"terminated", 10}, crash_terminated},
    {{"thread", 6}, crash_thread},
    {{"thread-abort", 12}, crash_thread_abort},
    {{"small", 5}, crash_small},
    {{"coroutine", 9}, crash_coroutine},
    {{"coroutine-stack", 15}, crash_coroutine_stack},
};

FAULT crash(lambda_slice name) {
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    if (faults[i].name.size == name.size &&
        memcmp(faults[i].name.data, name.data, name.size) == 0) {
      faults[i].run();
    }
  }
  sink = 1;
}

#endif
