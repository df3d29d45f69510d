/* What the Runtime API wants to hear of an error.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
#ifndef RUNTIME_ERROR_REPORT_H
#define RUNTIME_ERROR_REPORT_H

#include "lambda.h"
#include "text/buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RUNTIME_ERROR_REPORT_CONTENT_TYPE "application/vnd.aws.lambda.error+json"

/* The longest type that is passed on. */
enum { RUNTIME_ERROR_TYPE_MAX_BYTES = 128 };

/* Whether the API accepts a type: "Runtime." or "Function.", an upper-case letter,
 * and more letters. */
bool runtime_error_type_is_valid(lambda_slice type);

typedef struct runtime_error_report {
  lambda_slice type;
  lambda_slice message;
  /* Return addresses, the innermost first, as addr2line takes them. */
  const uintptr_t *frames;
  size_t frame_count;
} runtime_error_report;

/* Appends the body: errorMessage, errorType, stackTrace. Safe in a signal handler,
 * as are the next two. */
void runtime_error_report_append(text_buffer *buffer, const runtime_error_report *report);

/* Appends the addresses, a space before each. */
void runtime_error_report_append_trace(text_buffer *buffer, const runtime_error_report *report);

/* Appends what X-Ray shows of it: one line of ASCII, for a header. Of the message
 * the first kilobyte is told. */
void runtime_error_report_append_cause(text_buffer *buffer, const runtime_error_report *report);

#ifdef __cplusplus
}
#endif

#endif
