// up(u): a user process of CVM as a virtual machine (seed 003, 3.1 and 5.1): registers, V pages of memory from address 0 on, and the
// mask of the interrupts that it lets through (decisions.md, 31). It knows nothing of frames, page tables and swap.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "vm/machine/machine.h"

namespace cvm {

using machine::kPageSize;

// Two ways to make a user step: the definition, and one that is as fast as the machine. They agree on every state (cvm_test).
enum class Executor : uint8_t {
  Plain,  // one instruction at a time by the machine's reference executor
  Fast,   // by its fast executor, until an interrupt
};

// What a user can be interrupted by, from outside. Times are device times.
class Lines {
 public:
  virtual ~Lines() = default;
  // The devices' lines as at `now`, bit 13 + k for device k; the earliest time > now at which they may change without a port access.
  virtual uint32_t lines(uint64_t now) = 0;
  virtual uint64_t nextEvent(uint64_t now) = 0;
};

// JISR, mca and edata of the paper; mca = 0: no interrupt.
struct Interrupt {
  uint32_t mca = 0, edata = 0;
};

class User {
 public:
  User();
  ~User();
  User(User&&) noexcept;
  User& operator=(User&&) noexcept;

  // Of `registers` count gpr, fpr, dpc, pc and the special registers that a user may use (RM, IEEEF, FCC).
  machine::State registers;
  uint32_t mask = 0;

  uint32_t pages() const { return pages_; }  // V
  // Registers 0, DPC 0, PC 4, mask 0, no memory.
  void reset();
  // More pages are zero. The new size is at most 2^20.
  void resize(uint32_t pages);
  void assign(const User& other);  // up(u) := up(u')

  bool contains(uint32_t address, uint64_t bytes) const { return address + bytes <= uint64_t(pages_) * kPageSize; }
  // The bytes must be contained.
  const uint8_t* memory(uint32_t address) const;
  void write(uint32_t address, std::span<const uint8_t> bytes);

  // Makes user steps while there is no interrupt, at most `limit`: each at its own time, `now` for the first; returns with the time
  // of the next one. An interrupt takes effect: registers are those with which the process would go on, and its step has been
  // counted.
  Interrupt run(uint64_t limit, uint32_t mask, Lines& lines, uint64_t& now, Executor executor);

 private:
  class Processor;
  Processor& processor();
  void reserve(uint32_t pages);

  uint32_t pages_ = 0;
  std::unique_ptr<Processor> processor_;  // and memory; none: no page was ever there
};

// The special registers that belong to a user.
constexpr isa::Spr kUserSprs[] = {isa::RM, isa::IEEEF, isa::FCC};

}  // namespace cvm
