// A run of a concrete kernel with a disk, for the tests that disturb or measure it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assembler/object/elf.h"
#include "vm/cvmimage/cvmimage.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"

namespace probe {

struct Kernel {
  object::Object image;
  std::vector<uint8_t> disk;
  cvmimage::Header header;
  uint32_t memoryBytes = 0;

  // A function or variable of the kernel. Ends the program if there is none: the tests are for one kernel.
  uint32_t address(const std::string& symbol) const;
};
// Ends the program with a message if a file cannot be used.
Kernel load(const std::string& kernel, const std::string& disk, uint32_t memoryBytes);

// What is put out, by the process that ran last; no input.
class Outputs : public devices::Console {
 public:
  Outputs(const machine::Machine& machine, uint32_t cup) : machine_(machine), cup_(cup) {}
  void put(uint8_t byte) override {
    uint32_t u = 0;
    machine_.read(cup_, &u, sizeof u);
    of[u] += char(byte);
    all += char(byte);
  }
  int get() override { return -1; }
  bool available() override { return false; }

  std::map<uint32_t, std::string> of;
  std::string all;

 private:
  const machine::Machine& machine_;
  const uint32_t cup_;
};

// The system's bus, on which the timer's line can be forced up at a time, until the kernel acknowledges the timer.
class ForcedBus : public devices::SystemBus {
 public:
  using SystemBus::SystemBus;
  uint64_t forceAt = machine::kNever;

  void write(unsigned device, unsigned port, uint32_t value, uint64_t now) override {
    if (device == devices::kTimer && port == 3 && now >= forceAt) forceAt = machine::kNever;
    SystemBus::write(device, port, value, now);
  }
  uint32_t lines(uint64_t now) override {
    return SystemBus::lines(now) | uint32_t(now >= forceAt) << (13 + devices::kTimer);
  }
  uint64_t nextEvent(uint64_t now) override {
    const uint64_t next = SystemBus::nextEvent(now);
    return now < forceAt && forceAt < next ? forceAt : next;
  }
};

constexpr uint64_t kMaxSteps = 2'000'000'000;

class Trial {
 public:
  explicit Trial(const Kernel& kernel);

  machine::Machine machine;
  Outputs outputs;
  ForcedBus bus;

  // To the end, at most kMaxSteps; how it ended: "status 0", "fault at 0x..", "no end".
  std::string run();

  uint32_t word(uint32_t address) const;
  // What is not free although every process has gone, or is free twice; empty: nothing.
  std::string leaks() const;

 private:
  const Kernel& kernel_;
};

}  // namespace probe
