#include "vm/consis/value_text.h"

namespace consis {
namespace {

std::string pointerText(const Pair& pair, core::TypeId target, uint32_t address) {
  if (address == 0) return "null";
  auto leaf = pair.aba.inverse(address);
  if (!leaf) return hex(address) + " (no variable)";
  uint32_t start = *pair.aba.aba(leaf->frame, leaf->variable, leaf->index);
  if (pair.abstract.locate(interp::Value::pointer(leaf->frame, leaf->variable, leaf->index), target))
    leaf->type = target;
  std::string text = "&" + pair.abstract.name(*leaf);
  return start == address ? text : text + " + " + std::to_string(address - start) + " bytes";
}

}  // namespace

std::string valueText(const Pair& pair, const core::Type& type, uint32_t bits) {
  using core::TypeKind;
  switch (type.kind) {
    case TypeKind::Bool: return bits > 1 ? std::to_string(bits) + " (no bool)" : bits ? "true" : "false";
    case TypeKind::Char: {
      std::string text = std::to_string(int8_t(bits));
      return bits >= 32 && bits < 127 ? text + " '" + char(bits) + "'" : text;
    }
    case TypeKind::Short: return std::to_string(int16_t(bits));
    case TypeKind::Unsigned: return std::to_string(bits) + "u";
    case TypeKind::Pointer: return pointerText(pair, type.element, bits);
    default: return std::to_string(int32_t(bits));
  }
}

}  // namespace consis
