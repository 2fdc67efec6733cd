#include "vm/gdb/processes.h"

namespace gdb {
namespace {

// struct pcb of kernel/pcb/pcb.h; docs/cvm.md "Data".
constexpr uint32_t kBlockBytes = 256, kDpc = 128, kPc = 132, kPto = 136, kPtl = 140, kRm = 148, kIeeef = 152, kFcc = 156;

}  // namespace

Processes::Processes(const machine::Machine& machine, const object::Object* image) : machine_(machine) {
  const object::Symbol* blocks = image && object::readKernelSection(*image) ? image->symbol("pcb") : nullptr;
  const object::Symbol* current = blocks ? image->symbol("cup") : nullptr;
  if (!current || blocks->size < 3 * kBlockBytes) return;
  blocks_ = blocks->value, current_ = current->value;
  count_ = blocks->size / kBlockBytes - 2;  // without the kernel's and the idle process's
}

uint32_t Processes::word(uint32_t address) const {
  uint32_t value = 0;
  machine_.read(address, &value, sizeof value);
  return value;
}

uint32_t Processes::block(unsigned thread) const { return blocks_ + (thread - kProcessor) * kBlockBytes; }

unsigned Processes::current() const { return kernel() ? word(current_) : 0; }

bool Processes::exists(unsigned thread) const {
  if (thread == kProcessor) return true;
  if (thread < kProcessor || thread - kProcessor > count_) return false;
  return word(block(thread) + kPto) != 0 && word(block(thread) + kPtl) + 1 != 0;  // all 0 before the kernel has begun
}

std::vector<unsigned> Processes::threads() const {
  std::vector<unsigned> result;
  for (unsigned thread = kProcessor; thread <= kProcessor + count_; thread++)
    if (exists(thread)) result.push_back(thread);
  return result;
}

bool Processes::running(unsigned thread) const {
  return thread == kProcessor || (machine_.state.user() && current() == thread - kProcessor);
}

machine::State Processes::state(unsigned thread) const {
  machine::State state = machine_.state;
  if (running(thread)) return state;
  const uint32_t from = block(thread);
  for (uint32_t i = 1; i < state.gpr.size(); i++) state.gpr[i] = word(from + 4 * i);
  state.dpc = word(from + kDpc), state.pc = word(from + kPc);
  for (auto [spr, offset] : {std::pair(isa::PTO, kPto), {isa::PTL, kPtl}, {isa::RM, kRm}, {isa::IEEEF, kIeeef}, {isa::FCC, kFcc}})
    state.spr[spr] = word(from + offset);
  state.spr[isa::MODE] = 1;
  return state;
}

Space Processes::space(unsigned thread) const { return spaceOf(state(thread)); }

std::string Processes::describe(unsigned thread) const {
  auto process = [this](unsigned number) {
    return "process " + std::to_string(number) + ", " + std::to_string(word(block(kProcessor + number) + kPtl) + 1) + " pages";
  };
  if (thread != kProcessor) return process(thread - kProcessor) + (running(thread) ? ", running" : ", waiting");
  if (!kernel()) return machine_.state.user() ? "user mode" : "system mode";
  if (!machine_.state.user()) return "processor: kernel";
  return current() <= count_ ? "processor: " + process(current()) : "processor: idle";
}

}  // namespace gdb
