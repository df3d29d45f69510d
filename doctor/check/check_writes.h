/* What a store takes of whoever has a signed URL, beside what it signs: tried with small objects,
 * which are deleted again.
 *
 * A signature covers the headers that it names. S3 refuses an x-amz-... header that it does not;
 * other stores may act on it.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 *          https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
#ifndef DOCTOR_CHECK_WRITES_H
#define DOCTOR_CHECK_WRITES_H

#include "check_settings.h"

/* `folder`: where the objects are written; nobody else has it. Needs the caller's signer. In a
 * bucket that locks all that is written nothing is tried. */
void check_writes(check_list *list, const bucket_caller *caller, text_slice folder,
                  bucket_lock lock);

#endif
