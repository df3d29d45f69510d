/* Sentences with texts in them. */
#ifndef DOCTOR_WORDS_H
#define DOCTOR_WORDS_H

#include <stdint.h>

#include "text/arena.h"

/* A text in the arena: `pattern` with each {} replaced by the next of `pieces`. Empty when there is
 * no room. */
text_slice words_fill(text_arena *arena, const char *pattern, const text_slice *pieces,
                      size_t count);

#define WORDS(arena, pattern, ...)                                  \
  words_fill((arena), (pattern), (const text_slice[]){__VA_ARGS__}, \
             sizeof((const text_slice[]){__VA_ARGS__}) / sizeof(text_slice))

/* 12 s, 5 min, 3 h, 2 days: of a length of time. */
text_slice words_duration(text_arena *arena, int64_t seconds);

/* 2026-11-24T12:00:00Z */
text_slice words_time(text_arena *arena, int64_t unix_seconds);

text_slice words_number(text_arena *arena, int64_t number);

#endif
