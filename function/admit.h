/* Admission for a call: who calls, when, and the random number are the call's. */
#ifndef FUNCTION_ADMIT_H
#define FUNCTION_ADMIT_H

#include "admission.h"
#include "call.h"

api_error admit_upload(admitted_upload *upload, const upload_request *request,
                       const function_call *call);

#endif
