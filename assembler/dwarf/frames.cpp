#include "assembler/dwarf/frames.h"

#include <map>

#include "llvm/BinaryFormat/Dwarf.h"

namespace dwarf {
namespace {

namespace d = llvm::dwarf;

constexpr uint32_t kFrameRegister = 29, kLink = 31, kLastLost = 20;
constexpr int32_t kUnit = 4;  // of code and, negative, of places of saved registers

// Up to a multiple of 4 bytes from `opened` on.
void pad(Contents& to, uint32_t opened) {
  while ((to.size() - opened) % 4) to.u8(d::DW_CFA_nop);
}

void one(Contents& to, uint8_t opcode, uint32_t reg) {
  to.u8(opcode);
  to.unsignedNumber(reg);
}

// What the rules of all procedures begin with; its offset in the section.
uint32_t writeCommon(Contents& to, uint32_t returnColumn) {
  const uint32_t start = to.size(), opened = to.openLength();
  to.u32(d::DW_CIE_ID);
  to.u8(kVersion);
  to.text("");  // no augmentation
  to.u8(4);     // bytes of an address
  to.u8(0);     // .. and of a segment's selector
  to.unsignedNumber(kUnit);
  to.leb128(-kUnit);
  to.unsignedNumber(returnColumn);
  one(to, d::DW_CFA_def_cfa, kFrameRegister);
  to.unsignedNumber(0);
  one(to, d::DW_CFA_val_offset, kFrameRegister);
  to.unsignedNumber(0);
  // r1 is lost, too; but gdb takes it for the stack pointer, of which it wants a value.
  for (uint32_t reg = 0; reg <= kLink; reg++)
    if (reg != kFrameRegister) one(to, reg > 1 && reg <= kLastLost ? d::DW_CFA_undefined : d::DW_CFA_same_value, reg);
  one(to, d::DW_CFA_same_value, kEdpc);
  pad(to, opened);
  to.closeLength(opened);
  return start;
}

void advanceBytes(Contents& to, uint32_t bytes) {
  const uint32_t words = bytes / kUnit;
  if (words == 0) return;
  if (words < 0x40) return to.u8(uint8_t(d::DW_CFA_advance_loc | words));
  to.u8(d::DW_CFA_advance_loc4);
  to.u32(words);
}

void writeRule(Contents& to, const FrameRule& rule) {
  switch (rule.kind) {
    case FrameRule::Cfa:
      if (rule.value >= 0) {
        one(to, d::DW_CFA_def_cfa, rule.reg);
        return to.unsignedNumber(uint32_t(rule.value));
      }
      one(to, d::DW_CFA_def_cfa_sf, rule.reg);
      return to.leb128(rule.value / -kUnit);
    case FrameRule::Saved:
      one(to, d::DW_CFA_offset_extended_sf, rule.reg);
      return to.leb128(rule.value / -kUnit);
    case FrameRule::SavedAt:
      one(to, d::DW_CFA_expression, rule.reg);
      to.unsignedNumber(1 + sizeof rule.value);
      to.u8(d::DW_OP_const4u);
      return to.u32(uint32_t(rule.value));
    case FrameRule::Moved:
      one(to, d::DW_CFA_register, rule.reg);
      return to.unsignedNumber(uint32_t(rule.value));
    case FrameRule::Kept: return one(to, d::DW_CFA_same_value, rule.reg);
    case FrameRule::Lost: return one(to, d::DW_CFA_undefined, rule.reg);
    case FrameRule::Initial: return one(to, d::DW_CFA_restore_extended, rule.reg);
    case FrameRule::Remember: return to.u8(d::DW_CFA_remember_state);
    case FrameRule::Recall: return to.u8(d::DW_CFA_restore_state);
  }
}

}  // namespace

Contents writeFrames(const std::vector<Frame>& frames) {
  Contents to;
  std::map<uint32_t, uint32_t> common;  // by return column
  for (const Frame& frame : frames)
    if (!common.count(frame.returnColumn)) common[frame.returnColumn] = writeCommon(to, frame.returnColumn);
  for (const Frame& frame : frames) {
    const uint32_t opened = to.openLength();
    to.address({kSelf, common[frame.returnColumn]});
    to.address({frame.section, frame.begin});
    to.u32(frame.end - frame.begin);
    uint32_t at = frame.begin;
    for (const FrameRule& rule : frame.rules) {
      advanceBytes(to, rule.at - at);
      at = rule.at;
      writeRule(to, rule);
    }
    pad(to, opened);
    to.closeLength(opened);
  }
  return to;
}

}  // namespace dwarf
