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

/* Looks for an object by its tags, which s3:GetObjectTagging shows and no byte of it. No error when
 * it is there; see the next. */
http_error stored_look_at_tags(const function_call *call, text_slice key);

/* Whether stored_look_at_tags() was told that there is no such object, be it by 403: that is S3's
 * answer to who may not list the bucket. */
bool stored_is_missing(http_error error);

/* Whether an object is there, by its tags or, for stores without them, by a HEAD. False also when
 * nobody knows. */
bool stored_is_there(const function_call *call, text_slice key);

#endif
