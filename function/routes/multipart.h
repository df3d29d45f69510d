/* Multipart uploads in Companion's protocol, /s3/multipart/...: opened, listed,
 * completed and aborted here, by calls of S3; each part goes from the browser to
 * S3 by a presigned URL. docs/http-api.md describes them for users.
 *
 * Source: https://uppy.io/docs/companion/ and the clients @uppy/aws-s3 4 to 6
 */
#ifndef FUNCTION_MULTIPART_H
#define FUNCTION_MULTIPART_H

#include "call.h"

http_error multipart_create(const function_call *call, http_reply *reply);
http_error multipart_sign_part(const function_call *call, http_reply *reply);
http_error multipart_sign_batch(const function_call *call, http_reply *reply);
http_error multipart_list(const function_call *call, http_reply *reply);
http_error multipart_complete(const function_call *call, http_reply *reply);
http_error multipart_abort(const function_call *call, http_reply *reply);

/* GET /s3/sts: this service hands out no credentials. */
http_error multipart_refuse_credentials(const function_call *call, http_reply *reply);

#endif
