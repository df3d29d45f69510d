/* Linked into a program, it counts the calls to the C library's heap, of whatever part of the
 * program, and prints the count when the program ends. It takes the place of musl's malloc and its
 * like, which pass on to these functions of musl's.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long calls;

/* musl's names for them. */
/* NOLINTBEGIN(*-reserved-identifier,cert-dcl*,*-inconsistent-declaration*) */
void *__libc_malloc_impl(size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

void *malloc(size_t size) {
  atomic_fetch_add(&calls, 1);
  return __libc_malloc_impl(size);
}

void *calloc(size_t count, size_t size) {
  atomic_fetch_add(&calls, 1);
  if (size != 0 && count > SIZE_MAX / size) {
    return NULL;
  }
  void *block = __libc_malloc_impl(count * size);
  return block == NULL ? NULL : memset(block, 0, count * size);
}

void *realloc(void *block, size_t size) {
  atomic_fetch_add(&calls, 1);
  return __libc_realloc(block, size);
}

void free(void *block) {
  if (block != NULL) {
    atomic_fetch_add(&calls, 1);
  }
  __libc_free(block);
}
/* NOLINTEND(*-reserved-identifier,cert-dcl*,*-inconsistent-declaration*) */

__attribute__((destructor)) static void print_count(void) {
  char text[64];
  const int size = snprintf(text, sizeof text, "heap\t%ld\n", atomic_load(&calls));
  const ssize_t written = write(STDERR_FILENO, text, (size_t)size);
  (void)written;
}
