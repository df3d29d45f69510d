#include "text/copy.h"

#include "tests/unit/support.h"

enum { SIZES = 200, MARGIN_BYTES = 16 };

static const char mark = '#';

static char byte_at(size_t i) {
  return (char)('0' + i % 64);
}

/* From memory that ends with the piece, into memory that has a margin before it. */
TEST(copies_pieces_of_every_size_and_nothing_beside_them) {
  for (size_t size = 0; size < SIZES; size++) {
    char *from = guarded_memory(size);
    char *memory = guarded_memory(MARGIN_BYTES + size);
    for (size_t i = 0; i < size; i++) {
      from[i] = byte_at(i);
    }
    memset(memory, mark, MARGIN_BYTES + size);
    text_copy(memory + MARGIN_BYTES, from, size);
    for (size_t i = 0; i < MARGIN_BYTES; i++) {
      CHECK("before", memory[i] == mark);
    }
    for (size_t i = 0; i < size; i++) {
      CHECK("copied", memory[MARGIN_BYTES + i] == byte_at(i));
    }
  }
}

/* Each with one byte that differs, or none. */
TEST(finds_a_difference_wherever_it_is) {
  for (size_t size = 0; size < 50; size++) {
    char *one = guarded_memory(size);
    char *other = guarded_memory(size);
    for (size_t i = 0; i < size; i++) {
      one[i] = other[i] = byte_at(i);
    }
    CHECK("the same", text_is_same(one, other, size));
    for (size_t i = 0; i < size; i++) {
      other[i] ^= 1;
      CHECK("another", !text_is_same(one, other, size));
      other[i] ^= 1;
    }
  }
}

RUN_TESTS(cmocka_unit_test(finds_a_difference_wherever_it_is),
          cmocka_unit_test(copies_pieces_of_every_size_and_nothing_beside_them))
