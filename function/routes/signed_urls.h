/* POST /signed_urls: many files are signed by one request, each as by a call of its own.
 * docs/http-api.md describes it for users.
 */
#ifndef FUNCTION_SIGNED_URLS_H
#define FUNCTION_SIGNED_URLS_H

#include "call.h"

http_error signed_urls_post(const function_call *call, http_reply *reply);

#endif
