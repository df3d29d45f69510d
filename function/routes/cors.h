/* Cross-origin requests: who may call from a browser, and what preflights hear.
 *
 * Source: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
#ifndef FUNCTION_CORS_H
#define FUNCTION_CORS_H

#include "function/config/upload_config.h"
#include "http/reply.h"

/* Whether a comma-separated list of patterns allows `origin`. A pattern is "*",
 * an origin, or one with a single "*" for any characters, as in a bucket's CORS. */
bool cors_allows(text_slice origins, text_slice origin);

/* Adds the headers that let the request's origin read the reply, whatever its
 * status. False when the request names an origin that is not allowed. A request without
 * one is let through, for browsers leave it out only where no page of another site can
 * read the reply. So is one of the service's own page, where that is on: from https:// and the host
 * that AWS says was asked, or from one of UPLOAD_PAGE_ORIGIN. */
bool cors_apply(const http_request *request, const upload_config *config, http_reply *reply);

/* Makes the reply the answer to a preflight. */
void cors_answer_preflight(const http_request *request, text_slice methods, http_reply *reply);

#endif
