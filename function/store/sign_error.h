/* What a client hears when the signer refuses. */
#ifndef FUNCTION_SIGN_ERROR_H
#define FUNCTION_SIGN_ERROR_H

#include "http/error.h"
#include "s3/status.h"

/* `status` is not S3_OK. What a client can mend is 400, what the bucket can't do 501, the rest 500.
 */
http_error sign_error(s3_status status, text_arena *arena);

#endif
