/* Letting an upload in: by the rules, by what its receipt needs, and by what the app says. */
#ifndef FUNCTION_ADMIT_H
#define FUNCTION_ADMIT_H

#include "call.h"

/* An error is the client's to see, and then nothing may be signed. What the app adds to the
 * metadata goes into `request`. */
http_error admit_upload(const function_call *call, upload_request *request,
                        admitted_upload *upload);

#endif
