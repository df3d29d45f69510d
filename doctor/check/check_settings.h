/* A bucket's settings that uploads need: each is asked for and told.
 *
 * Sources:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
#ifndef DOCTOR_CHECK_SETTINGS_H
#define DOCTOR_CHECK_SETTINGS_H

#include "bucket_call.h"
#include "check_list.h"

/* Both need the caller's signer. */
void check_lifecycle(check_list *list, const bucket_caller *caller);
void check_encryption(check_list *list, const bucket_caller *caller);

#endif
