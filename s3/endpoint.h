/* Where a bucket is reached: scheme, host and path, from a region or a URL.
 *
 * Sources: https://docs.aws.amazon.com/general/latest/gr/s3.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
 */
#ifndef S3_ENDPOINT_H
#define S3_ENDPOINT_H

#include "status.h"
#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum s3_addressing {
  S3_ADDRESSING_AUTO,    /* virtual on AWS if the bucket's name fits a host and has no dot; path
                            elsewhere */
  S3_ADDRESSING_VIRTUAL, /* https://bucket.host/key */
  S3_ADDRESSING_PATH     /* https://host/bucket/key */
} s3_addressing;

typedef struct s3_endpoint_options {
  text_slice region;
  text_slice bucket; /* a bucket's name, or an access point's alias or ARN */
  text_slice url;    /* of another store or a proxy; empty: AWS's regional endpoint */
  s3_addressing addressing;
  bool dualstack; /* IPv6 as well; AWS's endpoints only, as the others are */
  bool fips;
  bool accelerate; /* by the nearest of AWS's edges, for which the bucket must be set up */
} s3_endpoint_options;

/* Text in the arena that s3_endpoint_init() was given. */
typedef struct s3_endpoint {
  text_slice origin; /* https://host[:port], as a URL starts */
  text_slice host;   /* host[:port], as the Host header has it */
  text_slice path;   /* before "/" and the key: base path and, with path style, "/bucket" */
  text_slice bucket; /* as it was named */
  text_slice region; /* to sign for: the access point's own, or the one given */
} s3_endpoint;

/* S3_OK for a bucket's name and for an access point's alias or ARN. */
s3_status s3_bucket_check(text_slice bucket);

s3_status s3_endpoint_init(s3_endpoint *endpoint, const s3_endpoint_options *options,
                           text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
