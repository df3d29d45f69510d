/* GET and POST /signed_url: a presigned PUT, and what the browser must send. GET /signed_form: a
 * form that uploads one file, and nothing else. docs/http-api.md describes them for users.
 */
#ifndef FUNCTION_SIGNED_URL_H
#define FUNCTION_SIGNED_URL_H

#include "call.h"

http_error signed_url_get(const function_call *call, http_reply *reply);
http_error signed_url_post(const function_call *call, http_reply *reply);
http_error signed_form_get(const function_call *call, http_reply *reply);

#endif
