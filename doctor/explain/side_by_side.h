/* Two canonical requests in two columns, line by line, a parameter of the query a line. */
#ifndef DOCTOR_SIDE_BY_SIDE_H
#define DOCTOR_SIDE_BY_SIDE_H

#include "doctor/shared/mask.h"
#include "request_text.h"

/* Appends both, under a head; `told_by_s3`: `seen` is what S3 says that it saw; a line that differs
 * begins with `!`, one of which one side is not known with `?`. */
void side_by_side_append(const request_parts *signed_one, const request_parts *seen,
                         bool told_by_s3, const secret_mask *mask, text_buffer *text);

#endif
