// The fast executor's floating-point instructions: rare, so each is decoded again from its word.
#include "vm/machine/fast.h"
#include "vm/machine/floating_unit.h"

namespace machine {

using isa::Op;

Fast::After Fast::slowFloating(const Record& record) {
  const isa::Instruction in = isa::decode(record.imm);
  switch (in.op) {
    case Op::LoadS:
    case Op::LoadD: return slowLoadFloating(in);
    case Op::StoreS:
    case Op::StoreD: return slowStoreFloating(in);
    case Op::Fbeqz:
    case Op::Fbnez: {
      const uint32_t target = state_.pc + (branches(in.op, state_) ? uint32_t(in.imm) : 4);
      state_.dpc = state_.pc, state_.pc = target;
      return After::Enter;
    }
    default: break;
  }
  const uint32_t raised = executeFloating(in, state_, r_);
  if (!raised) return After::Next;
  event_.dpc = state_.dpc;
  advance();
  return jisr(raised | lineCauses_, raised & bit(kFpUnimplemented) ? record.imm : 0);
}

Fast::After Fast::slowLoadFloating(const isa::Instruction& in) {
  const uint32_t va = r_[in.rs1] + uint32_t(in.imm);
  const unsigned size = isa::accessSize(in.op);
  uint32_t physical;
  if (va & (size - 1)) return abort(kMisaligned, va);
  if (!translation_.translate(*context_, va, false, physical)) return abort(kDataFault, va);
  const unsigned number = size == 8 ? evenOf(in.rd) : in.rd;
  if (memory_.contains(physical, size)) {
    translation_.fillRead(*context_, va, physical);
    for (unsigned i = 0; i < size / 4; i++) state_.fpr[number + i] = memory_.load<uint32_t>(physical + 4 * i);
    return After::Next;
  }
  if (!bus_ || physical < kDeviceBase || size != 4) return abort(kMisaligned, va);
  state_.fpr[number] = readDevice(physical);
  return advance(), After::Return;
}

Fast::After Fast::slowStoreFloating(const isa::Instruction& in) {
  const uint32_t va = r_[in.rs1] + uint32_t(in.imm);
  const unsigned size = isa::accessSize(in.op);
  uint32_t physical;
  if (va & (size - 1)) return abort(kMisaligned, va);
  if (!translation_.translate(*context_, va, true, physical)) return abort(kDataFault, va);
  return store(va, physical, &state_.fpr[size == 8 ? evenOf(in.rd) : in.rd], size);
}

}  // namespace machine
