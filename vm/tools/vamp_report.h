// What the emulator says about a run: final state, trace, statistics, faults of the program.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "assembler/object/elf.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"
#include "vm/tools/vamp_arguments.h"

namespace vamp {

// {"steps":N,"dpc":"0x..",..} and a newline (docs/machine.md). The regions must lie in memory.
std::string stateJson(const machine::Machine& machine, const std::vector<Region>& regions);

// A line a step: number, address, instruction, what it changed.
class Trace : public machine::Observer {
 public:
  Trace(FILE* to, const machine::State& initial) : to_(to), before_(initial) {}
  bool onStep(const machine::State& after, const machine::Event& event) override;

 private:
  FILE* to_;
  machine::State before_;
};

std::string statistics(const machine::Machine& machine, const devices::SystemBus& bus, double seconds);

// "FILE:LINE:COL: fault: NAME: MEANING", from the image's map; names the address if the map does not know it.
std::string faultMessage(const object::Object* image, uint32_t returnAddress);

}  // namespace vamp
