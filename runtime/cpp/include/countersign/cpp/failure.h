/* Failures: what the Runtime API is told of an error type, a message or an
 * exception. For countersign/cpp/runtime.h only.
 */
#ifndef COUNTERSIGN_CPP_FAILURE_H
#define COUNTERSIGN_CPP_FAILURE_H

#include <countersign/bridge.h>

/* Programs may be compiled without exceptions. */
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
#define COUNTERSIGN_EXCEPTIONS 1
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <typeinfo>
#else
#define COUNTERSIGN_EXCEPTIONS 0
#endif

namespace aws {
namespace lambda_runtime {
namespace detail {

inline countersign_bytes bytes_of(std::string const &text) {
  return countersign_bytes{text.data(), text.size()};
}

/* As a JSON string. */
inline std::string quoted(std::string const &text) {
  std::string json(6 * text.size() + 2, '\0');
  json.resize(countersign_quote(bytes_of(text), &json[0]));
  return json;
}

inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The words of `text` as one, each with an upper-case first letter. */
inline std::string one_word(std::string const &text) {
  std::string word;
  bool starts = true;
  for (char const c : text) {
    if (is_letter(c)) {
      word += starts && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    starts = !is_letter(c);
  }
  return word;
}

/* An error type as the Runtime API's header wants it, "Function." or "Runtime." and
 * a word of letters. "Function.Busy" stays what it is, "std::runtime_error" becomes
 * "Function.RuntimeError", "no space left" becomes "Function.NoSpaceLeft". */
inline std::string header_type_of(std::string const &type) {
  std::string const plain = type.substr(0, type.find('<'));
  std::string const prefix = plain.compare(0, 8, "Runtime.") == 0 ? "Runtime." : "Function.";
  std::size_t const scope = plain.rfind("::");
  std::string const name = plain.compare(0, prefix.size(), prefix) == 0
                               ? plain.substr(prefix.size())
                           : scope != std::string::npos ? plain.substr(scope + 2)
                                                        : plain;
  std::string const word = one_word(name).substr(0, 100);
  return prefix + (word.size() < 2 ? "Unknown" : word);
}

/* What invocation_response keeps for itself. */
struct failure_of {
  static std::string header_type(invocation_response const &response) {
    return header_type_of(response.m_error_type);
  }
  static std::string const &message(invocation_response const &response) {
    return response.m_error_message;
  }
};

#if COUNTERSIGN_EXCEPTIONS
inline std::string name_of(std::type_info const &type) {
  int status = 0;
  std::unique_ptr<char, void (*)(void *)> const name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  return name != nullptr ? name.get() : type.name();
}

/* Of the exception that is being handled. */
inline invocation_response failure_of_exception() {
  std::type_info const *type = abi::__cxa_current_exception_type();
  std::string const name = type != nullptr ? name_of(*type) : "Function.UnknownException";
  try {
    throw;
  } catch (std::exception const &exception) {
    return invocation_response::failure(exception.what(), name);
  } catch (...) {
    return invocation_response::failure("the handler threw what is no std::exception", name);
  }
}
#endif

} // namespace detail
} // namespace lambda_runtime
} // namespace aws

#endif
