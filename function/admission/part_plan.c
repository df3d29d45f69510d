#include "part_plan.h"

static int64_t divided_up(int64_t dividend, int64_t divisor) {
  return dividend / divisor + (dividend % divisor > 0);
}

int64_t part_plan_least_bytes(int64_t size_bytes) {
  const int64_t least = divided_up(size_bytes, S3_PARTS_MAX);
  return least > PART_MIN_BYTES ? least : PART_MIN_BYTES;
}

int64_t part_plan_count(int64_t size_bytes, int64_t part_bytes) {
  const int64_t count = divided_up(size_bytes, part_bytes);
  return count > 0 ? count : 1;
}

int64_t part_plan_size_of(int64_t size_bytes, int64_t part_bytes, int64_t number) {
  const int64_t left = size_bytes - (number - 1) * part_bytes;
  return left < part_bytes ? left : part_bytes;
}
