/* The names that S3 gives to what is stored. */
#ifndef S3_ETAG_H
#define S3_ETAG_H

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An ETag without the quotes that S3 writes it in, and without the mark of a weak one (W/). Clients
 * send it either way. */
text_slice s3_etag_bare(text_slice etag);

#ifdef __cplusplus
}
#endif

#endif
