/* A form (POST Object with a signed policy) for an upload that was let in. */
#ifndef FUNCTION_UPLOAD_FORM_H
#define FUNCTION_UPLOAD_FORM_H

#include "call.h"
#include "function/admission/admission.h"
#include "s3/post_policy.h"

/* Whether this call's uploads can go by form: what they are held to can be said in one, and the
 * store takes it. */
bool upload_form_is_on(const function_call *call);

http_error upload_form_make(s3_post_form *form, const function_call *call,
                            const admitted_upload *upload);

#endif
