/* Linked into a program with --wrap for these names, it counts the calls to the C
 * library's heap, of whatever part of the program, and prints the count when the
 * program ends.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static atomic_long calls;

/* NOLINTBEGIN(*-reserved-identifier,cert-dcl*): the linker's names for them */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

void *__wrap_malloc(size_t size) {
  atomic_fetch_add(&calls, 1);
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  atomic_fetch_add(&calls, 1);
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
  atomic_fetch_add(&calls, 1);
  return __real_realloc(block, size);
}

void __wrap_free(void *block) {
  if (block != NULL) {
    atomic_fetch_add(&calls, 1);
  }
  __real_free(block);
}
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

__attribute__((destructor)) static void print_count(void) {
  char text[64];
  const int size = snprintf(text, sizeof text, "heap\t%ld\n", atomic_load(&calls));
  const ssize_t written = write(STDERR_FILENO, text, (size_t)size);
  (void)written;
}
