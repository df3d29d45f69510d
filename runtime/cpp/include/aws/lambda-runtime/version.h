/* The version of the library behind the API of aws-lambda-cpp: Countersign's. */
#ifndef COUNTERSIGN_AWS_LAMBDA_RUNTIME_VERSION_H
#define COUNTERSIGN_AWS_LAMBDA_RUNTIME_VERSION_H

#include <cstdlib>

#include <countersign/bridge.h>

namespace aws {
namespace lambda_runtime {
namespace detail {

/* The number at `index` of "major.minor.patch". */
inline unsigned version_number(int index) {
  char const *at = countersign_version();
  char *end = nullptr;
  unsigned long number = std::strtoul(at, &end, 10);
  for (; index > 0 && *end == '.'; index--) {
    number = std::strtoul(end + 1, &end, 10);
  }
  return static_cast<unsigned>(number);
}

} // namespace detail

/* "major.minor.patch" */
inline char const *get_version() {
  return countersign_version();
}

inline unsigned get_version_major() {
  return detail::version_number(0);
}

inline unsigned get_version_minor() {
  return detail::version_number(1);
}

inline unsigned get_version_patch() {
  return detail::version_number(2);
}

} // namespace lambda_runtime
} // namespace aws

#endif
