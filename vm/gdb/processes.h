// Threads: the processor, and, if the image is a concrete kernel, its user processes (docs/cvm.md "Data").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assembler/object/elf.h"
#include "vm/gdb/space.h"

namespace gdb {

// 1 is the processor: what runs now. 1 + u is process u.
constexpr unsigned kProcessor = 1;

class Processes {
 public:
  // `image` may be null.
  Processes(const machine::Machine& machine, const object::Object* image);

  std::vector<unsigned> threads() const;
  bool exists(unsigned thread) const;
  bool kernel() const { return blocks_ != 0; }
  // Of the process that runs now, or ran last: 0 if there is none.
  unsigned current() const;

  // The registers with which the thread goes on: of the processor and the process on it, the machine's; of others those of its block.
  machine::State state(unsigned thread) const;
  bool running(unsigned thread) const;  // state() is the machine's
  Space space(unsigned thread) const;
  std::string describe(unsigned thread) const;

 private:
  uint32_t block(unsigned thread) const;  // its address
  uint32_t word(uint32_t address) const;

  const machine::Machine& machine_;
  uint32_t blocks_ = 0, count_ = 0, current_ = 0;  // pcb, how many, the address of cup
};

}  // namespace gdb
