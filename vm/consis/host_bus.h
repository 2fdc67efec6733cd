// The bus that the checked machine sees: the host device (console, exit, fault report, input) is ours, everything else
// is the devices' proper. What the program puts out and takes in is kept as events, so that outputs can be compared and
// a second run gets the same input.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vm/machine/machine.h"

namespace consis {

// Ports of the host device (shared/spec/vamp.md; port 5 is written by the fault routine with the check's return
// address).
constexpr unsigned kHostDevice = 6;
enum HostPort : unsigned { kHostExit = 0, kHostPut = 1, kHostGet = 4, kHostFault = 5 };

class HostBus : public machine::Bus {
 public:
  // `next` gives the next input byte or -1. `inner` (may be null) answers for all other ports and devices.
  HostBus(machine::Bus* inner, std::function<int()> next) : inner_(inner), next_(std::move(next)) {}

  uint32_t read(unsigned device, unsigned port, uint64_t now) override;
  void write(unsigned device, unsigned port, uint32_t value, uint64_t now) override;
  uint32_t lines(uint64_t now) override { return inner_ ? inner_->lines(now) : 0; }
  uint64_t nextEvent(uint64_t now) override { return inner_ ? inner_->nextEvent(now) : machine::kNever; }
  bool stopRequested() const override { return exit || fault || (inner_ && inner_->stopRequested()); }

  std::optional<uint32_t> exit;   // the status written
  std::optional<uint32_t> fault;  // the return address written
  std::string output;             // all bytes put out
  std::vector<int> input;         // all bytes taken in, -1 for the end

 private:
  machine::Bus* inner_;
  std::function<int()> next_;
};

}  // namespace consis
