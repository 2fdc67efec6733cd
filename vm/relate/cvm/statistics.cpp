#include "vm/relate/cvm/statistics.h"

#include "vm/machine/causes.h"

namespace cvm {

std::string printStatistics(const Statistics& statistics, double seconds) {
  std::string text;
  auto line = [&](const std::string& name, uint64_t count) { text += name + ' ' + std::to_string(count) + '\n'; };
  const uint64_t steps = statistics.userSteps + statistics.idleSteps + statistics.kernelSteps;
  line("steps", steps);
  line("user-steps", statistics.userSteps);
  line("idle-steps", statistics.idleSteps);
  line("kernel-steps", statistics.kernelSteps);
  for (unsigned cause = 0; cause < statistics.interrupts.size(); ++cause)
    if (statistics.interrupts[cause])
      line("interrupt " + std::to_string(cause) + " " + (cause == 31 ? "page lost" : std::string(machine::causeText(cause))),
           statistics.interrupts[cause]);
  for (size_t p = 1; p < statistics.primitives.size(); ++p)
    if (statistics.primitives[p]) line(std::string(core::primitiveName(core::Primitive(p))), statistics.primitives[p]);
  char last[64];
  std::snprintf(last, sizeof last, "seconds %.3f\n", seconds);
  text += last;
  if (seconds > 0) line("steps-per-second", uint64_t(double(steps) / seconds));
  return text;
}

std::string faultLines(const Machine& machine) {
  const interp::FaultReport& fault = machine.fault();
  const core::Program& program = machine.kernel().program;
  const core::Position at = fault.position;
  const std::string place = at.line && at.file < program.files.size()
                                ? program.files[at.file] + ':' + std::to_string(at.line) + ':' + std::to_string(at.column)
                                : program.functions[fault.function].name;
  return place + ": fault: " + std::string(object::faultName(fault.fault)) + ": " + std::string(object::faultMeaning(fault.fault)) +
         '\n' + place + ": note: in function " + program.functions[fault.function].name + " at step " +
         std::to_string(machine.ca().steps()) + ": " + fault.text + '\n';
}

}  // namespace cvm
