#include "crash.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crash_stack.h"
#include "crash_switch.h"
#include "crash_workers.h"
#include "log.h"
#include "stop.h"
#include "text/clock.h"

enum { STACK_BYTES = 128 * 1024, EXIT_BY_SIGNAL = 128, LOOK_AGAIN_MS = 10 };

static const struct crash {
  int signal_number;
  lambda_slice type;
  lambda_slice message;
} crashes[] = {
    {SIGSEGV, TEXT_INITIALIZER("Runtime.CrashSegmentationFault"),
     TEXT_INITIALIZER("the function read or wrote memory that is not its own (SIGSEGV)")},
    {SIGBUS, TEXT_INITIALIZER("Runtime.CrashBusError"),
     TEXT_INITIALIZER("the function read or wrote memory that can't be had (SIGBUS)")},
    {SIGFPE, TEXT_INITIALIZER("Runtime.CrashArithmetic"),
     TEXT_INITIALIZER("the function divided by zero or overflowed (SIGFPE)")},
    {SIGILL, TEXT_INITIALIZER("Runtime.CrashIllegalInstruction"),
     TEXT_INITIALIZER("the function ran an instruction that this machine lacks (SIGILL)")},
    {SIGABRT, TEXT_INITIALIZER("Runtime.CrashAbort"),
     TEXT_INITIALIZER("the function called abort() (SIGABRT)")},
};

static const struct crash overflow = {SIGSEGV, TEXT_INITIALIZER("Runtime.CrashStackOverflow"),
                                      TEXT_INITIALIZER("the function used up its stack (SIGSEGV)")};

enum { CRASHES = sizeof crashes / sizeof crashes[0] };

static struct sigaction previous_actions[CRASHES];
static pid_t process;           /* whose crashes are reported; not those of its children */
static atomic_int crash_signal; /* of the first crash; 0: none */

/* What a worker has in its hands, and the stack that its crash is handled on. */
typedef struct seat {
  runtime_crash_worker worker;
  stack_t previous;
} seat;

/* One mapping for each worker but the first. That one's seat is among the memory that a start
 * touches anyway. */
struct mapped_seat {
  seat seat;
  char stack[STACK_BYTES];
};

static seat first_seat;
static char first_stack[STACK_BYTES];
static atomic_bool first_seat_taken;

/* For all other threads together, whose own stack may have room for little more than what
 * the kernel puts there. The first that crashes has it. */
static _Alignas(16) char reserved_stack[STACK_BYTES];
static atomic_bool reserved_stack_taken;

static _Thread_local struct {
  seat *seat; /* null: no worker's thread */
  int crashes;
  runtime_crash_worker *reported; /* whose crash it is taken for; null: nobody's */
} self;

/* What a signal handler is told. */
struct scene {
  int signal_number;
  const siginfo_t *info;
  const void *context;
};

static const struct crash *crash_for(const struct scene *scene, bool overflowed) {
  if (overflowed) {
    return &overflow;
  }
  size_t row = 0;
  while (row < CRASHES - 1 && crashes[row].signal_number != scene->signal_number) {
    row++;
  }
  return &crashes[row];
}

/* A worker's crash is that of what it has in hand; that of any other thread is taken for
 * the only one that a handler is at work on. Null: there is none, or several. */
static const runtime_crash_worker *find_worker(size_t *at_work) {
  *at_work = 1;
  self.reported = self.seat != NULL ? &self.seat->worker : runtime_crash_workers_hold_only(at_work);
  if (self.reported != NULL) {
    atomic_store(&self.reported->crashed, true);
  }
  if (self.reported != NULL && self.seat == NULL) {
    runtime_log_set_request_id(self.reported->invocation.request_id);
  }
  return self.reported;
}

static void log_crash(const struct crash *crash, size_t at_work) {
  char text[512];
  text_buffer line;
  text_buffer_init(&line, text, sizeof text);
  text_buffer_append(&line, crash->type);
  text_buffer_append_string(&line, ": ");
  text_buffer_append(&line, crash->message);
  if (at_work > 1) {
    text_buffer_append_string(&line, " on a thread of its own, for one of the ");
    text_buffer_append_decimal(&line, (int64_t)at_work);
    text_buffer_append_string(&line, " invocations in hand");
  }
  runtime_log_write(LAMBDA_LOG_FATAL, text_buffer_slice(&line));
}

static void log_trace(const runtime_error_report *report) {
  char text[1024];
  text_buffer line;
  text_buffer_init(&line, text, sizeof text);
  text_buffer_append_string(&line, "stack trace:");
  runtime_error_report_append_trace(&line, report);
  runtime_log_write(LAMBDA_LOG_FATAL, text_buffer_slice(&line));
}

/* What is known without looking at memory that may be broken is said first. */
static void report_crash(const struct scene *scene) {
  uintptr_t frames[RUNTIME_CRASH_FRAMES_MAX];
  size_t at_work;
  const runtime_crash_worker *worker = find_worker(&at_work);
  const bool overflowed =
      scene->signal_number == SIGSEGV &&
      runtime_crash_stack_overflowed(scene->context, (uintptr_t)scene->info->si_addr);
  const struct crash *crash = crash_for(scene, overflowed);
  log_crash(crash, at_work);
  runtime_stop_raise();
  const runtime_error_report report = {
      .type = crash->type,
      .message = crash->message,
      .frames = frames,
      .frame_count = runtime_crash_stack_walk(scene->context, overflowed, frames)};
  log_trace(&report);
  if (worker != NULL && worker->invocation.request_id.size > 0) {
    runtime_crash_post(&worker->invocation, &report);
  }
}

