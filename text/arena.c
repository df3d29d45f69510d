#include "arena.h"

#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#endif

/* Under AddressSanitizer what is not handed out can't be touched, so that a step past an
 * allocation is found although malloc is not involved. That holds for all that was ever handed out,
 * and for GUARD_BYTES behind what is: to mark the rest as well, each time, would take longer than
 * what is done with a large arena. */
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* A multiple of every type's alignment. Under ASan it leaves a poisoned gap. */
#ifdef ARENA_POISONS
enum { ALIGNMENT = 16, GAP = 16, GUARD_BYTES = 64 * 1024 };
#else
enum { ALIGNMENT = 16, GAP = 0 };
#endif

static size_t left(const text_arena *arena) {
  return arena->size_bytes - arena->used_bytes;
}

/* Guards what lies behind `from_bytes`, to GUARD_BYTES past what is used and at least to
 * `touched_bytes`. What was guarded stays so. */
#ifdef ARENA_POISONS
static void guard(text_arena *arena, size_t from_bytes, size_t touched_bytes) {
  size_t end = left(arena) > GUARD_BYTES ? arena->used_bytes + GUARD_BYTES : arena->size_bytes;
  end = touched_bytes > end ? touched_bytes : end;
  end = arena->guarded_bytes > end ? arena->guarded_bytes : end;
  if (end > from_bytes) {
    ASAN_POISON_MEMORY_REGION(arena->base + from_bytes, end - from_bytes);
    arena->guarded_bytes = end;
  }
}
#else
static void guard(const text_arena *arena, size_t from_bytes, size_t touched_bytes) {
  (void)arena;
  (void)from_bytes;
  (void)touched_bytes;
}
#endif

void text_arena_init(text_arena *arena, void *memory, size_t size_bytes) {
  *arena =
      (text_arena){.base = memory, .size_bytes = memory ? size_bytes / ALIGNMENT * ALIGNMENT : 0};
  ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->size_bytes); /* an arena may have been there */
  guard(arena, 0, 0);
}

static void note_peak(text_arena *arena, size_t touched_bytes) {
  arena->peak_bytes = touched_bytes > arena->peak_bytes ? touched_bytes : arena->peak_bytes;
}

static void take(text_arena *arena, size_t size_bytes) {
  const size_t rounded = (size_bytes + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  arena->used_bytes += rounded < left(arena) ? rounded : left(arena);
  note_peak(arena, arena->used_bytes);
}

void *text_arena_allocate(text_arena *arena, size_t size_bytes) {
  if (size_bytes > left(arena) || arena->base == NULL) {
    return NULL;
  }
  char *memory = arena->base + arena->used_bytes;
  take(arena, size_bytes);
  guard(arena, arena->guarded_bytes, arena->used_bytes);
  ASAN_UNPOISON_MEMORY_REGION(memory, size_bytes);
  return memory;
}

text_slice text_arena_copy(text_arena *arena, text_slice text) {
  char *copy = text.size < SIZE_MAX ? text_arena_allocate(arena, text.size + 1) : NULL;
  if (copy == NULL) {
    return (text_slice){NULL, 0};
  }
  if (text.size > 0) {
    memcpy(copy, text.data, text.size);
  }
  copy[text.size] = '\0';
  return (text_slice){copy, text.size};
}

text_buffer text_arena_open(text_arena *arena) {
  text_buffer buffer;
  char *start = arena->base ? arena->base + arena->used_bytes : NULL;
  if (arena->guarded_bytes > arena->used_bytes) {
    ASAN_UNPOISON_MEMORY_REGION(start, arena->guarded_bytes - arena->used_bytes);
  }
  text_buffer_init(&buffer, start, left(arena));
  return buffer;
}

text_slice text_arena_close(text_arena *arena, const text_buffer *buffer) {
  const size_t start_bytes = arena->used_bytes;
  note_peak(arena, start_bytes + buffer->size);
  if (!buffer->overflowed) {
    take(arena, buffer->size);
  }
  guard(arena, start_bytes, start_bytes + buffer->size);
  if (buffer->overflowed) {
    return (text_slice){NULL, 0};
  }
  ASAN_UNPOISON_MEMORY_REGION(buffer->data, buffer->size);
  return text_buffer_slice(buffer);
}

void text_arena_note_touched(text_arena *arena, size_t size_bytes) {
  note_peak(arena, arena->used_bytes + size_bytes);
}

void text_arena_rewind(text_arena *arena, size_t used_bytes) {
  if (used_bytes < arena->used_bytes) {
    ASAN_POISON_MEMORY_REGION(arena->base + used_bytes, arena->used_bytes - used_bytes);
    arena->used_bytes = used_bytes;
  }
}

void text_arena_reset(text_arena *arena) {
  ASAN_POISON_MEMORY_REGION(arena->base, arena->used_bytes);
  arena->used_bytes = 0;
  arena->peak_bytes = 0;
}

void text_arena_release(text_arena *arena) {
  ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->guarded_bytes);
  *arena = (text_arena){0};
}
