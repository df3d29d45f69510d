/* S3's errors whose cause is the same whatever the request was.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
#ifndef DOCTOR_ERROR_TABLE_H
#define DOCTOR_ERROR_TABLE_H

#include "finding.h"

/* False when the code is none of them. */
bool error_table_add(finding_list *findings, text_slice code);

#endif
