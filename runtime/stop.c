#include "stop.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Nobody reads it: once written it stays readable, for all workers. */
static int descriptor = -1;
static atomic_bool raised; /* lock-free, so a signal handler may set it */
static struct sigaction previous_action;
static pid_t process; /* a child shares the descriptor, and has no part in this */

void runtime_stop_raise(void) {
  const uint64_t one = 1;
  atomic_store(&raised, true);
  const ssize_t written = write(descriptor, &one, sizeof one);
  (void)written; /* it fails only when it is readable already */
}

static void on_sigterm(int signal_number) {
  if (getpid() == process) {
    runtime_stop_raise();
  } else {
    (void)sigaction(signal_number, &previous_action, NULL);
    (void)raise(signal_number);
  }
}

bool runtime_stop_setup(void) {
  atomic_store(&raised, false);
  process = getpid();
  descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  /* The handler's reads and writes go on, for it knows nothing of the signal; poll(), sleeps
   * and what has a time limit the kernel never restarts. The wait for an event ends by the
   * descriptor. */
  const struct sigaction action = {.sa_handler = on_sigterm, .sa_flags = SA_RESTART};
  return descriptor >= 0 && sigaction(SIGTERM, &action, &previous_action) == 0;
}

bool runtime_stop_is_raised(void) {
  return atomic_load(&raised);
}

int runtime_stop_descriptor(void) {
  return descriptor;
}

bool runtime_stop_wait(int milliseconds) {
  struct pollfd raise = {.fd = descriptor, .events = POLLIN};
  (void)poll(&raise, 1, milliseconds);
  return runtime_stop_is_raised();
}

void runtime_stop_teardown(void) {
  (void)sigaction(SIGTERM, &previous_action, NULL);
  (void)close(descriptor);
  descriptor = -1;
}
