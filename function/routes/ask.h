/* Letting an upload in: by the rules, and where there is an app to ask (UPLOAD_ASK_URL), by what it
 * says before anything is signed.
 */
#ifndef FUNCTION_ASK_H
#define FUNCTION_ASK_H

#include "call.h"

/* What the rules let in the app is asked about, once, and the upload is held to what it says: its
 * limits, metadata (which goes into `request`), tags and key. An error is the client's to see: what
 * a rule says, the app's refusal, or that there was no answer of use. Then nothing may be signed.
 */
http_error ask_admit(const function_call *call, upload_request *request, admitted_upload *upload);

#endif
