/* Whether a page may upload to a bucket from its browser: CORS.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 *          https://fetch.spec.whatwg.org/#http-cors-protocol
 */
#ifndef DOCTOR_CHECK_CORS_H
#define DOCTOR_CHECK_CORS_H

#include "bucket_call.h"
#include "check_list.h"

/* `exposed` is what an answer to the page's origin exposed; it may be empty. */
void check_cors(check_list *list, const bucket_caller *caller, text_slice exposed);

#endif
