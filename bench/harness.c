/* Measures programs that speak the Runtime API, in turns, so that what else the
 * machine does hits all of them alike. Prints one sample a line, tab separated;
 * bench.py makes the table of them.
 *
 *   harness start ROUNDS PROGRAM...
 *     start NAME WALL_NS CPU_NS FAULTS   from before posix_spawn() to GET next read
 *
 *   harness warm ROUNDS WARMUP_ROUNDS BATCH EVENT_FILE PROGRAM...
 *     warm NAME WALL_NS                  from the event sent to the reply read, BATCH in a round
 *     cpu NAME CPU_NS                    of the program, for one invocation, over a batch
 *     resident NAME BYTES                after the last invocation
 *
 *   harness rate INTERVALS SECONDS EVENT_FILE PROGRAM...
 *     rate NAME INVOCATIONS WALL_NS CPU_NS BYTES
 *                                        of each interval, and what is resident at its end; as many
 *                                        at once as the program asks for
 *
 * But for the last, all run on one processor, as a function of little memory does: whether the
 * kernel wakes a program on another one would decide more than the program does.
 *
 * A PROGRAM is NAME=WANTED=COMMAND: WANTED is what must stand in its replies, and
 * the words of COMMAND are separated by spaces. It gets the environment of the
 * harness, AWS_LAMBDA_RUNTIME_API, and what COMMAND begins with of the form VARIABLE=VALUE.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum {
  PROGRAMS_MAX = 24,
  EVENT_MAX_BYTES = 6 * 1024 * 1024 /* as Lambda's */
};

