/* A bucket's settings as S3 tells them, in XML.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
 */
#ifndef DOCTOR_BUCKET_SETTINGS_H
#define DOCTOR_BUCKET_SETTINGS_H

#include "s3/xml_walk.h"

/* Text in the arena; empty where a bucket does not have it. */
typedef struct bucket_settings {
  /* Of all CORS rules together, with a comma between. */
  text_slice origins;
  text_slice methods;
  text_slice headers;
  /* The days after which an enabled rule for the whole bucket, or else for a part of it, aborts
   * uploads that are incomplete. */
  text_slice abort_days;
  bool aborts_only_some;
  text_slice encryption; /* AES256, aws:kms or aws:kms:dsse */
  text_slice kms_key;
  text_slice location; /* empty: us-east-1 */
  text_slice lock;     /* Enabled, of Object Lock */
  text_slice
      lock_mode; /* of its default retention: GOVERNANCE or COMPLIANCE; empty: there is none */
} bucket_settings;

/* Reads whichever of the five it is; what the others have stays. False when it is none. */
bool bucket_settings_read(bucket_settings *settings, text_slice text, text_arena *arena);

#endif
