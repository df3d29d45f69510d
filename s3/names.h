/* What a region and a bucket can be called.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
#ifndef S3_NAMES_H
#define S3_NAMES_H

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 to 63 lower-case letters, digits and hyphens, no hyphen at an end. */
bool s3_region_is_valid(text_slice region);

/* 3 to 255 letters, digits, dots, hyphens and underscores, but no IPv4 address: what buckets could
 * be called in us-east-1 until 2018, and can be in other stores. */
bool s3_bucket_is_valid(text_slice bucket);

/* Whether it can stand in a host's name, as all that are made today can: 3 to 63 bytes, labels as a
 * region's name is one, with dots between them, but no IPv4 address. */
bool s3_bucket_fits_host(text_slice bucket);

#ifdef __cplusplus
}
#endif

#endif
