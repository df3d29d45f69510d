#include "program.h"

#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STOP_MS = 2000 };

void program_fail(const program *measured, const char *what) {
  (void)fprintf(stderr, "harness: %s: %s\n", measured->name, what);
  if (measured->process > 0) {
    (void)kill(measured->process, SIGKILL);
  }
  exit(EXIT_FAILURE);
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now;
  return clock_gettime(clock, &now) == 0 ? (int64_t)now.tv_sec * 1000000000 + now.tv_nsec : 0;
}

int64_t now_nanoseconds(void) {
  return nanoseconds(CLOCK_MONOTONIC);
}

int64_t program_cpu_nanoseconds(const program *measured) {
  clockid_t clock;
  return clock_getcpuclockid(measured->process, &clock) == 0 ? nanoseconds(clock) : 0;
}

static bool has_name_of(const char *variable, const char *other) {
  const size_t size = strcspn(other, "=") + 1;
  return strncmp(variable, other, size) == 0;
}

/* What the program has of its own, and what of the harness's does not stand there. */
static void append_environment(program *measured, size_t count) {
  const size_t own = count;
  for (char **variable = environ; *variable != NULL && count < PROGRAM_ENVIRONMENT_MAX;
       variable++) {
    size_t i = 0;
    while (i < own && !has_name_of(*variable, measured->environment[i])) {
      i++;
    }
    if (i == own) {
      measured->environment[count++] = *variable;
    }
  }
}

void program_prepare(program *measured, char *argument) {
  size_t words = 0;
  size_t variables = 1;
  measured->name = strtok(argument, "=");
  measured->wanted = strtok(NULL, "=");
  for (char *word = strtok(NULL, " "); word != NULL; word = strtok(NULL, " ")) {
    if (words == 0 && strchr(word, '=') != NULL && variables < PROGRAM_WORDS_MAX) {
      measured->environment[variables++] = word;
    } else if (words < PROGRAM_WORDS_MAX) {
      measured->words[words++] = word;
    }
  }
  if (words == 0 || !api_open(&measured->server)) {
    program_fail(measured, "no command, or no port");
  }
  (void)snprintf(measured->runtime_api, sizeof measured->runtime_api,
                 "AWS_LAMBDA_RUNTIME_API=127.0.0.1:%d", measured->server.port);
  measured->environment[0] = measured->runtime_api;
  append_environment(measured, variables);
}

api_connection *program_receive_get(program *measured) {
  api_connection *request = api_receive(&measured->server);
  if (request == NULL || !api_is_get(request)) {
    program_fail(measured, "did not ask for the next invocation");
  }
  return request;
}

void program_start(program *measured) {
  if (posix_spawn(&measured->process, measured->words[0], NULL, NULL, measured->words,
                  measured->environment) != 0) {
    measured->process = 0;
    program_fail(measured, "could not be started");
  }
}

void program_stop(program *measured) {
  (void)kill(measured->process, SIGKILL);
  (void)waitpid(measured->process, NULL, 0);
  measured->process = 0;
  api_drop_connections(&measured->server);
}

void program_ask_to_stop(program *measured) {
  (void)kill(measured->process, SIGTERM);
  for (int i = 0; i < STOP_MS && waitpid(measured->process, NULL, WNOHANG) == 0; i++) {
    (void)usleep(1000);
  }
  program_stop(measured);
}

/* The tenth field of its stat. */
long program_page_faults(const program *measured) {
  char line[512];
  (void)snprintf(line, sizeof line, "/proc/%d/stat", (int)measured->process);
  FILE *file = fopen(line, "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL || fclose(file) != 0) {
    program_fail(measured, "its page faults can't be read");
  }
  const char *field = strrchr(line, ')'); /* the name before it may have spaces */
  for (int i = 0; i < 8 && field != NULL; i++) {
    field = strchr(field + 1, ' ');
  }
  return field != NULL ? strtol(field, NULL, 10) : 0;
}

long program_resident_bytes(const program *measured) {
  char line[256];
  long kilobytes = 0;
  (void)snprintf(line, sizeof line, "/proc/%d/smaps_rollup", (int)measured->process);
  FILE *file = fopen(line, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "Rss:", 4) == 0) {
      kilobytes = strtol(line + 4, NULL, 10);
    }
  }
  if (file == NULL || fclose(file) != 0 || kilobytes == 0) {
    program_fail(measured, "its memory can't be read");
  }
  return kilobytes * 1024;
}
