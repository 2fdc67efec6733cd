// .cfi_...: how a debugger leaves a procedure, under the names of the GNU assembler, which knows no .cfi_address.
#include "assembler/asm/builder.h"

namespace assembler {

using dwarf::FrameRule;

bool Builder::inProcedure(Range where) {
  if (!openProcedure_) error("asm-cfi", where, "this stands between .cfi_startproc and .cfi_endproc");
  else if (procedures_.back().section != current_) error("asm-cfi", where, "the procedure began in another section");
  else return true;
  return false;
}

void Builder::startProcedure(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 0, 0, where, "without operands")) return;
  if (openProcedure_) {
    diagnostics_.error("asm-cfi", where, "a procedure within a procedure").note(*openProcedure_, "it began here");
    return;
  }
  if (!(section().flags & object::kExecute)) return error("asm-cfi", where, "the section '" + section().name + "' is not code");
  openProcedure_ = where;
  procedures_.push_back({.section = current_, .begin = offset(), .end = offset()});
}

void Builder::endProcedure(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 0, 0, where, "without operands") || !inProcedure(where)) return;
  procedures_.back().end = offset();
  openProcedure_.reset();
}

// r0..r31, or EDPC.
std::optional<uint32_t> Builder::frameRegister(const Operand& operand) {
  bool isName = operand.kind == Operand::Value && operand.modifier == Modifier::None && operand.value.kind == Expr::Name;
  if (isName && operand.value.name == "EDPC") return dwarf::kEdpc;
  if (isName)
    if (std::optional<uint8_t> found = findGeneral(operand.value.name)) return *found;
  error("asm-register", operand.where, "expected one of r0..r31, or EDPC");
  return std::nullopt;
}

void Builder::returnColumn(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 1, 1, where, ".cfi_return_column register") || !inProcedure(where)) return;
  if (std::optional<uint32_t> column = frameRegister(operands[0])) procedures_.back().returnColumn = *column;
}

template <FrameRule::Kind kKind>
void Builder::frameRule(const std::vector<Operand>& operands, Range where) {
  constexpr bool kNumber = kKind == FrameRule::Cfa || kKind == FrameRule::Saved || kKind == FrameRule::SavedAt;
  constexpr bool kNone = kKind == FrameRule::Remember || kKind == FrameRule::Recall;
  constexpr size_t kOperands = kNone ? 0 : kNumber || kKind == FrameRule::Moved ? 2 : 1;
  if (!count(operands, kOperands, kOperands, where, kNone ? "without operands" : kNumber ? "with a register and an offset" : kOperands == 2 ? "with two registers" : "with a register")) return;
  if (!inProcedure(where)) return;
  FrameRule rule{kKind, offset()};
  if constexpr (!kNone) {
    std::optional<uint32_t> reg = frameRegister(operands[0]);
    if (!reg) return;
    rule.reg = *reg;
  }
  if constexpr (kNumber) {
    std::optional<int64_t> value = expressions_.constant(operands[1].value, "the offset");
    if (!value) return;
    if (*value < INT32_MIN || *value > INT32_MAX || *value % 4) return error("asm-range", operands[1].where, "the offset is a multiple of 4 of at most 32 bits");
    rule.value = int32_t(*value);
  } else if constexpr (kOperands == 2) {
    std::optional<uint32_t> to = frameRegister(operands[1]);
    if (!to) return;
    rule.value = int32_t(*to);
  }
  procedures_.back().rules.push_back(rule);
}

template void Builder::frameRule<FrameRule::Cfa>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Saved>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::SavedAt>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Moved>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Kept>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Lost>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Initial>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Remember>(const std::vector<Operand>&, Range);
template void Builder::frameRule<FrameRule::Recall>(const std::vector<Operand>&, Range);

}  // namespace assembler
