// Result<T>: a value or one diagnostic. Libraries return it; only main exits.
// Standard library only, so that isa, object and the machine can use it.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace base {

// What went wrong, for callers that have no source text to point at (objects, images, arguments).
// `place` names the spot inside the input: "section .c0map, byte 12", "--set r5=0xZZ".
struct Error {
  std::string text;
  std::string id;     // stable text id, e.g. "bad-elf"
  std::string place;  // may be empty
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return assert(*this), *std::get_if<0>(&state_); }
  const T& operator*() const { return assert(*this), *std::get_if<0>(&state_); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  const Error& error() const { return assert(!*this), *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

// A Result without a value.
struct Ok {};
using Status = Result<Ok>;

// Exit statuses of all tools (docs/tools.md). vamp and c0i add those of decisions.md, 20.
enum Exit : int {
  kExitOk = 0,
  kExitErrors = 1,     // errors in the input, or an inconsistency found
  kExitUsage = 2,
  kExitLimit = 3,      // a limit was reached, undecided
  kExitFault = 4,      // the program has no semantics at some point
  kExitInternal = 70,  // our own bug
  kExitGuestFault = 123,
  kExitGuestLimit = 124,
  kExitGuestTool = 125,
};

}  // namespace base
