/* Parts of a declared size: together they are that size, and S3 takes each. */
#include "function/admission/part_plan.h"

#include "tests/unit/support.h"

#define MIB (1024LL * 1024)

static void check_plan(int64_t size_bytes, int64_t part_bytes, int64_t count, int64_t last_bytes) {
  CHECK_NUMBER("count", part_plan_count(size_bytes, part_bytes), count);
  CHECK_NUMBER("last", part_plan_size_of(size_bytes, part_bytes, count), last_bytes);
  for (int64_t number = 1; number < count; number++) {
    CHECK_NUMBER("part", part_plan_size_of(size_bytes, part_bytes, number), part_bytes);
  }
  CHECK_NUMBER("sum", (count - 1) * part_bytes + last_bytes, size_bytes);
}

TEST(parts_are_the_whole) {
  check_plan(0, PART_MIN_BYTES, 1, 0);
  check_plan(5, PART_MIN_BYTES, 1, 5);
  check_plan(PART_MIN_BYTES, PART_MIN_BYTES, 1, PART_MIN_BYTES);
  check_plan(PART_MIN_BYTES + 1, PART_MIN_BYTES, 2, 1);
  check_plan(100 * MIB, 8 * MIB, 13, 4 * MIB);
  check_plan(PARTS_MAX_BYTES, PART_MAX_BYTES, S3_PARTS_MAX, PART_MAX_BYTES);
}

TEST(the_least_size_leaves_no_more_parts_than_S3_takes) {
  static const int64_t sizes[] = {0,
                                  5,
                                  S3_PARTS_MAX * PART_MIN_BYTES,
                                  S3_PARTS_MAX * PART_MIN_BYTES + 1,
                                  1024 * 1024LL * MIB,
                                  PARTS_MAX_BYTES - 1,
                                  PARTS_MAX_BYTES};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    const int64_t least = part_plan_least_bytes(sizes[i]);
    CHECK("S3's least", least >= PART_MIN_BYTES);
    CHECK("S3's most", least <= PART_MAX_BYTES);
    CHECK("count", part_plan_count(sizes[i], least) <= S3_PARTS_MAX);
    CHECK("no smaller",
          least == PART_MIN_BYTES || part_plan_count(sizes[i], least - 1) > S3_PARTS_MAX);
  }
}

RUN_TESTS(cmocka_unit_test(parts_are_the_whole),
          cmocka_unit_test(the_least_size_leaves_no_more_parts_than_S3_takes))
