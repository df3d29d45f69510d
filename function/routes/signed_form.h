/* GET /signed_form: a form that uploads one file, and nothing else.
 * docs/http-api.md describes it for users.
 */
#ifndef FUNCTION_SIGNED_FORM_H
#define FUNCTION_SIGNED_FORM_H

#include "call.h"

http_error signed_form_get(const function_call *call, http_reply *reply);

#endif
