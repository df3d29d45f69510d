/* POST /sign: the requests that Uppy 6's signRequest asks for, one by one.
 * docs/http-api.md describes it for users.
 *
 * Source: signRequest in https://uppy.io/docs/aws-s3/
 */
#ifndef FUNCTION_SIGN_H
#define FUNCTION_SIGN_H

#include "call.h"

http_error sign_request(const function_call *call, http_reply *reply);

#endif
