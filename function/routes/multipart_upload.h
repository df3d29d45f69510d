/* The upload that a request is about, once it is known to be the caller's, and what
 * S3 knows of it. For the files of multipart.h.
 */
#ifndef FUNCTION_MULTIPART_UPLOAD_H
#define FUNCTION_MULTIPART_UPLOAD_H

#include "call.h"
#include "s3/xml.h"

typedef struct multipart_upload {
  text_slice key;
  sealed_upload sealed;
} multipart_upload;

/* No error when multipart uploads are configured. */
http_error multipart_is_on(const function_call *call);

/* What the token of an upload of `key` is of, in this call. */
seal_subject multipart_subject(const function_call *call, text_slice key);

/* Reads the sealed upload id, which is the segment `from_end` of the path (0: the
 * last one), and the parameter key, and checks both. */
http_error multipart_open(const function_call *call, size_t from_end, multipart_upload *upload);

/* Segment `from_end` of the request's path, decoded. */
text_slice multipart_segment(const function_call *call, size_t from_end);

/* No error when `key` is one that this caller's uploads have. */
http_error multipart_check_key(const function_call *call, text_slice key);

/* The largest upload: by what it was started with or by what is configured now, whichever is
 * smaller. 0: there is no cap of ours. */
int64_t multipart_max_bytes(const function_call *call, const multipart_upload *upload);

/* All parts that S3 has, page by page, in the order of their numbers. */
http_error multipart_list_parts(const function_call *call, const multipart_upload *upload,
                                s3_part_list *parts);

/* Discards the upload and its parts. One that is gone is an error, see multipart_stored.h. */
http_error multipart_discard(const function_call *call, const multipart_upload *upload);

#endif
