/* Measures programs that speak the Runtime API, in turns, so that what else the
 * machine does hits all of them alike. Prints one sample a line, tab separated;
 * bench.py makes the table of them.
 *
 *   harness start ROUNDS PROGRAM...
 *     start NAME WALL_NS CPU_NS FAULTS   from before posix_spawn() to GET next read
 *
 *   harness warm ROUNDS WARMUP_ROUNDS BATCH EVENT_FILE PROGRAM...
 *     warm NAME WALL_NS                  from the event sent to the reply read
 *     cpu NAME CPU_NS                    of the program, for one invocation, over a batch
 *     resident NAME BYTES                after the last invocation
 *
 * All run on one processor, as a function of little memory does: whether the kernel wakes a
 * program on another one would decide more than the program does.
 *
 * A PROGRAM is NAME=WANTED=COMMAND: WANTED is what must stand in its replies, and
 * the words of COMMAND are separated by spaces. It gets the environment of the
 * harness and AWS_LAMBDA_RUNTIME_API.
 */
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api.h"

enum {
  WORDS_MAX = 16,
  ENVIRONMENT_MAX = 64,
  PROGRAMS_MAX = 16,
  EVENT_MAX_BYTES = 32 * 1024,
  STOP_MS = 2000
};

typedef struct measured {
  const char *name;
  const char *wanted;
  char *words[WORDS_MAX + 1];
  char runtime_api[64];
  char *environment[ENVIRONMENT_MAX + 2];
  api_server server;
  pid_t process;
} measured;

static _Noreturn void fail(const measured *program, const char *what) {
  (void)fprintf(stderr, "harness: %s: %s\n", program->name, what);
  if (program->process > 0) {
    (void)kill(program->process, SIGKILL);
  }
  exit(EXIT_FAILURE);
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  return clock_gettime(clock, &now) == 0 ? (int64_t)now.tv_sec * 1000000000 + now.tv_nsec : 0;
}

/* All the processor time of a program so far, of all its threads. */
static int64_t cpu_nanoseconds(const measured *program) {
  clockid_t clock;
  return clock_getcpuclockid(program->process, &clock) == 0 ? nanoseconds(clock) : 0;
}

static void prepare(measured *program, char *argument) {
  size_t count = 0;
  program->name = strtok(argument, "=");
  program->wanted = strtok(NULL, "=");
  for (char *word = strtok(NULL, " "); word != NULL && count < WORDS_MAX;
       word = strtok(NULL, " ")) {
    program->words[count++] = word;
  }
  if (count == 0 || !api_open(&program->server)) {
    fail(program, "no command, or no port");
  }
  (void)snprintf(program->runtime_api, sizeof program->runtime_api,
                 "AWS_LAMBDA_RUNTIME_API=127.0.0.1:%d", program->server.port);
  program->environment[0] = program->runtime_api;
  for (size_t i = 0; i < ENVIRONMENT_MAX && environ[i] != NULL; i++) {
    program->environment[i + 1] = environ[i];
  }
}

static api_connection *receive_get(measured *program) {
  api_connection *request = api_receive(&program->server);
  if (request == NULL || !api_is_get(request)) {
    fail(program, "did not ask for the next invocation");
  }
  return request;
}

static void start(measured *program) {
  if (posix_spawn(&program->process, program->words[0], NULL, NULL, program->words,
                  program->environment) != 0) {
    program->process = 0;
    fail(program, "could not be started");
  }
}

static void stop(measured *program) {
  (void)kill(program->process, SIGKILL);
  (void)waitpid(program->process, NULL, 0);
  program->process = 0;
  api_drop_connections(&program->server);
}

/* Lets it say at its end what it has to say: see count_heap.c. */
static void ask_to_stop(measured *program) {
  (void)kill(program->process, SIGTERM);
  for (int i = 0; i < STOP_MS && waitpid(program->process, NULL, WNOHANG) == 0; i++) {
    (void)usleep(1000);
  }
  stop(program);
}

/* How often memory that it touched was not there: the tenth field of its stat. */
static long page_faults(const measured *program) {
  char line[512];
  (void)snprintf(line, sizeof line, "/proc/%d/stat", (int)program->process);
  FILE *file = fopen(line, "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL || fclose(file) != 0) {
    fail(program, "its page faults can't be read");
  }
  const char *field = strrchr(line, ')'); /* the name before it may have spaces */
  for (int i = 0; i < 8 && field != NULL; i++) {
    field = strchr(field + 1, ' ');
  }
  return field != NULL ? strtol(field, NULL, 10) : 0;
}

static void measure_start(measured *programs, size_t count, long rounds) {
  for (long round = 0; round < rounds; round++) {
    for (size_t i = 0; i < count; i++) {
      const int64_t before = nanoseconds(CLOCK_MONOTONIC);
      start(&programs[i]);
      (void)receive_get(&programs[i]);
      const int64_t after = nanoseconds(CLOCK_MONOTONIC);
      const int64_t cpu = cpu_nanoseconds(&programs[i]);
      printf("start\t%s\t%" PRId64 "\t%" PRId64 "\t%ld\n", programs[i].name, after - before, cpu,
             page_faults(&programs[i]));
      stop(&programs[i]);
    }
  }
}

