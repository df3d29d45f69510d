/* How an upload in parts is cut: pure arithmetic, all in bytes.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (1 to 10,000 parts of 5
 * MiB to 5 GiB each; the last one may be smaller).
 */
#ifndef FUNCTION_PART_PLAN_H
#define FUNCTION_PART_PLAN_H

#include <stdint.h>

#include "function/config/upload_config.h"
#include "s3/xml.h"

#define PART_MIN_BYTES (5LL * 1024 * 1024)
#define PART_MAX_BYTES CONFIG_PUT_MAX_BYTES

/* The largest upload in parts. */
#define PARTS_MAX_BYTES (S3_PARTS_MAX * PART_MAX_BYTES)

/* The smallest parts that an upload of `size_bytes` can have, which is what stock Uppy cuts by
 * itself. `size_bytes` is 0 to PARTS_MAX_BYTES. */
int64_t part_plan_least_bytes(int64_t size_bytes);

/* How many parts of `part_bytes` an upload has, at least one. */
int64_t part_plan_count(int64_t size_bytes, int64_t part_bytes);

/* The exact size of part `number`, 1 to part_plan_count(): the last one has the rest. */
int64_t part_plan_size_of(int64_t size_bytes, int64_t part_bytes, int64_t number);

#endif
