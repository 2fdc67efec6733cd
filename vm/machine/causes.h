// The interrupts' numbers (causes.def).
#pragma once

#include <cstdint>
#include <string_view>

namespace machine {

enum Cause : uint8_t {
#define CAUSE(number, name, text, resume) k##name = number,
#include "vm/machine/causes.def"
};
constexpr unsigned kCauseCount = 32;

constexpr uint32_t bit(Cause cause) { return 1u << cause; }
constexpr uint32_t kDeviceCauses = 0xFFFFE000;
// Interrupts that no mask stops.
constexpr uint32_t kUnmaskable = 0x103F;

// Of a cause 0..31; all devices share one text.
constexpr std::string_view causeText(unsigned number) {
  switch (number) {
// clang-format off
#define CAUSE(number, name, text, resume) case number: return text;
#include "vm/machine/causes.def"
// clang-format on
    default: return "device";
  }
}

}  // namespace machine
