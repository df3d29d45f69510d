/* GET /signed_download: a URL that gets a file which was uploaded here, when UPLOAD_DOWNLOADS is
 * on. docs/http-api.md describes it for users.
 */
#ifndef FUNCTION_SIGNED_DOWNLOAD_H
#define FUNCTION_SIGNED_DOWNLOAD_H

#include "call.h"

http_error signed_download_get(const function_call *call, http_reply *reply);

#endif
