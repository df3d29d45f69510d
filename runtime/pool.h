/* The memory that libcurl uses: size classes over one fixed region a thread.
 *
 * libcurl allocates and frees some dozens of blocks for each exchange. musl's
 * malloc answers the larger ones with mmap and munmap each time, which costs
 * more than the exchange itself; here a freed block waits in the list of its
 * class for the next one. There is a ceiling: past it libcurl gets null and
 * reports that it is out of memory. Each thread has a pool of its own, so there is
 * no lock; a block may be freed by another thread, whose pool then keeps it.
 */
#ifndef RUNTIME_POOL_H
#define RUNTIME_POOL_H

#include <stddef.h>

/* Address space; pages never touched cost nothing. */
#define POOL_BYTES (2UL * 1024 * 1024)

/* The five functions that curl_global_init_mem() takes, with the contracts of
 * the C library's functions. */
void *pool_malloc(size_t size_bytes);
void *pool_calloc(size_t count, size_t size_bytes);
void *pool_realloc(void *block, size_t size_bytes);
char *pool_strdup(const char *string);
void pool_free(void *block);

/* Gives this thread's region back; nothing that was allocated by it may be used
 * any more, by any thread. */
void pool_release(void);

#endif
