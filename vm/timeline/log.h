// A recorded run as a file (docs/formats.md "Logs and snapshots"): what it is a function of, and digests of its states.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "assembler/base/result.h"
#include "vm/timeline/digest.h"
#include "vm/timeline/journal.h"

namespace timeline {

// An option that matters, or the SHA-256 of a file: its name and its value as text.
struct Setting {
  std::string name, value;
  bool operator==(const Setting&) const = default;
};

struct Log {
  uint64_t interval = 1'000'000;  // instructions between two digests
  std::vector<Setting> settings;
  Journal::Events events;
  std::vector<Digest> digests;  // the last is of the end
  bool operator==(const Log&) const = default;
};

std::vector<uint8_t> writeLog(const Log& log);
base::Result<Log> readLog(std::span<const uint8_t> file);  // [bad-log]

// The first setting that is another in this run, as an error [other-run].
base::Status sameRun(const std::vector<Setting>& now, const std::vector<Setting>& recorded);

// The SHA-256 in hexadecimal.
std::string sha256(std::span<const uint8_t> bytes);
base::Result<std::string> sha256(devices::Storage& disk);  // [bad-disk]

// Executes at most so many instructions, as Machine::run.
using Execute = std::function<machine::Stop(uint64_t)>;

// Runs up to the time `end`, with digests into the log; ends also when `interrupted`, if given, says so.
void record(machine::Machine& machine, devices::SystemBus& bus, uint64_t end, const Execute& execute, const std::function<bool()>& interrupted,
            Log& log);
// Runs as far as the log goes, or to the time `end`. Errors [replay-differs] name the instructions between which it is another run, and what is different.
base::Status replay(machine::Machine& machine, devices::SystemBus& bus, const Journal& journal, const Execute& execute, const Log& log,
                    uint64_t end = machine::kNever);

}  // namespace timeline
