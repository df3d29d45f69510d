/* What S3 tells about a request that it refused: its error in XML, as a whole.
 *
 * For people who look for a cause; the function itself reads no more than the code
 * (xml.h). It holds signatures, and with CanonicalRequest the session token. An
 * element that is not listed here is skipped, Token-0 with it.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
#ifndef S3_ERROR_REPLY_H
#define S3_ERROR_REPLY_H

#include "xml_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Empty slices for what the reply does not have. */
typedef struct s3_error_reply {
  text_slice code;
  text_slice message;
  text_slice details; /* of stores that say more there */
  text_slice header;  /* of NotImplemented: the one that asks for too much */
  text_slice access_key_id;
  text_slice canonical_request; /* of SignatureDoesNotMatch, but not of a form's */
  text_slice string_to_sign;
  text_slice signature_provided;
  text_slice headers_not_signed;
  text_slice region; /* the bucket's; the store's, where it names it in every error */
  text_slice endpoint;
  text_slice request_time;
  text_slice server_time;
  text_slice expires;
  text_slice condition;
  text_slice proposed_size;
  text_slice max_size_allowed;
} s3_error_reply;

/* Reads the error; what stands before its first `<`, such as a reply's head, is skipped. False when
 * it is none or past the limits of xml_walk.h; a text may have 64 KiB. */
bool s3_error_reply_read(s3_error_reply *reply, text_slice text, text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
