// `refine run`: a kernel's run on VAMP and on all models at once (docs/refine.md).
#pragma once

#include <functional>

#include "vm/relate/refine/replay.h"

namespace refine {

struct RunOptions {
  uint64_t maxSteps = machine::kNever;
  uint64_t fullEvery = 0;           // whole states are compared after every so many calls, besides at the end; 0: never
  std::function<int()> input = {};  // next byte or -1
  std::function<void(uint8_t)> output = {};
};

enum class Verdict : uint8_t { Related, Failed, Limit };

// A call on the stack at a failure, outermost first.
struct Called {
  std::string function, module;
  models::Name layer;
  std::vector<uint32_t> arguments;
};

struct RunOutcome {
  Verdict verdict = Verdict::Related;
  Fails failure = {};
  Event at = {};           // where it failed
  std::string place = {};  // "as_request+0x10"
  std::vector<Called> calls = {};
  std::string module = {};  // whose fault it is: of the innermost call, or of its caller if p did not hold
  Counters counters = {};
  std::map<std::string, uint64_t> functionCalls = {};
  uint64_t steps = 0;
  std::optional<uint32_t> exitStatus = {};  // none: a run-time check failed (fault), or the run was cut off
  std::optional<uint32_t> fault = {};       // the return address of the failing check
};

// Runs the image from reset. `chain` holds the models afterwards, for dumps and pictures.
RunOutcome run(const KernelImage& image, const RunOptions& options, Chain& chain);

// Loads the image's segments; the machine is at reset.
void loadInto(machine::Machine& machine, const object::Object& image);

}  // namespace refine
