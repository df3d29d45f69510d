/* Points in time as text, in UTC. */
#ifndef TEXT_UTC_H
#define TEXT_UTC_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum text_utc_form {
  TEXT_UTC_DATE,       /* 2026-11-24 */
  TEXT_UTC_DATE_TIME,  /* 2026-11-24T12:00:00 */
  TEXT_UTC_BASIC_FORM, /* 20261124T120000Z, the form of Signature Version 4 */
} text_utc_form;

/* Appends `unix_seconds`. False, and nothing appended, when the time is before
 * 1970 or after the year 9999. */
bool text_utc_append(text_buffer *buffer, int64_t unix_seconds, text_utc_form form);

/* Reads 20261124T120000Z or 2026-11-24T12:00:00Z, the latter also with a fraction of a second,
 * which is dropped. False, and `unix_seconds` as it was, when `text` is anything else or no time
 * that there is. */
bool text_utc_parse(text_slice text, int64_t *unix_seconds);

/* Reads the one form that HTTP writes, Tue, 24 Nov 2026 12:00:00 GMT, whatever the day's name is
 * (RFC 9110, 5.6.7). False, and `unix_seconds` as it was, for anything else. */
bool text_utc_parse_http(text_slice text, int64_t *unix_seconds);

#ifdef __cplusplus
}
#endif

#endif
