#include "runtime/pool.h"

#include <pthread.h>

#include "tests/unit/support.h"

/* Tests that put no pool in use share that of the thread: each frees what it takes, and
 * the one that uses it up comes last. */

TEST(gives_aligned_blocks_that_do_not_overlap) {
  enum { BLOCKS = 64 };
  unsigned char *blocks[BLOCKS];
  for (size_t i = 0; i < BLOCKS; i++) {
    blocks[i] = runtime_pool_malloc(i * 7);
    CHECK("room", blocks[i] != NULL);
    CHECK_NUMBER("alignment", (uintptr_t)blocks[i] % alignof(max_align_t), 0);
    memset(blocks[i], (int)i, i * 7);
  }
  for (size_t i = 0; i < BLOCKS; i++) {
    for (size_t at = 0; at < i * 7; at++) {
      CHECK_NUMBER("content", blocks[i][at], i);
    }
    runtime_pool_free(blocks[i]);
  }
}

TEST(gives_a_freed_block_again_to_the_next_of_its_size) {
  void *block = runtime_pool_malloc(1000);
  void *other = runtime_pool_malloc(1000);
  runtime_pool_free(block);
  CHECK("another size", runtime_pool_malloc(10) != block);
  CHECK("the same size", runtime_pool_malloc(900) == block);
  runtime_pool_free(block);
  runtime_pool_free(other);
}

TEST(freeing_null_does_nothing) {
  runtime_pool_free(NULL);
}

TEST(calloc_clears_a_block_that_was_used) {
  unsigned char *block = runtime_pool_malloc(300);
  memset(block, 0xFF, 300);
  runtime_pool_free(block);
  CHECK("the same block", runtime_pool_calloc(100, 3) == block);
  for (size_t i = 0; i < 300; i++) {
    CHECK_NUMBER("cleared", block[i], 0);
  }
  runtime_pool_free(block);
}

TEST(calloc_refuses_a_product_that_wraps_around) {
  CHECK("wraps to 0", runtime_pool_calloc(SIZE_MAX / 2 + 1, 2) == NULL);
  CHECK("wraps to 16", runtime_pool_calloc(SIZE_MAX / 16 + 2, 16) == NULL);
  void *nothing = runtime_pool_calloc(SIZE_MAX, 0);
  CHECK("nothing", nothing != NULL);
  runtime_pool_free(nothing);
}

TEST(realloc_keeps_the_content) {
  char *block = runtime_pool_realloc(NULL, 10);
  CHECK("null is malloc", block != NULL);
  memset(block, 'x', 10);
  for (size_t size = 10; size <= 100000; size *= 10) {
    block = runtime_pool_realloc(block, size);
    CHECK("room", block != NULL);
    CHECK_SLICE("content", ((text_slice){block, 10}), TEXT_LITERAL("xxxxxxxxxx"));
  }
  char *smaller = runtime_pool_realloc(block, 5);
  CHECK_SLICE("smaller", ((text_slice){smaller, 5}), TEXT_LITERAL("xxxxx"));
  runtime_pool_free(smaller);
}

TEST(strdup_copies_the_string) {
  char *copy = runtime_pool_strdup("some text");
  CHECK_TEXT("copy", text_slice_of(copy), "some text");
  runtime_pool_free(copy);
}

static void *free_in(runtime_pool *owner, void *block) {
  runtime_pool *const before = runtime_pool_use(owner);
  runtime_pool_free(block);
  void *again = runtime_pool_malloc(1000);
  (void)runtime_pool_use(before);
  return again;
}

struct freed {
  runtime_pool *owner;
  void *block;
  void *again;
};

static void *free_on_a_thread(void *argument) {
  struct freed *freed = argument;
  freed->again = free_in(freed->owner, freed->block);
  return NULL;
}

TEST(a_block_goes_back_to_its_pool_on_any_thread) {
  runtime_pool own = {0};
  runtime_pool *const before = runtime_pool_use(&own);
  CHECK("none was in use", before == NULL);
  struct freed freed = {.owner = &own, .block = runtime_pool_malloc(1000)};
  const size_t used_bytes = own.used_bytes;
  for (int i = 0; i < 10; i++) {
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, free_on_a_thread, &freed), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    CHECK("the same block", freed.again == freed.block);
  }
  CHECK_NUMBER("no more is used", own.used_bytes, used_bytes);
  runtime_pool_release();
  CHECK("released", own.region == NULL);
  CHECK("it was in use", runtime_pool_use(before) == &own);
}

TEST(pools_share_nothing) {
  runtime_pool own = {0};
  void *of_the_thread = runtime_pool_malloc(1000);
  (void)runtime_pool_use(&own);
  CHECK("another block", runtime_pool_malloc(1000) != of_the_thread);
  (void)runtime_pool_use(NULL);
  CHECK("the thread's block", free_in(NULL, of_the_thread) == of_the_thread);
  runtime_pool_free(of_the_thread);
  (void)runtime_pool_use(&own);
  runtime_pool_release();
  (void)runtime_pool_use(NULL);
}

TEST(refuses_more_than_there_can_be) {
  CHECK("all, with its header", runtime_pool_malloc(RUNTIME_POOL_BYTES) == NULL);
  CHECK("an absurd size", runtime_pool_malloc(SIZE_MAX) == NULL);
}

TEST(gives_null_once_it_is_used_up_and_works_on) {
  enum { BLOCK_BYTES = 60 * 1024, LARGER_BYTES = 4 * BLOCK_BYTES };
  char *first = runtime_pool_malloc(BLOCK_BYTES);
  memcpy(first, "kept", 5);
  size_t count = 1;
  while (runtime_pool_malloc(BLOCK_BYTES) != NULL) {
    count++;
  }
  CHECK("some", count > RUNTIME_POOL_BYTES / BLOCK_BYTES / 2);
  CHECK("not over the ceiling", count * BLOCK_BYTES <= RUNTIME_POOL_BYTES);
  CHECK("realloc", runtime_pool_realloc(first, LARGER_BYTES) == NULL);
  CHECK_TEXT("a failed realloc leaves the block", text_slice_of(first), "kept");
  runtime_pool_free(first);
  CHECK("a freed one", runtime_pool_malloc(BLOCK_BYTES) == first);
}

RUN_TESTS(cmocka_unit_test(gives_aligned_blocks_that_do_not_overlap),
          cmocka_unit_test(gives_a_freed_block_again_to_the_next_of_its_size),
          cmocka_unit_test(freeing_null_does_nothing),
          cmocka_unit_test(calloc_clears_a_block_that_was_used),
          cmocka_unit_test(calloc_refuses_a_product_that_wraps_around),
          cmocka_unit_test(realloc_keeps_the_content), cmocka_unit_test(strdup_copies_the_string),
          cmocka_unit_test(a_block_goes_back_to_its_pool_on_any_thread),
          cmocka_unit_test(pools_share_nothing), cmocka_unit_test(refuses_more_than_there_can_be),
          cmocka_unit_test(gives_null_once_it_is_used_up_and_works_on))
