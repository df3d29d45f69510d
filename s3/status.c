#include "status.h"

const char *s3_status_text(s3_status status) {
  switch (status) {
  case S3_OK:
    return "no error";
  case S3_BAD_TIME:
    return "the time must be between the years 1970 and 9999";
  case S3_BAD_EXPIRES:
    return "the lifetime must be 1 to 604800 seconds";
  case S3_BAD_METHOD:
    return "the method must be upper-case letters";
  case S3_BAD_KEY:
    return "the key must be 1 to 1024 bytes and have no segment that is '.' or '..'";
  case S3_BAD_HEADER:
    return "a header's name must be letters, digits, and - . _, and its value printable ASCII "
           "without spaces at its "
           "ends or two in a row";
  case S3_BAD_FIELD:
    return "a form's fields must be UTF-8 without control characters and without ${filename}";
  case S3_BAD_RANGE:
    return "the sizes that a form lets in must be 0 or more, the least one first";
  case S3_BIG_FORM:
    return "a form must be at most 20480 bytes before the file";
  case S3_TOO_MANY:
    return "there are too many headers, query parameters or fields";
  case S3_NO_ROOM:
    return "the result does not fit";
  case S3_BAD_REGION:
    return "the region must be lower-case letters, digits and hyphens";
  case S3_BAD_BUCKET:
    return "the bucket must be 3 to 255 letters, digits, dots, hyphens and underscores, and no IP "
           "address";
  case S3_BAD_ARN:
    return "an ARN must be an access point's, as arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME; a "
           "bucket is given by its name";
  case S3_NO_MULTI_REGION:
    return "multi-region access points can't be signed for (they need SigV4A); use an access point "
           "of one region";
  case S3_NO_EXPRESS:
    return "directory buckets (S3 Express One Zone) can't be signed for: they need sessions of "
           "their own; use a general purpose bucket";
  case S3_NO_OUTPOSTS:
    return "buckets of S3 on Outposts can't be signed for; use a bucket of a region";
  case S3_NO_OBJECT_LAMBDA:
    return "Object Lambda access points take no uploads; use the bucket or its own access point";
  case S3_NO_PATH_STYLE:
    return "an access point has no path-style address";
  case S3_NO_FORM:
    return "an access point takes no forms; use a PUT";
  case S3_BAD_ENDPOINT:
    return "the endpoint must be http://host[:port][/path] or https://host[:port][/path]";
  case S3_NO_VIRTUAL_HOST:
    return "virtual addressing needs a host that is a name, and a bucket whose name can stand "
           "before "
           "it: 3 to 63 lower-case letters, digits, hyphens and, but on AWS, dots; others need "
           "path "
           "style";
  case S3_NO_DUALSTACK:
    return "the region's partition has no dual-stack endpoints";
  case S3_NO_FIPS:
    return "the region's partition has no FIPS endpoints";
  case S3_NO_ACCELERATION:
    return "Transfer Acceleration is there in AWS's commercial regions, without FIPS or path "
           "style, for a bucket whose name fits a host and has no dot, and that is no access "
           "point";
  case S3_ONLY_ON_AWS:
    return "dual-stack, FIPS and accelerated endpoints are AWS's: they do not go with an endpoint "
           "URL";
  }
  return "unknown error";
}
