/* The two forms of time that Signature Version 4 uses, in UTC. */
#ifndef S3_TIMESTAMP_H
#define S3_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct s3_timestamp {
  char text[sizeof "20261124T120000Z" - 1]; /* without a NUL */
} s3_timestamp;

/* False when `unix_seconds` is before 1970 or after the year 9999. */
bool s3_timestamp_init(s3_timestamp *timestamp, int64_t unix_seconds);

/* 20261124T120000Z */
text_slice s3_timestamp_slice(const s3_timestamp *timestamp);
/* 20261124 */
text_slice s3_timestamp_date(const s3_timestamp *timestamp);

#ifdef __cplusplus
}
#endif

#endif
