/* What the unit tests share.
 *
 * A test is a sentence that is true. Most go over a table, and a row that fails
 * prints its name.
 */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the headers above. */
#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "text/arena.h"

#define TEST(name) static void name(__attribute__((unused)) void **state)
/* Initializers for tables: a slice, and a pair of a name and its value. */
#define SLICE(literal) \
  { (literal), sizeof(literal) - 1 }
#define PAIR(name, value) \
  { SLICE(name), SLICE(value) }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The program: runs the tests, after a statement. */
#define RUN_TESTS(...) RUN_TESTS_AFTER((void)0, __VA_ARGS__)
#define RUN_TESTS_AFTER(statement, ...)               \
  int main(void) {                                    \
    const struct CMUnitTest tests[] = {__VA_ARGS__};  \
    statement;                                        \
    return cmocka_run_group_tests(tests, NULL, NULL); \
  }

#define CHECK(row, condition)                          \
  do {                                                 \
    if (!(condition)) {                                \
      fail_msg("%s: not true: %s", (row), #condition); \
    }                                                  \
  } while (0)

#define CHECK_NUMBER(row, actual, expected)                                             \
  do {                                                                                  \
    const int64_t is_ = (int64_t)(actual);                                              \
    const int64_t should_be_ = (int64_t)(expected);                                     \
    if (is_ != should_be_) {                                                            \
      fail_msg("%s: %s is %" PRId64 ", not %" PRId64, (row), #actual, is_, should_be_); \
    }                                                                                   \
  } while (0)

/* Compares a slice with a slice, byte for byte. */
#define CHECK_SLICE(row, actual, expected)                                                       \
  do {                                                                                           \
    const text_slice is_ = (actual);                                                             \
    const text_slice should_be_ = (expected);                                                    \
    if (!text_slice_equal(is_, should_be_)) {                                                    \
      fail_msg("%s: %s is\n  \"%.*s\" (%zu bytes), not\n  \"%.*s\" (%zu bytes)", (row), #actual, \
               (int)is_.size, is_.size ? is_.data : "", is_.size, (int)should_be_.size,          \
               should_be_.size ? should_be_.data : "", should_be_.size);                         \
    }                                                                                            \
  } while (0)

#define CHECK_TEXT(row, actual, string) CHECK_SLICE(row, actual, text_slice_of(string))

enum { GUARDED_BYTES = 256 * 1024, GUARDED_REGIONS = 64 };

/* `size` bytes that end where memory does: a step past them is a fault. Valid
 * until the GUARDED_REGIONS-th call after this one. */
static inline char *guarded_memory(size_t size) {
  static char *regions[GUARDED_REGIONS];
  static size_t turn;
  assert_true(size <= GUARDED_BYTES);
  char **region = &regions[turn++ % GUARDED_REGIONS];
  if (*region == NULL) {
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    void *memory = mmap(NULL, GUARDED_BYTES + page_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    assert_int_equal(mprotect((char *)memory + GUARDED_BYTES, page_bytes, PROT_NONE), 0);
    *region = memory;
  }
  return *region + GUARDED_BYTES - size;
}

/* A copy of `text` in such memory. Its pointer is never null. */
static inline text_slice guarded(text_slice text) {
  char *copy = guarded_memory(text.size);
  if (text.size > 0) {
    memcpy(copy, text.data, text.size);
  }
  return (text_slice){copy, text.size};
}

static inline text_slice guarded_string(const char *string) {
  return guarded(text_slice_of(string));
}

/* An empty buffer in such memory. */
static inline text_buffer buffer_of(size_t capacity) {
  text_buffer buffer;
  text_buffer_init(&buffer, guarded_memory(capacity), capacity);
  return buffer;
}

enum { ARENA_MAX_BYTES = 1024 * 1024 };

/* An arena of `size` bytes; one at a time. */
static inline text_arena *arena_of(size_t size) {
  static alignas(16) char memory[ARENA_MAX_BYTES];
  static text_arena arena;
  assert_true(size <= sizeof memory);
  text_arena_reset(&arena);
  text_arena_init(&arena, memory, size);
  return &arena;
}

static inline text_arena *large_arena(void) {
  return arena_of(ARENA_MAX_BYTES);
}

#endif
