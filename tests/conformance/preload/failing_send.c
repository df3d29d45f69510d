/* Preloaded: fails one send() of the process, the FAILING_SEND-th, as it fails when
 * the other side has reset the connection a moment ago. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { HANG_UP_TIMEOUT_MS = 10 * 1000 };

/* Returns when the other side has read all that was sent before, and has hung up too:
 * what follows on another connection cannot overtake it. */
static void hang_up(int descriptor) {
  struct pollfd end = {.fd = descriptor, .events = POLLIN};
  (void)shutdown(descriptor, SHUT_WR);
  (void)poll(&end, 1, HANG_UP_TIMEOUT_MS);
}

ssize_t send(int descriptor, const void *bytes, size_t size, int flags) {
  static int calls;
  if (++calls == atoi(getenv("FAILING_SEND"))) {
    hang_up(descriptor);
    errno = ECONNRESET;
    return -1;
  }
  ssize_t (*next)(int, const void *, size_t, int) =
      (ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
  return next(descriptor, bytes, size, flags);
}
