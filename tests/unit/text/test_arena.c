#include "text/arena.h"

#include "tests/unit/support.h"

TEST(hands_out_aligned_memory_that_does_not_overlap) {
  text_arena *arena = large_arena();
  char *before = text_arena_allocate(arena, 1);
  for (size_t size = 1; size < 40; size++) {
    char *memory = text_arena_allocate(arena, size);
    CHECK_NUMBER("alignment", (uintptr_t)memory % alignof(max_align_t), 0);
    CHECK("after the one before", memory > before);
    memset(memory, 'x', size);
    before = memory + size - 1;
  }
}

TEST(gives_null_when_there_is_not_enough_left) {
  text_arena *arena = arena_of(128);
  CHECK("more than all", text_arena_allocate(arena, 129) == NULL);
  CHECK("an absurd size", text_arena_allocate(arena, SIZE_MAX) == NULL);
  CHECK("all", text_arena_allocate(arena, 128) != NULL);
  CHECK("once more", text_arena_allocate(arena, 1) == NULL);
}

TEST(uses_whole_units_of_its_memory_only) {
  text_arena *arena = arena_of(31);
  CHECK("17 of 16", text_arena_allocate(arena, 17) == NULL);
  CHECK("16 of 16", text_arena_allocate(arena, 16) != NULL);
}

TEST(has_no_memory_when_it_is_given_none) {
  text_arena arena;
  text_arena_init(&arena, NULL, 1024);
  CHECK("allocate", text_arena_allocate(&arena, 1) == NULL);
  CHECK("allocate nothing", text_arena_allocate(&arena, 0) == NULL);
  CHECK("copy", text_arena_copy(&arena, TEXT_LITERAL("a")).data == NULL);
  text_buffer buffer = text_arena_open(&arena);
  text_buffer_append_byte(&buffer, 'a');
  CHECK("open", buffer.overflowed);
  CHECK_NUMBER("close", text_arena_close(&arena, &buffer).size, 0);
  text_arena_reset(&arena);
}

TEST(copies_a_text_and_puts_a_nul_behind_it) {
  text_arena *arena = large_arena();
  const text_slice copy = text_arena_copy(arena, guarded(TEXT_LITERAL("a\0b")));
  CHECK_SLICE("text", copy, TEXT_LITERAL("a\0b"));
  CHECK_NUMBER("nul", copy.data[3], 0);
  const text_slice empty = text_arena_copy(arena, (text_slice){NULL, 0});
  CHECK_NUMBER("empty", empty.size, 0);
  CHECK("empty", empty.data != NULL && empty.data[0] == '\0');
}

TEST(does_not_copy_what_does_not_fit_with_its_nul) {
  text_arena *arena = arena_of(16);
  CHECK("16 bytes", text_arena_copy(arena, TEXT_LITERAL("0123456789abcdef")).data == NULL);
  CHECK("an absurd size", text_arena_copy(arena, (text_slice){"", SIZE_MAX}).data == NULL);
  CHECK_TEXT("15 bytes", text_arena_copy(arena, TEXT_LITERAL("0123456789abcde")),
             "0123456789abcde");
}

TEST(keeps_what_was_appended_and_gives_the_rest_back) {
  text_arena *arena = arena_of(256);
  text_buffer buffer = text_arena_open(arena);
  text_buffer_append_string(&buffer, "kept");
  const text_slice kept = text_arena_close(arena, &buffer);
  char *next = text_arena_allocate(arena, 100);
  memset(next, 'x', 100);
  CHECK("next", next >= kept.data + kept.size);
  CHECK_TEXT("kept", kept, "kept");
}

TEST(an_open_buffer_can_take_all_that_is_left) {
  text_arena *arena = arena_of(64);
  text_buffer buffer = text_arena_open(arena);
  for (int i = 0; i < 64; i++) {
    text_buffer_append_byte(&buffer, 'x');
  }
  CHECK("room", !buffer.overflowed);
  CHECK_NUMBER("kept", text_arena_close(arena, &buffer).size, 64);
  CHECK("full", text_arena_allocate(arena, 1) == NULL);
}

TEST(nothing_is_kept_of_a_buffer_that_overflowed) {
  text_arena *arena = arena_of(64);
  text_buffer buffer = text_arena_open(arena);
  for (int i = 0; i < 65; i++) {
    text_buffer_append_byte(&buffer, 'x');
  }
  CHECK("overflowed", buffer.overflowed);
  CHECK("null", text_arena_close(arena, &buffer).data == NULL);
  CHECK("given back", text_arena_allocate(arena, 64) != NULL);
}

