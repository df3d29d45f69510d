/* What can be wrong with what a caller asks to be signed. */
#ifndef S3_STATUS_H
#define S3_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum s3_status {
  S3_OK,
  S3_BAD_TIME,    /* before 1970 or after 9999 */
  S3_BAD_EXPIRES, /* not 1 to 604,800 seconds */
  S3_BAD_METHOD,  /* not upper-case letters */
  S3_BAD_KEY,     /* empty, over 1,024 bytes, or with a "." or ".." segment */
  S3_BAD_HEADER,  /* a name or value that can't be signed as it is sent */
  S3_BAD_FIELD,   /* a form's field that is no clean UTF-8, or that S3 would expand */
  S3_BAD_RANGE,   /* of a form's file sizes */
  S3_BIG_FORM,    /* a form over S3's limit */
  S3_TOO_MANY,    /* headers, query parameters or fields */
  S3_NO_ROOM,     /* the result does not fit into the caller's storage */
  S3_BAD_REGION,
  S3_BAD_BUCKET,
  S3_BAD_ARN,         /* of no access point, or of another partition than its region's */
  S3_NO_MULTI_REGION, /* kinds of bucket that have another signature or endpoint */
  S3_NO_EXPRESS,
  S3_NO_OUTPOSTS,
  S3_NO_OBJECT_LAMBDA,
  S3_NO_PATH_STYLE,   /* of an access point */
  S3_NO_FORM,         /* at an access point */
  S3_BAD_ENDPOINT,    /* the custom URL is not http(s)://host[:port][/path] */
  S3_NO_VIRTUAL_HOST, /* the host can't have the bucket's name before it */
  S3_NO_DUALSTACK,    /* the region's partition has no such endpoint */
  S3_NO_FIPS,
  S3_NO_ACCELERATION, /* in this partition, for this bucket, or with another option */
  S3_ONLY_ON_AWS      /* dual-stack, FIPS and acceleration, with a custom URL */
} s3_status;

/* One sentence in English, without a full stop; constant text. */
const char *s3_status_text(s3_status status);

#ifdef __cplusplus
}
#endif

#endif
