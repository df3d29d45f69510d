/* Logging as aws-lambda-cpp has it, through Countersign's log: one line on
 * standard error, with the request id, as text or JSON (AWS_LAMBDA_LOG_FORMAT), and
 * only from AWS_LAMBDA_LOG_LEVEL on, INFO by default.
 *
 * Before that, the macro AWS_LAMBDA_LOG says what is compiled in: errors always,
 * information from 1 on, debugging from 2 on.
 */
#ifndef COUNTERSIGN_AWS_LOGGING_LOGGING_H
#define COUNTERSIGN_AWS_LOGGING_LOGGING_H

#include <cstdarg>
#include <cstdint>

#include <countersign/bridge.h>

namespace aws {
namespace logging {

enum class verbosity : std::uint8_t {
  error,
  info,
  debug,
};

[[gnu::format(printf, 3, 0)]] inline void log(verbosity v, char const *tag, char const *msg,
                                              va_list args) {
  countersign_level const level = v == verbosity::error  ? COUNTERSIGN_ERROR
                                  : v == verbosity::info ? COUNTERSIGN_INFO
                                                         : COUNTERSIGN_DEBUG;
  countersign_log(level, tag, msg, args);
}

[[gnu::format(printf, 2, 3)]] static inline void log_error(char const *tag, char const *msg, ...) {
  va_list args;
  va_start(args, msg);
  log(verbosity::error, tag, msg, args);
  va_end(args);
}

/* These two are static: files of one program may be compiled with different values
 * of the macro. */
[[gnu::format(printf, 2, 3)]] static inline void log_info(char const *tag, char const *msg, ...) {
#if defined(AWS_LAMBDA_LOG) && AWS_LAMBDA_LOG >= 1
  va_list args;
  va_start(args, msg);
  log(verbosity::info, tag, msg, args);
  va_end(args);
#else
  (void)tag;
  (void)msg;
#endif
}

[[gnu::format(printf, 2, 3)]] static inline void log_debug(char const *tag, char const *msg, ...) {
#if defined(AWS_LAMBDA_LOG) && AWS_LAMBDA_LOG >= 2
  va_list args;
  va_start(args, msg);
  log(verbosity::debug, tag, msg, args);
  va_end(args);
#else
  (void)tag;
  (void)msg;
#endif
}

} // namespace logging
} // namespace aws

#endif
