// What graders and courses ask of a run: when it must end, what its devices did, and how it ended, for machines to read.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assembler/base/result.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"
#include "vm/machine/sync_check.h"
#include "vm/tools/vamp_report.h"

namespace vamp {

// Why a run is over.
enum class Ending : uint8_t { Exit, Fault, Limit, NoProgress, DiskWrites };

// The devices, with an eye on them. It costs nothing where it is not used.
class GradingBus : public machine::Bus {
 public:
  struct Options {
    uint64_t patience = machine::kNever;    // instructions without progress: no write to a device but the timer, no byte of input
    uint64_t diskWrites = machine::kNever;  // the run ends after so many sectors were written to the disks
    uint32_t traced = 0;                    // a bit for each device: its accesses are lines on standard error
    bool any() const { return patience != machine::kNever || diskWrites != machine::kNever || traced; }
  };
  GradingBus(devices::SystemBus& inner, const Options& options) : inner_(inner), options_(options) {}

  uint32_t read(unsigned device, unsigned port, uint64_t now) override;
  void write(unsigned device, unsigned port, uint32_t value, uint64_t now) override;
  uint32_t lines(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  bool stopRequested() const override { return inner_.stopRequested() || ending_; }

  // Why it stopped the run, if it did.
  std::optional<Ending> ending() const { return ending_; }

 private:
  void trace(const char* what, unsigned device, unsigned port, uint32_t value, uint64_t now) const;

  devices::SystemBus& inner_;
  const Options options_;
  uint64_t progress_ = 0;  // when there was some last
  std::optional<Ending> ending_;
};

// "disk,timer" or "all".
base::Result<uint32_t> parseDevices(const std::string& argument);

struct Outcome {
  Ending ending;
  int status;         // of the tool
  std::string fault;  // its message
};
std::string outcomeText(const Outcome& outcome);  // "status 3", "no progress", ..

// One object, and one JUnit test suite with one case, which fails unless the program ends with status 0 (docs/machine.md).
std::string resultJson(const std::string& name, const Outcome& outcome, const machine::Machine& machine, const devices::SystemBus& bus,
                       const std::vector<machine::SyncFinding>* sync);
std::string resultJunit(const std::string& name, const Outcome& outcome, const machine::Machine& machine);

// A line for each, with symbols and source of the image in system mode.
std::string syncReport(const std::vector<machine::SyncFinding>& findings, const object::Object* image);

// Those who see every instruction.
struct Observers {
  std::unique_ptr<FILE, int (*)(FILE*)> trace{nullptr, std::fclose};
  std::optional<Trace> tracer;
  std::optional<machine::SyncCheck> sync;

  base::Status attach(machine::Machine& machine, const std::string& traceFile, bool checkSync);  // [cannot-write]
  bool flush() const { return !trace || (std::fflush(trace.get()) == 0 && !std::ferror(trace.get())); }
};

}  // namespace vamp
