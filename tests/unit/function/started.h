/* The whole function, started with the environment as it is. */
#ifndef TESTS_UNIT_STARTED_H
#define TESTS_UNIT_STARTED_H

#include "environment.h"
#include "function/function.h"
#include "tests/unit/support.h"

static alignas(16) char start_memory[64 * 1024];
static upload_config config;
static upload_function function;

static inline void start(void) {
  text_arena arena;
  text_arena_init(&arena, start_memory, sizeof start_memory);
  assert_null(environment_read(&config, &arena));
  assert_true(function_init(&function, &config, &arena));
}

#endif
