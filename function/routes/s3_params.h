/* GET /s3/params: what Uppy's Companion answers for a file that is sent in one piece.
 * docs/http-api.md describes it for users.
 */
#ifndef FUNCTION_S3_PARAMS_H
#define FUNCTION_S3_PARAMS_H

#include "call.h"

http_error s3_params_get(const function_call *call, http_reply *reply);

#endif