static void log_unanswered(size_t count) {
  char text[128];
  text_buffer line;
  text_buffer_init(&line, text, sizeof text);
  text_buffer_append_string(&line, "invocations that others had in hand, unanswered: ");
  text_buffer_append_decimal(&line, (int64_t)count);
  runtime_log_set_request_id(TEXT_LITERAL(""));
  runtime_log_write(LAMBDA_LOG_FATAL, text_buffer_slice(&line));
}

/* The crashed thread stands still, for what it would go on with can't be trusted, and ends
 * the process: when the others have answered, or at their deadlines, since it may hold a
 * lock that they wait for. A sanitizer knows nothing of the stack that this may be on. */
__attribute__((no_sanitize("address"))) static _Noreturn void stand_still(void) {
  const int64_t since_ms = text_clock_epoch_ms();
  if (self.reported != NULL) {
    atomic_store(&self.reported->finished, true);
  }
  runtime_stop_raise();
  while (runtime_crash_workers_awaited(since_ms) > 0) {
    (void)poll(NULL, 0, LOOK_AGAIN_MS);
  }
  const size_t unanswered = runtime_crash_workers_unanswered();
  if (unanswered > 0) {
    log_unanswered(unanswered);
  }
  _exit(EXIT_BY_SIGNAL + atomic_load(&crash_signal));
}

static void handle_crash(void *argument) {
  if (self.crashes == 1) {
    report_crash(argument);
  }
  stand_still();
}

static _Noreturn void wait_for_the_end(void) {
  for (;;) {
    (void)pause();
  }
}

static void on_crash(int signal_number, siginfo_t *info, void *context) {
  int none = 0;
  struct scene scene = {signal_number, info, context};
  if (getpid() != process) {
    /* A child's: let it take its usual course. A fault happens again when this returns;
     * what another process sent does not. */
    (void)signal(signal_number, SIG_DFL);
    if (info->si_code <= 0) {
      (void)raise(signal_number);
    }
    return;
  }
  (void)atomic_compare_exchange_strong(&crash_signal, &none, signal_number);
  self.crashes++;
  if (self.crashes > 2) {
    _exit(EXIT_BY_SIGNAL + signal_number);
  }
  if (self.seat != NULL || self.crashes > 1) {
    handle_crash(&scene); /* on a stack for it, where it may have been reported just now */
  } else if (atomic_exchange(&reserved_stack_taken, true)) {
    wait_for_the_end();
  } else {
    runtime_crash_switch(reserved_stack + sizeof reserved_stack, handle_crash, &scene);
  }
}

void runtime_crash_setup(const char *runtime_api) {
  process = getpid();
  atomic_store(&crash_signal, 0);
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

static void give_up(seat *given) {
  if (given == &first_seat) {
    first_seat = (seat){0};
    atomic_store(&first_seat_taken, false);
  } else {
    (void)munmap(given, sizeof(struct mapped_seat));
  }
}

/* Null when there is no memory; changes `*stack` unless it is the first. */
static seat *take_seat(char **stack) {
  if (!atomic_exchange(&first_seat_taken, true)) {
    return &first_seat;
  }
  struct mapped_seat *mapped =
      mmap(NULL, sizeof *mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    return NULL;
  }
  *stack = mapped->stack;
  return &mapped->seat;
}

void runtime_crash_teardown(void) {
  for (size_t i = 0; i < CRASHES; i++) {
    (void)sigaction(crashes[i].signal_number, &previous_actions[i], NULL);
  }
  if (atomic_load(&crash_signal) != 0) {
    wait_for_the_end(); /* the crashed thread's to bring about */
  }
  self.seat = NULL;
  for (runtime_crash_worker *worker = runtime_crash_workers_forget(); worker != NULL;) {
    runtime_crash_worker *next = worker->next;
    give_up((seat *)worker);
    worker = next;
  }
}

void runtime_crash_guard_thread(void) {
  char *stack = first_stack;
  seat *own = take_seat(&stack);
  if (own == NULL) {
    return;
  }
  const stack_t alternate = {.ss_sp = stack, .ss_size = STACK_BYTES};
  if (sigaltstack(&alternate, &own->previous) != 0) {
    give_up(own);
    return;
  }
  self.seat = own;
  runtime_crash_workers_add(&own->worker);
}

void runtime_crash_thread_is_done(void) {
  if (self.seat != NULL) {
    (void)sigaltstack(&self.seat->previous, NULL); /* as who set it expects at the thread's end */
    atomic_store(&self.seat->worker.finished, true);
  }
}

void runtime_crash_take(int64_t deadline_ms) {
  if (self.seat != NULL) {
    runtime_crash_worker_take(&self.seat->worker, deadline_ms);
  }
}

void runtime_crash_answered(void) {
  if (self.seat != NULL) {
    runtime_crash_worker_answered(&self.seat->worker);
  }
}

void runtime_crash_watch(const lambda_invocation *invocation) {
  if (self.seat != NULL) {
    runtime_crash_worker_watch(
        &self.seat->worker,
        invocation == NULL
            ? (runtime_crash_invocation){0}
            : (runtime_crash_invocation){invocation->request_id, invocation->invocation_id});
  }
}
