/* A result or a failure: exactly one of the two, as aws-lambda-cpp has it. */
#ifndef COUNTERSIGN_AWS_LAMBDA_RUNTIME_OUTCOME_H
#define COUNTERSIGN_AWS_LAMBDA_RUNTIME_OUTCOME_H

#include <cassert>
#include <new>
#include <type_traits>
#include <utility>

namespace aws {
namespace lambda_runtime {

template <typename TResult, typename TFailure> class outcome {
public:
  outcome(TResult const &result) : m_success(true) {
    new (&m_result) TResult(result);
  }
  outcome(TResult &&result) : m_success(true) {
    new (&m_result) TResult(std::move(result));
  }
  outcome(TFailure const &failure) : m_success(false) {
    new (&m_failure) TFailure(failure);
  }
  outcome(TFailure &&failure) : m_success(false) {
    new (&m_failure) TFailure(std::move(failure));
  }

  /* From a kind of result that can as well be none, and then converts to a failure. */
  template <typename T,
            typename = typename std::enable_if<std::is_base_of<TResult, T>::value>::type,
            typename = decltype(std::declval<T const &>().operator outcome())>
  outcome(T const &either) : outcome(either.operator outcome()) {
  }

  outcome(outcome const &other) : m_success(other.m_success) {
    if (m_success) {
      new (&m_result) TResult(other.m_result);
    } else {
      new (&m_failure) TFailure(other.m_failure);
    }
  }

  outcome(outcome &&other) noexcept : m_success(other.m_success) {
    take(other);
  }

  outcome &operator=(outcome const &other) {
    outcome copy(other);
    return *this = std::move(copy);
  }

  outcome &operator=(outcome &&other) noexcept {
    if (this != &other) {
      destroy();
      m_success = other.m_success;
      take(other);
    }
    return *this;
  }

  ~outcome() {
    destroy();
  }

  bool is_success() const {
    return m_success;
  }

  /* Only where is_success(). */
  TResult const &get_result() const & {
    assert(m_success);
    return m_result;
  }
  TResult &&get_result() && {
    assert(m_success);
    return std::move(m_result);
  }

  /* Only where it is not. */
  TFailure const &get_failure() const & {
    assert(!m_success);
    return m_failure;
  }
  TFailure &&get_failure() && {
    assert(!m_success);
    return std::move(m_failure);
  }

private:
  void take(outcome &other) noexcept {
    if (m_success) {
      new (&m_result) TResult(std::move(other.m_result));
    } else {
      new (&m_failure) TFailure(std::move(other.m_failure));
    }
  }

  void destroy() noexcept {
    if (m_success) {
      m_result.~TResult();
    } else {
      m_failure.~TFailure();
    }
  }

  union {
    TResult m_result;
    TFailure m_failure;
  };
  bool m_success;
};

} // namespace lambda_runtime
} // namespace aws

#endif
