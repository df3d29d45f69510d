/* Buckets by another name than their own: access points, and what is no bucket that can be signed
 * for here.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
#ifndef S3_ACCESS_POINT_H
#define S3_ACCESS_POINT_H

#include "status.h"
#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* arn:PARTITION:s3:REGION:ACCOUNT:accesspoint/NAME; slices of the ARN. */
typedef struct s3_access_point {
  text_slice partition;
  text_slice region;
  text_slice account; /* twelve digits */
  text_slice name;
} s3_access_point;

bool s3_access_point_is_arn(text_slice bucket);

/* By its ARN or its alias. */
bool s3_access_point_is_named(text_slice bucket);

/* S3_BAD_ARN for an ARN that is none of an access point. What has an endpoint or a signature of
 * another kind (multi-region access points, Outposts, Object Lambda) is refused by its name. */
s3_status s3_access_point_parse(s3_access_point *point, text_slice arn);

/* S3_OK unless the name's ending tells a kind of bucket that can't be signed for. */
s3_status s3_access_point_check_name(text_slice bucket);

#ifdef __cplusplus
}
#endif

#endif
