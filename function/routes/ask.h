/* Asking the app whether an upload may be, before anything is signed (UPLOAD_ASK_URL). */
#ifndef FUNCTION_ASK_H
#define FUNCTION_ASK_H

#include "call.h"

/* Asks once about an upload that the rules let in, and holds it to what the app says: its limits,
 * metadata (which goes into `request`), tags and key. An error is the client's to see: what a rule
 * says, the app's refusal, or that there was no answer of use. Then nothing may be signed. */
http_error ask_app(const function_call *call, upload_request *request, admitted_upload *upload);

#endif
