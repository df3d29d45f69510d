/* Forms that a browser uploads by itself: POST Object with a policy that Signature Version 4 signs.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
#ifndef S3_POST_POLICY_H
#define S3_POST_POLICY_H

#include "endpoint.h"
#include "signer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  S3_FORM_FIELDS_MAX = 32,
  S3_FORM_GIVEN_MAX = S3_FORM_FIELDS_MAX - 7, /* the others are added */
  S3_FORM_MAX_BYTES = 20480
};

typedef struct s3_post_options {
  const s3_endpoint *endpoint;
  text_slice key; /* the object's very key, UTF-8 */
  /* Fields that the form must have, each with this very value. */
  const text_pair *fields;
  size_t field_count; /* at most S3_FORM_GIVEN_MAX */
  /* The sizes of file that are let in, both ends included. */
  int64_t min_bytes;
  int64_t max_bytes;
  int64_t expires_seconds; /* 1 to S3_EXPIRES_MAX_SECONDS */
  int64_t time_seconds;    /* now, Unix epoch */
} s3_post_options;

/* Text of the options, the signer and the arena. */
typedef struct s3_post_form {
  text_slice url; /* ends with a slash */
  /* In the order to send; the file comes after them. */
  text_pair fields[S3_FORM_FIELDS_MAX];
  size_t field_count;
} s3_post_form;

/* Makes a form that stores one object and nothing else. On failure `form` is not to be used. */
s3_status s3_post_policy(s3_signer *signer, const s3_post_options *options, s3_post_form *form,
                         text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
