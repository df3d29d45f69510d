/* The table of routes. They are matched on the end of the path, so that any
 * stage, base path or mount works.
 */
#ifndef FUNCTION_ROUTES_H
#define FUNCTION_ROUTES_H

#include "call.h"

/* Answers by the route that the request is for; OPTIONS is a preflight anywhere. */
http_error routes_answer(const function_call *call, http_reply *reply);

#endif
