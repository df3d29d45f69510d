/* The memory that libcurl uses: size classes over one fixed region.
 *
 * libcurl allocates and frees some dozens of blocks for each connection, and for each
 * request to S3. musl's malloc answers the larger ones with mmap and munmap each time;
 * here a freed block waits in the list of its class for the next one. There is a ceiling: past it
 * libcurl gets null and reports that it is out of memory.
 *
 * libcurl does not say for which connection it allocates, so each thread has a pool
 * in use. A connection has one of its own and puts it in use around its calls of
 * libcurl: its blocks come from there and go back there, whatever threads take
 * turns with it. For all other calls a thread has a pool of its own. A pool serves
 * one thread at a time, so there is no lock.
 */
#ifndef RUNTIME_POOL_H
#define RUNTIME_POOL_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Address space; pages never touched cost nothing. */
#define RUNTIME_POOL_BYTES (2UL * 1024 * 1024)

enum { RUNTIME_POOL_CLASSES = 33 };

/* All zero at first; the region may be the caller's then, with `lent`. */
typedef struct runtime_pool {
  char *region; /* RUNTIME_POOL_BYTES; null until the first block is wanted */
  bool lent;    /* it is the caller's, all zero, aligned for any type */
  size_t used_bytes;
  struct pool_block *free_lists[RUNTIME_POOL_CLASSES];
} runtime_pool;

/* Puts `wanted` in use on this thread; null: the thread's own. Returns what was in
 * use before, to be put back. */
runtime_pool *runtime_pool_use(runtime_pool *wanted);

/* The five functions that curl_global_init_mem() takes, with the contracts of
 * the C library's functions. They work on the pool in use; a block is freed and
 * reallocated in the pool that it is of. */
void *runtime_pool_malloc(size_t size_bytes);
void *runtime_pool_calloc(size_t count, size_t size_bytes);
void *runtime_pool_realloc(void *block, size_t size_bytes);
char *runtime_pool_strdup(const char *string);
void runtime_pool_free(void *block);

/* Gives the region back of the pool in use, unless it was lent; nothing that was allocated from it
 * may be used any more. */
void runtime_pool_release(void);

#ifdef __cplusplus
}
#endif

#endif