TEST(takes_all_back_at_a_reset) {
  text_arena *arena = arena_of(64);
  char *first = text_arena_allocate(arena, 64);
  text_arena_reset(arena);
  CHECK("the same memory again", text_arena_allocate(arena, 64) == first);
}

TEST(takes_back_what_was_handed_out_since) {
  text_arena *arena = large_arena();
  const text_slice kept = text_arena_copy(arena, TEXT_LITERAL("kept"));
  const size_t used_bytes = arena->used_bytes;
  const char *first = text_arena_allocate(arena, 100);
  text_arena_rewind(arena, used_bytes);
  CHECK_NUMBER("used", arena->used_bytes, used_bytes);
  CHECK("again", text_arena_allocate(arena, 100) == first);
  CHECK_TEXT("kept", kept, "kept");
  text_arena_rewind(arena, ARENA_MAX_BYTES);
  CHECK("not forward", arena->used_bytes < ARENA_MAX_BYTES);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>

enum { GREAT_BYTES = 1024 * 1024, FAR_BYTES = 512 * 1024 };

static bool can_be_touched(const char *at) {
  return __asan_address_is_poisoned(at) == 0;
}

TEST(guards_what_is_not_handed_out) {
  static alignas(16) char memory[GREAT_BYTES];
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);
  const char *first = text_arena_allocate(&arena, 100);
  CHECK("handed out", can_be_touched(first) && can_be_touched(first + 99));
  CHECK("behind it", !can_be_touched(first + 112) && !can_be_touched(first + 4096));
  text_buffer buffer = text_arena_open(&arena);
  CHECK("open", can_be_touched(buffer.data));
  for (int i = 0; i < FAR_BYTES; i++) {
    text_buffer_append_byte(&buffer, 'x');
  }
  const char *far = buffer.data + FAR_BYTES - 1;
  text_buffer_clear(&buffer);
  const text_slice kept = text_arena_close(&arena, &buffer);
  CHECK("nothing was kept", !can_be_touched(kept.data));
  char *large = text_arena_allocate(&arena, FAR_BYTES);
  CHECK("large", can_be_touched(large) && can_be_touched(far));
  CHECK("behind the large one", !can_be_touched(large + FAR_BYTES + 16));
  text_arena_reset(&arena);
  CHECK("taken back", !can_be_touched(first) && !can_be_touched(large) && !can_be_touched(far));
  text_arena_release(&arena);
  CHECK("its owner's", can_be_touched(first) && can_be_touched(far));
}

/* Marking all of a large arena takes longer than what is done with it. */
TEST(does_not_mark_what_nobody_uses) {
  static alignas(16) char memory[GREAT_BYTES];
  const char *last = memory + sizeof memory - 1;
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);
  CHECK("at the start", can_be_touched(last));
  text_buffer buffer = text_arena_open(&arena);
  text_buffer_append_string(&buffer, "text");
  (void)text_arena_close(&arena, &buffer);
  CHECK("after a text", can_be_touched(last));
  text_arena_reset(&arena);
  CHECK("after a reset", can_be_touched(last));
  text_arena_release(&arena);
}
#define ASAN_TESTS \
  cmocka_unit_test(guards_what_is_not_handed_out), cmocka_unit_test(does_not_mark_what_nobody_uses),
#else
#define ASAN_TESTS
#endif

RUN_TESTS(ASAN_TESTS cmocka_unit_test(hands_out_aligned_memory_that_does_not_overlap),
          cmocka_unit_test(gives_null_when_there_is_not_enough_left),
          cmocka_unit_test(uses_whole_units_of_its_memory_only),
          cmocka_unit_test(has_no_memory_when_it_is_given_none),
          cmocka_unit_test(copies_a_text_and_puts_a_nul_behind_it),
          cmocka_unit_test(does_not_copy_what_does_not_fit_with_its_nul),
          cmocka_unit_test(keeps_what_was_appended_and_gives_the_rest_back),
          cmocka_unit_test(an_open_buffer_can_take_all_that_is_left),
          cmocka_unit_test(nothing_is_kept_of_a_buffer_that_overflowed),
          cmocka_unit_test(takes_all_back_at_a_reset),
          cmocka_unit_test(takes_back_what_was_handed_out_since))
