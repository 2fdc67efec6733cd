// Fault codes as an enumeration; the table is faults.def. Standard library only.
#pragma once

#include <cstdint>
#include <string_view>

namespace object {

enum class Fault : uint8_t {
  None = 0,
#define FAULT(code, name, text, meaning) name = code,
#include "assembler/object/faults.def"
};

constexpr std::string_view faultName(Fault fault) {
  switch (fault) {
    case Fault::None: break;
#define FAULT(code, name, text, meaning) \
  case Fault::name: return text;
#include "assembler/object/faults.def"
  }
  return "";
}

constexpr std::string_view faultMeaning(Fault fault) {
  switch (fault) {
    case Fault::None: break;
#define FAULT(code, name, text, meaning) \
  case Fault::name: return meaning;
#include "assembler/object/faults.def"
  }
  return "";
}

}  // namespace object
