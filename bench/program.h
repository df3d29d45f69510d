/* A program that harness.c measures: its process, the Runtime API that it speaks to, and what the
 * kernel says of it. What goes wrong ends the harness, with a word on stderr.
 */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <stdint.h>
#include <sys/types.h>

#include "api.h"

enum { PROGRAM_WORDS_MAX = 16, PROGRAM_ENVIRONMENT_MAX = 64 };

typedef struct program {
  const char *name;
  const char *wanted; /* must stand in its replies */
  char *words[PROGRAM_WORDS_MAX + 1];
  char runtime_api[64];
  char *environment[PROGRAM_ENVIRONMENT_MAX + 1];
  api_server server;
  pid_t process;
} program;

/* `argument` is as harness.c has it, and is taken to pieces. */
void program_prepare(program *measured, char *argument);

void program_start(program *measured);
void program_stop(program *measured);

/* Lets it say at its end what it has to say: see count_heap.c. */
void program_ask_to_stop(program *measured);

/* The program's GET next. */
api_connection *program_receive_get(program *measured);

_Noreturn void program_fail(const program *measured, const char *what);

/* All the processor time of a program so far, of all its threads. */
int64_t program_cpu_nanoseconds(const program *measured);

/* How often memory that it touched was not there. */
long program_page_faults(const program *measured);

long program_resident_bytes(const program *measured);

/* Of the clock that only goes on. */
int64_t now_nanoseconds(void);

#endif
