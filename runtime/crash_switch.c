#include "crash_switch.h"

void runtime_crash_switch(void *top, void (*run)(void *argument), void *argument) {
#if defined(__x86_64__)
  __asm__ volatile("movq %0, %%rsp\n\t"
                   "xorl %%ebp, %%ebp\n\t"
                   "callq *%1\n\t"
                   "ud2"
                   :
                   : "r"(top), "r"(run), "D"(argument)
                   : "memory");
#elif defined(__aarch64__)
  register void *first __asm__("x0") = argument;
  __asm__ volatile("mov sp, %0\n\t"
                   "mov x29, xzr\n\t"
                   "blr %1\n\t"
                   "brk #1"
                   :
                   : "r"(top), "r"(run), "r"(first)
                   : "memory");
#else
#error "crash reports need a switch of stacks for this architecture"
#endif
  __builtin_unreachable();
}
