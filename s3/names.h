/* What a region and a bucket can be called.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
#ifndef S3_NAMES_H
#define S3_NAMES_H

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 to 63 lower-case letters, digits and hyphens, no hyphen at an end. */
bool s3_region_is_valid(text_slice region);

/* 3 to 63 bytes: such labels with dots between them, but no IPv4 address. */
bool s3_bucket_is_valid(text_slice bucket);

#ifdef __cplusplus
}
#endif

#endif
