/* An environment for config_read(): what a test sets and nothing else. */
#ifndef TESTS_UNIT_ENVIRONMENT_H
#define TESTS_UNIT_ENVIRONMENT_H

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "function/config/config.h"

enum { ENVIRONMENT_VARIABLES_MAX = 64, ENVIRONMENT_VALUE_MAX = 16 * 1024 };

static struct environment_variable {
  const char *name;
  char value[ENVIRONMENT_VALUE_MAX];
} environment[ENVIRONMENT_VARIABLES_MAX];
static size_t environment_size;

#define SAMPLE_SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

/* A null value unsets the variable. A longer value than there is room for is cut. */
static inline void environment_set(const char *name, const char *value) {
  size_t at = 0;
  while (at < environment_size && strcmp(environment[at].name, name) != 0) {
    at++;
  }
  if (value == NULL) {
    if (at < environment_size) {
      environment[at] = environment[--environment_size];
    }
    return;
  }
  if (at < ENVIRONMENT_VARIABLES_MAX) {
    environment[at].name = name;
    (void)snprintf(environment[at].value, sizeof environment[at].value, "%s", value);
    environment_size += at == environment_size;
  }
}

/* Only what has to be set. */
static inline void environment_reset(void) {
  environment_size = 0;
  environment_set("UPLOAD_BUCKET", "my-bucket");
  environment_set("AWS_REGION", "eu-west-1");
  environment_set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  environment_set("AWS_SECRET_ACCESS_KEY", SAMPLE_SECRET);
}

static inline char *environment_lookup(const char *name) {
  for (size_t i = 0; i < environment_size; i++) {
    if (strcmp(environment[i].name, name) == 0) {
      return environment[i].value;
    }
  }
  return NULL;
}

static const char *environment_asked[ENVIRONMENT_VARIABLES_MAX];
static size_t environment_asked_size;

static inline char *environment_note(const char *name) {
  if (environment_asked_size < ENVIRONMENT_VARIABLES_MAX) {
    environment_asked[environment_asked_size++] = name;
  }
  return NULL;
}

/* The names of all variables, as config_read() itself asks for them: there is no list to forget one
 * in. Returns how many. */
static inline size_t environment_names(const char *const **names) {
  static char storage[8192];
  static alignas(16) char memory[8192];
  if (environment_asked_size == 0) {
    upload_config config;
    text_arena arena;
    text_buffer problems;
    text_arena_init(&arena, memory, sizeof memory);
    text_buffer_init(&problems, storage, sizeof storage);
    (void)config_read(&config, environment_note, &arena, &problems);
  }
  *names = environment_asked;
  return environment_asked_size;
}

/* Reads the configuration from the environment. Null when it is good, or else its
 * problems, in lines; valid until the next call. */
static inline const char *environment_read(upload_config *config, text_arena *arena) {
  static char storage[8192];
  text_buffer problems;
  text_buffer_init(&problems, storage, sizeof storage);
  const bool good = config_read(config, environment_lookup, arena, &problems);
  text_buffer_append_byte(&problems, '\0');
  return good ? NULL : storage;
}

#endif
