#include "vm/machine/saved.h"

#include <algorithm>
#include <string>

namespace machine {
namespace {

constexpr uint8_t kZeros[kPageSize] = {};

}  // namespace

void save(const State& state, base::Writer& to) {
  to.unsignedNumber(state.steps);
  to.u32(state.dpc);
  to.u32(state.pc);
  for (uint32_t word : state.gpr) to.u32(word);
  for (uint32_t word : state.fpr) to.u32(word);
  for (uint32_t word : state.spr) to.u32(word);
}

bool load(State& state, base::Reader& from) {
  state.steps = from.unsignedNumber();
  state.dpc = from.u32();
  state.pc = from.u32();
  for (uint32_t& word : state.gpr) word = from.u32();
  for (uint32_t& word : state.fpr) word = from.u32();
  for (uint32_t& word : state.spr) word = from.u32();
  if (!from.ok()) state = resetState();
  return from.ok();
}

void save(const Machine& machine, base::Writer& to) {
  save(machine.state, to);
  for (uint64_t count : machine.interrupts()) to.unsignedNumber(count);
  to.u32(machine.memorySize());
  const std::span<const uint8_t> memory = machine.memory();
  for (uint32_t page = 0; page < memory.size() / kPageSize; page++) {
    const std::span<const uint8_t> bytes = memory.subspan(size_t(page) * kPageSize, kPageSize);
    if (std::equal(bytes.begin(), bytes.end(), kZeros)) continue;
    to.u32(page);
    to.bytes.insert(to.bytes.end(), bytes.begin(), bytes.end());
  }
  to.u32(UINT32_MAX);
}

base::Status load(Machine& machine, base::Reader& from) {
  machine.restore(resetState(), {});
  auto error = [](std::string text) { return base::Error{std::move(text), "bad-state", "memory"}; };
  State state;
  Machine::Interrupts interrupts{};
  load(state, from);
  for (uint64_t& count : interrupts) count = from.unsignedNumber();
  const uint32_t size = from.u32();
  if (!from.ok()) return base::Error{"the state is truncated", "bad-state", "registers"};
  if (size != machine.memorySize())
    return error("the state has " + std::to_string(size) + " bytes, the machine " + std::to_string(machine.memorySize()));
  uint32_t next = 0;  // pages before it are done
  const auto clear = [&](uint32_t end) {
    for (; next < end; next++)
      if (!std::equal(kZeros, kZeros + kPageSize, machine.memory().begin() + size_t(next) * kPageSize))
        machine.write(next * kPageSize, kZeros, kPageSize);
  };
  while (true) {
    const uint32_t page = from.u32();
    if (!from.ok()) return error("the state is truncated");
    if (page == UINT32_MAX) break;
    if (page < next || page >= size / kPageSize) return error("page " + std::to_string(page) + " is out of order or outside memory");
    clear(page);
    uint8_t bytes[kPageSize];
    for (uint8_t& byte : bytes) byte = from.u8();
    if (!from.ok()) return error("the state is truncated");
    machine.write(page * kPageSize, bytes, kPageSize);
    next = page + 1;
  }
  clear(size / kPageSize);
  machine.restore(state, interrupts);
  return base::Ok{};
}

}  // namespace machine