static void measure_start(program *programs, size_t count, long rounds) {
  for (long round = 0; round < rounds; round++) {
    for (size_t i = 0; i < count; i++) {
      const int64_t before = now_nanoseconds();
      program_start(&programs[i]);
      (void)program_receive_get(&programs[i]);
      const int64_t after = now_nanoseconds();
      const int64_t cpu = program_cpu_nanoseconds(&programs[i]);
      printf("start\t%s\t%" PRId64 "\t%" PRId64 "\t%ld\n", programs[i].name, after - before, cpu,
             program_page_faults(&programs[i]));
      program_stop(&programs[i]);
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
  static char body[EVENT_MAX_BYTES + 1];
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

static void send_event(program *measured, api_connection *request) {
  if (!api_send(request, event.text, event.size)) {
    program_fail(measured, "does not take the event");
  }
}

/* `request` is null or the answer to an event. */
static void accept_reply(program *measured, api_connection *request) {
  if (request == NULL || !api_is_response(request, measured->wanted)) {
    program_fail(measured, request != NULL ? request->text : "does not answer");
  }
  if (!api_send(request, accepted, sizeof accepted - 1)) {
    program_fail(measured, "does not take the answer to its reply");
  }
}

/* `request` is a GET next; returns the one after the invocation. */
static api_connection *invoke(program *measured, api_connection *request, int64_t *wall) {
  const int64_t before = now_nanoseconds();
  send_event(measured, request);
  request = api_receive(&measured->server);
  *wall = now_nanoseconds() - before;
  accept_reply(measured, request);
  return program_receive_get(measured);
}

static api_connection *measure_batch(program *measured, api_connection *request, long batch,
                                     bool recorded) {
  const int64_t cpu_before = program_cpu_nanoseconds(measured);
  for (long i = 0; i < batch; i++) {
    int64_t wall;
    request = invoke(measured, request, &wall);
    if (recorded) {
      printf("warm\t%s\t%" PRId64 "\n", measured->name, wall);
    }
  }
  if (recorded) {
    printf("cpu\t%s\t%" PRId64 "\n", measured->name,
           (program_cpu_nanoseconds(measured) - cpu_before) / batch);
  }
  return request;
}

static void measure_warm(program *programs, size_t count, long rounds, long warmup, long batch) {
  api_connection *requests[PROGRAMS_MAX];
  for (size_t i = 0; i < count; i++) {
    program_start(&programs[i]);
    requests[i] = program_receive_get(&programs[i]);
  }
  for (long round = -warmup; round < rounds; round++) {
    for (size_t i = 0; i < count; i++) {
      requests[i] = measure_batch(&programs[i], requests[i], batch, round >= 0);
    }
  }
  for (size_t i = 0; i < count; i++) {
    printf("resident\t%s\t%ld\n", programs[i].name, program_resident_bytes(&programs[i]));
    program_ask_to_stop(&programs[i]);
  }
}

/* Gives an event to whoever asks for one, until the time has come; returns how many were answered.
 * `unanswered` is how many were not yet. */
static long serve_until(program *measured, int64_t end, long *unanswered) {
  long answered = 0;
  while (now_nanoseconds() < end) {
    api_connection *request = api_receive(&measured->server);
    if (request != NULL && api_is_get(request)) {
      send_event(measured, request);
      ++*unanswered;
    } else {
      accept_reply(measured, request);
      --*unanswered;
      answered++;
    }
  }
  return answered;
}

/* So that the program has nothing more to do when it is to stop. */
static void take_the_rest(program *measured, long unanswered) {
  while (unanswered > 0) {
    api_connection *request = api_receive(&measured->server);
    if (request == NULL || !api_is_get(request)) {
      accept_reply(measured, request);
      unanswered--;
    }
  }
}

static void measure_rate(program *measured, long intervals, long seconds) {
  const int64_t second = 1000000000;
  long unanswered = 0;
  program_start(measured);
  (void)serve_until(measured, now_nanoseconds() + second, &unanswered);
  for (long i = 0; i < intervals; i++) {
    const int64_t before = now_nanoseconds();
    const int64_t cpu_before = program_cpu_nanoseconds(measured);
    const long answered = serve_until(measured, before + seconds * second, &unanswered);
    printf("rate\t%s\t%ld\t%" PRId64 "\t%" PRId64 "\t%ld\n", measured->name, answered,
           now_nanoseconds() - before, program_cpu_nanoseconds(measured) - cpu_before,
           program_resident_bytes(measured));
    (void)fflush(stdout);
  }
  take_the_rest(measured, unanswered);
  program_ask_to_stop(measured);
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

/* What it is called with, and where the event's path and the first program stand. */
static const struct mode {
  const char *name;
  int event;
  int first;
} modes[] = {{"start", 0, 3}, {"warm", 5, 6}, {"rate", 4, 5}, {NULL, 0, 0}};

static const struct mode *mode_of(int argc, char **argv) {
  const struct mode *mode = modes;
  while (mode->name != NULL && (argc < 2 || strcmp(argv[1], mode->name) != 0)) {
    mode++;
  }
  const bool fits = mode->name != NULL && argc > mode->first && argc - mode->first <= PROGRAMS_MAX;
  return fits ? mode : NULL;
}

int main(int argc, char **argv) {
  static program programs[PROGRAMS_MAX];
  const struct mode *mode = mode_of(argc, argv);
  if (mode == NULL) {
    (void)fprintf(stderr, "harness: see the top of bench/harness.c\n");
    return 2;
  }
  const bool is_rate = strcmp(mode->name, "rate") == 0;
  if (!is_rate && !stay_on_this_processor()) {
    perror("harness: sched_setaffinity");
    return EXIT_FAILURE;
  }
  if (mode->event != 0 && !read_event(argv[mode->event])) {
    (void)fprintf(stderr, "harness: %s can't be read, or is larger than %d bytes\n",
                  argv[mode->event], (int)EVENT_MAX_BYTES);
    return EXIT_FAILURE;
  }
  const size_t count = (size_t)(argc - mode->first);
  for (size_t i = 0; i < count; i++) {
    program_prepare(&programs[i], argv[mode->first + (int)i]);
  }
  if (is_rate) {
    for (size_t i = 0; i < count; i++) {
      measure_rate(&programs[i], number(argv[2]), number(argv[3]));
    }
  } else if (mode->event != 0) {
    measure_warm(programs, count, number(argv[2]), number(argv[3]), number(argv[4]));
  } else {
    measure_start(programs, count, number(argv[2]));
  }
  return EXIT_SUCCESS;
}
