/* What became of an upload that S3 no longer knows. For the files of multipart.h. */
#ifndef FUNCTION_MULTIPART_STORED_H
#define FUNCTION_MULTIPART_STORED_H

#include "multipart_upload.h"

/* Whether S3 said that there is no such upload: it was completed or aborted. */
bool multipart_is_gone(http_error error);

/* Whether the upload's object is there, as far as the signer may see: by the object's tags, which
 * s3:GetObjectTagging shows and no byte of it, or by a HEAD, for stores without tags. Only where
 * the key has {id}, and is the template's: else it may be the object of an earlier upload. False
 * also when nobody knows.
 */
bool multipart_is_stored(const function_call *call, const multipart_upload *upload);

#endif
