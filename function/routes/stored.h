/* An object as S3 has it, and the receipt that says so. */
#ifndef FUNCTION_STORED_H
#define FUNCTION_STORED_H

#include "call.h"
#include "function/admission/receipt.h"

/* Looks at an object with the role's rights (HEAD needs s3:GetObject). `with_checksum`: asks for
 * that too, for which an object under a KMS key needs kms:Decrypt. An error is S3's: 404 when it is
 * not there, and 403 when it is not, and the role may not list the bucket, or may not read it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
http_error stored_look(const function_call *call, text_slice key, bool with_checksum,
                       stored_object *object);

/* Whether the object is there, as far as s3:GetObjectTagging shows, which is no byte of it. False
 * also when nobody knows, or the store has no tags. */
bool stored_has_tags(const function_call *call, text_slice key);

/* The same, or by a HEAD, for stores without tags. */
bool stored_is_there(const function_call *call, text_slice key);

#endif
