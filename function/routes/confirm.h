/* POST /confirm: what became of an upload that was granted. docs/http-api.md describes it for
 * users.
 */
#ifndef FUNCTION_CONFIRM_H
#define FUNCTION_CONFIRM_H

#include "call.h"

http_error confirm_post(const function_call *call, http_reply *reply);

#endif
