#include "pool.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* Each block has a header before it that names its class. The classes hold blocks of 32, 48,
 * 64, 96, 128 and so on to 2 MiB, header included. */
enum { HEADER_BYTES = 16 };

/* A freed one. */
typedef struct pool_block {
  struct pool_block *next;
} pool_block;

static _Thread_local runtime_pool of_this_thread;
static _Thread_local runtime_pool *used; /* null: of_this_thread */

runtime_pool *runtime_pool_use(runtime_pool *wanted) {
  runtime_pool *const before = used;
  used = wanted;
  return before;
}

static runtime_pool *in_use(void) {
  return used != NULL ? used : &of_this_thread;
}

static bool reserve_region(runtime_pool *from) {
  if (from->region == NULL) {
    void *region = mmap(NULL, RUNTIME_POOL_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    from->region = region != MAP_FAILED ? region : NULL;
  }
  return from->region != NULL;
}

static size_t class_bytes(size_t class) {
  return (2 + class % 2) << (4 + class / 2);
}

/* RUNTIME_POOL_CLASSES when no class is large enough. */
static size_t class_for(size_t size_bytes) {
  size_t class = 0;
  while (class < RUNTIME_POOL_CLASSES && class_bytes(class) - HEADER_BYTES < size_bytes) {
    class ++;
  }
  return class;
}

static size_t class_of(const void *block) {
  size_t class;
  memcpy(&class, (const char *)block - HEADER_BYTES, sizeof class);
  return class;
}

static void *take_freed(runtime_pool *from, size_t class) {
  pool_block *block = class < RUNTIME_POOL_CLASSES ? from->free_lists[class] : NULL;
  if (block != NULL) {
    from->free_lists[class] = block->next;
  }
  return block;
}

/* All zero, as the kernel gave it. */
static void *take_new(runtime_pool *from, size_t class) {
  if (class == RUNTIME_POOL_CLASSES) {
    return NULL;
  }
  if (!reserve_region(from) || class_bytes(class) > RUNTIME_POOL_BYTES - from->used_bytes) {
    return NULL;
  }
  char *header = from->region + from->used_bytes;
  from->used_bytes += class_bytes(class);
  memcpy(header, &class, sizeof class);
  return header + HEADER_BYTES;
}

void *runtime_pool_malloc(size_t size_bytes) {
  runtime_pool *from = in_use();
  const size_t class = class_for(size_bytes);
  void *block = take_freed(from, class);
  return block != NULL ? block : take_new(from, class);
}

void *runtime_pool_calloc(size_t count, size_t size_bytes) {
  if (size_bytes != 0 && count > SIZE_MAX / size_bytes) {
    return NULL;
  }
  runtime_pool *from = in_use();
  const size_t class = class_for(count * size_bytes);
  void *block = take_freed(from, class);
  /* Pages that nobody writes to are not there. */
  return block != NULL ? memset(block, 0, count * size_bytes) : take_new(from, class);
}

void *runtime_pool_realloc(void *block, size_t size_bytes) {
  if (block == NULL) {
    return runtime_pool_malloc(size_bytes);
  }
  const size_t held_bytes = class_bytes(class_of(block)) - HEADER_BYTES;
  if (size_bytes <= held_bytes) {
    return block;
  }
  void *larger = runtime_pool_malloc(size_bytes);
  if (larger != NULL) {
    memcpy(larger, block, held_bytes);
    runtime_pool_free(block);
  }
  return larger;
}

char *runtime_pool_strdup(const char *string) {
  const size_t size_bytes = strlen(string) + 1;
  char *copy = runtime_pool_malloc(size_bytes);
  if (copy != NULL) {
    memcpy(copy, string, size_bytes);
  }
  return copy;
}

void runtime_pool_free(void *block) {
  if (block == NULL) {
    return;
  }
  runtime_pool *to = in_use();
  const size_t class = class_of(block);
  pool_block *freed = block;
  freed->next = to->free_lists[class];
  to->free_lists[class] = freed;
}

void runtime_pool_release(void) {
  runtime_pool *released = in_use();
  if (released->region != NULL && !released->lent) {
    (void)munmap(released->region, RUNTIME_POOL_BYTES);
  }
  *released = (runtime_pool){0};
}
