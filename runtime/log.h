/* What the log line needs beside its message. */
#ifndef RUNTIME_LOG_H
#define RUNTIME_LOG_H

#include "lambda.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads AWS_LAMBDA_LOG_FORMAT and AWS_LAMBDA_LOG_LEVEL anew, or only if nobody has;
 * the first line that is written does it by itself. */
void runtime_log_configure(void);
void runtime_log_configure_once(void);

enum { RUNTIME_LOG_MESSAGE_MAX_BYTES = 4095 };

/* Writes one line, as lambda_log() does, of a text that needs no formatting and may
 * have any byte. In a signal handler as well. */
void runtime_log_write(lambda_log_level level, lambda_slice message);

/* The invocation that this thread's lines belong to, copied up to 256 bytes. The
 * empty slice: none. */
void runtime_log_set_request_id(lambda_slice request_id);

#ifdef __cplusplus
}
#endif

#endif
