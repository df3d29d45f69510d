/* A bucket's settings that uploads need: each is asked for and told.
 *
 * Sources:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
#ifndef DOCTOR_CHECK_SETTINGS_H
#define DOCTOR_CHECK_SETTINGS_H

#include "bucket_call.h"
#include "check_list.h"

/* All need the caller's signer. */
void check_lifecycle(check_list *list, const bucket_caller *caller);
void check_encryption(check_list *list, const bucket_caller *caller);

/* What a bucket's Object Lock does to uploads. */
typedef enum bucket_lock {
  LOCK_NONE,
  LOCK_ON_REQUEST, /* an upload may ask for it */
  LOCK_ALL,        /* a default retention: no object can be deleted for a time */
  LOCK_NOT_KNOWN
} bucket_lock;

bucket_lock check_object_lock(check_list *list, const bucket_caller *caller);

#endif
