/* The receipts of the replies that grant an upload, when UPLOAD_RECEIPT_SECRET is set. */
#ifndef FUNCTION_RECEIPTS_H
#define FUNCTION_RECEIPTS_H

#include "call.h"
#include "function/admission/receipt.h"

bool receipts_are_on(const function_call *call);

/* The caller as receipts name it: the claim of UPLOAD_RECEIPT_SUBJECT, or `sub`; empty when there
 * is none. An error when there must be one, or it is none that a receipt can hold. */
http_error receipts_subject(const function_call *call, text_slice *subject);

/* The receipt of an upload that is granted; empty when receipts are off, null data without room.
 * receipts_subject() has been asked whether the caller has all it needs. */
text_slice receipts_grant(const function_call *call, const admitted_upload *upload);

/* Appends ,"receipt":"..." unless the receipt is empty. One without room spoils the whole reply. */
void receipts_append(text_buffer *body, text_slice receipt);

#endif