/* An answer to GET next as Lambda gives it, and the answer to the reply. */
static struct {
  char text[EVENT_MAX_BYTES + 1024];
  size_t size;
} event;
static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
                               "Content-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";

static bool read_event(const char *path) {
  char body[EVENT_MAX_BYTES];
  FILE *file = fopen(path, "r");
  const size_t size = file != NULL ? fread(body, 1, sizeof body, file) : 0;
  if (size == 0 || size == sizeof body || fclose(file) != 0) {
    return false;
  }
  const int head =
      snprintf(event.text, sizeof event.text,
               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
               "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
               "Lambda-Runtime-Deadline-Ms: 4102444800000\r\n"
               "Lambda-Runtime-Invoked-Function-Arn: "
               "arn:aws:lambda:eu-west-1:123456789012:function:countersign\r\n"
               "Lambda-Runtime-Trace-Id: Root=1-69cbb740-0123456789abcdef01234567;Sampled=0\r\n"
               "Date: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Length: %zu\r\n\r\n",
               size);
  memcpy(event.text + head, body, size);
  event.size = (size_t)head + size;
  return true;
}

/* `request` is a GET next; returns the one after the invocation. */
static api_connection *invoke(measured *program, api_connection *request, int64_t *wall) {
  const int64_t before = nanoseconds(CLOCK_MONOTONIC);
  if (!api_send(request, event.text, event.size)) {
    fail(program, "does not take the event");
  }
  request = api_receive(&program->server);
  *wall = nanoseconds(CLOCK_MONOTONIC) - before;
  if (request == NULL || !api_is_response(request, program->wanted)) {
    fail(program, request != NULL ? request->text : "does not answer");
  }
  if (!api_send(request, accepted, sizeof accepted - 1)) {
    fail(program, "does not take the answer to its reply");
  }
  return receive_get(program);
}

static api_connection *measure_batch(measured *program, api_connection *request, long batch,
                                     bool recorded) {
  const int64_t cpu_before = cpu_nanoseconds(program);
  for (long i = 0; i < batch; i++) {
    int64_t wall;
    request = invoke(program, request, &wall);
    if (recorded) {
      printf("warm\t%s\t%" PRId64 "\n", program->name, wall);
    }
  }
  if (recorded) {
    printf("cpu\t%s\t%" PRId64 "\n", program->name,
           (cpu_nanoseconds(program) - cpu_before) / batch);
  }
  return request;
}

static void print_resident(const measured *program) {
  char line[256];
  long kilobytes = 0;
  (void)snprintf(line, sizeof line, "/proc/%d/smaps_rollup", (int)program->process);
  FILE *file = fopen(line, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "Rss:", 4) == 0) {
      kilobytes = strtol(line + 4, NULL, 10);
    }
  }
  if (file == NULL || fclose(file) != 0 || kilobytes == 0) {
    fail(program, "its memory can't be read");
  }
  printf("resident\t%s\t%ld\n", program->name, kilobytes * 1024);
}

static void measure_warm(measured *programs, size_t count, long rounds, long warmup, long batch) {
  api_connection *requests[PROGRAMS_MAX];
  for (size_t i = 0; i < count; i++) {
    start(&programs[i]);
    requests[i] = receive_get(&programs[i]);
  }
  for (long round = -warmup; round < rounds; round++) {
    for (size_t i = 0; i < count; i++) {
      requests[i] = measure_batch(&programs[i], requests[i], batch, round >= 0);
    }
  }
  for (size_t i = 0; i < count; i++) {
    print_resident(&programs[i]);
    ask_to_stop(&programs[i]);
  }
}

/* The programs inherit it. */
static bool stay_on_this_processor(void) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET((size_t)sched_getcpu(), &one);
  return sched_setaffinity(0, sizeof one, &one) == 0;
}

static long number(const char *text) {
  return strtol(text, NULL, 10);
}

int main(int argc, char **argv) {
  static measured programs[PROGRAMS_MAX];
  const bool is_start = argc > 3 && strcmp(argv[1], "start") == 0;
  const bool is_warm = argc > 6 && strcmp(argv[1], "warm") == 0;
  const int first = is_start ? 3 : 6;
  if ((!is_start && !is_warm) || argc - first > PROGRAMS_MAX) {
    (void)fprintf(stderr, "harness: see the top of bench/harness.c\n");
    return 2;
  }
  if (!stay_on_this_processor()) {
    perror("harness: sched_setaffinity");
    return EXIT_FAILURE;
  }
  const size_t count = (size_t)(argc - first);
  for (size_t i = 0; i < count; i++) {
    prepare(&programs[i], argv[first + (int)i]);
  }
  if (is_start) {
    measure_start(programs, count, number(argv[2]));
  } else if (read_event(argv[5])) {
    measure_warm(programs, count, number(argv[2]), number(argv[3]), number(argv[4]));
  } else {
    (void)fprintf(stderr, "harness: %s can't be read, or is larger than %d bytes\n", argv[5],
                  (int)EVENT_MAX_BYTES);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
