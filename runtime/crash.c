#include "crash.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crash_post.h"
#include "crash_stack.h"
#include "log.h"
#include "stop.h"

enum { ALTERNATE_STACK_BYTES = 128 * 1024, EXIT_BY_SIGNAL = 128 };

static const struct crash {
  int signal_number;
  lambda_slice type;
  lambda_slice message;
} crashes[] = {
    {SIGSEGV, TEXT_INITIALIZER("Runtime.CrashSegmentationFault"),
     TEXT_INITIALIZER("the handler read or wrote memory that is not its own (SIGSEGV)")},
    {SIGBUS, TEXT_INITIALIZER("Runtime.CrashBusError"),
     TEXT_INITIALIZER("the handler read or wrote memory that can't be had (SIGBUS)")},
    {SIGFPE, TEXT_INITIALIZER("Runtime.CrashArithmetic"),
     TEXT_INITIALIZER("the handler divided by zero or overflowed (SIGFPE)")},
    {SIGILL, TEXT_INITIALIZER("Runtime.CrashIllegalInstruction"),
     TEXT_INITIALIZER("the handler ran an instruction that this machine lacks (SIGILL)")},
    {SIGABRT, TEXT_INITIALIZER("Runtime.CrashAbort"),
     TEXT_INITIALIZER("the handler called abort() (SIGABRT)")},
};

static const struct crash overflow = {SIGSEGV, TEXT_INITIALIZER("Runtime.CrashStackOverflow"),
                                      TEXT_INITIALIZER("the handler used up its stack (SIGSEGV)")};

enum { CRASHES = sizeof crashes / sizeof crashes[0] };

static struct sigaction previous_actions[CRASHES];
static pid_t process; /* whose handler's crashes are reported; not those of its children */
static bool only_worker;
static sem_t done;
static atomic_int crash_signal; /* of the first crash; 0: none */

static _Thread_local struct {
  bool active;
  bool crashed;
  void *stack;
  uintptr_t stack_top; /* of the frames that are of interest */
  runtime_crash_invocation invocation;
} guard;

static const struct crash *crash_for(int signal_number, const siginfo_t *info,
                                     const void *context) {
  if (signal_number == SIGSEGV &&
      runtime_crash_stack_overflowed(context, (uintptr_t)info->si_addr, guard.stack_top)) {
    return &overflow;
  }
  size_t row = 0;
  while (row < CRASHES - 1 && crashes[row].signal_number != signal_number) {
    row++;
  }
  return &crashes[row];
}

static void report_crash(int signal_number, const siginfo_t *info, const void *context) {
  uintptr_t frames[RUNTIME_CRASH_FRAMES_MAX];
  const struct crash *crash = crash_for(signal_number, info, context);
  const runtime_error_report report = {.type = crash->type,
                                       .message = crash->message,
                                       .frames = frames,
                                       .frame_count = runtime_crash_stack_walk(
                                           context, crash == &overflow, guard.stack_top, frames)};
  char text[4096];
  text_buffer line;
  text_buffer_init(&line, text, sizeof text);
  runtime_error_report_append(&line, &report);
  runtime_log_write(LAMBDA_LOG_FATAL, text_buffer_slice(&line));
  runtime_crash_post(&guard.invocation, &report);
}

/* The crashed thread stands still: what it would go on with can't be trusted. */
static _Noreturn void stand_still(int signal_number) {
  int none = 0;
  if (only_worker) {
    _exit(EXIT_BY_SIGNAL + signal_number);
  }
  (void)atomic_compare_exchange_strong(&crash_signal, &none, signal_number);
  runtime_stop_raise();
  (void)sem_post(&done);
  for (;;) {
    (void)pause();
  }
}

static void on_crash(int signal_number, siginfo_t *info, void *context) {
  if (guard.crashed) {
    _exit(EXIT_BY_SIGNAL + signal_number); /* while it was being reported */
  }
  if (!guard.active || guard.invocation.request_id.size == 0 || getpid() != process) {
    /* No handler's crash: let it take its usual course. A fault happens again when
     * this returns; what another process sent does not. */
    (void)signal(signal_number, SIG_DFL);
    if (info->si_code <= 0) {
      (void)raise(signal_number);
    }
    return;
  }
  guard.crashed = true;
  report_crash(signal_number, info, context);
  stand_still(signal_number);
}

void runtime_crash_setup(const char *runtime_api, bool alone) {
  only_worker = alone;
  process = getpid();
  atomic_store(&crash_signal, 0);
  (void)sem_init(&done, 0, 0);
  runtime_crash_post_setup(runtime_api);
  runtime_log_configure_once(); /* the environment is on the stack as well */
  struct sigaction action = {.sa_sigaction = on_crash,
                             .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  (void)sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < CRASHES; i++) {
    (void)sigaction(crashes[i].signal_number, &action, &previous_actions[i]);
    if (previous_actions[i].sa_handler != SIG_DFL) {
      (void)sigaction(crashes[i].signal_number, &previous_actions[i], NULL);
    }
  }
}

void runtime_crash_teardown(void) {
  for (size_t i = 0; i < CRASHES; i++) {
    (void)sigaction(crashes[i].signal_number, &previous_actions[i], NULL);
  }
  (void)sem_destroy(&done);
}

void runtime_crash_guard_thread(void) {
  void *stack =
      mmap(NULL, ALTERNATE_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) {
    return;
  }
  const stack_t alternate = {.ss_sp = stack, .ss_size = ALTERNATE_STACK_BYTES};
  guard.active = sigaltstack(&alternate, NULL) == 0;
  guard.stack = stack;
  guard.stack_top = (uintptr_t)__builtin_frame_address(0) + 1024;
  guard.invocation = (runtime_crash_invocation){0};
}

void runtime_crash_unguard_thread(void) {
  const stack_t none = {.ss_flags = SS_DISABLE};
  if (guard.stack != NULL) {
    (void)sigaltstack(&none, NULL);
    (void)munmap(guard.stack, ALTERNATE_STACK_BYTES);
  }
  guard.active = false;
  guard.stack = NULL;
}

void runtime_crash_watch(const lambda_invocation *invocation) {
  guard.invocation = invocation == NULL
                         ? (runtime_crash_invocation){0}
                         : (runtime_crash_invocation){.request_id = invocation->request_id,
                                                      .id = invocation->invocation_id};
}

void runtime_crash_thread_is_done(void) {
  (void)sem_post(&done);
}

void runtime_crash_wait_for_threads(size_t count) {
  while (count > 0) {
    if (sem_wait(&done) == 0) {
      count--;
    } else if (errno != EINTR) {
      break;
    }
  }
  const int signal_number = atomic_load(&crash_signal);
  if (signal_number != 0) {
    _exit(EXIT_BY_SIGNAL + signal_number);
  }
}
