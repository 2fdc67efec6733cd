// mutant-brute CORRECT.elf MUTANT.elf: where do two runs differ first? A second opinion for the mutant suite that
// shares neither the abstract machine nor the checkers with consis: both images run on the reference executor, stop at
// every statement entry of the map, and print all they hold as text; the first stop whose texts differ blames the
// statement before it. Output: "FUNCTION ORDINAL LINE OCCURRENCE", the occurrence counted over the run; "equal" if
// there is none.
#include <cstdio>
#include <cstdlib>
#include <map>

#include "assembler/base/tool.h"
#include "vm/consis/image.h"
#include "vm/consis/recording_console.h"
#include "vm/devices/system_bus.h"

namespace {

using consis::Image;
using consis::StatementId;

constexpr uint64_t kLimit = 3'000'000;  // instructions from one stop to the next
constexpr unsigned kDepth = 2000;       // frames printed

class Walk {
 public:
  explicit Walk(const Image& image)
      : image_(image),
        console_({}),
        bus_(console_, consis::silence(), machine::kDefaultMemory),
        machine_(machine::kDefaultMemory, &bus_) {
    for (const auto& segment : object::segments(image.object()))
      if (!segment.bytes.empty()) machine_.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
    machine_.state = machine::resetState();
    for (uint32_t f = 0; f < image.program().functions.size(); ++f)
      if (image.mapped(f))
        for (const auto& call : image.function(f).calls) sites_[call.returnPoint] = {f, call.statement};
  }

  std::optional<StatementId> statement;  // at this stop; none: the run is over
  std::string state;

  void next() {
    auto before = statement;
    uint32_t base = machine_.state.gpr[29];
    std::string old = state;
    do {
      advance();
      // A loop's way back and its test are two entries of one statement.
    } while (statement && statement == before && machine_.state.gpr[29] == base && state == old &&
             !bus_.stopRequested());
  }

 private:
  void advance() {
    for (uint64_t i = 0; i < kLimit; ++i) {
      if (machine_.step() == machine::Stop::Host) {
        statement.reset();
        state = "output " + console_.output + "\nexit " + std::to_string(bus_.host.exitStatus().value_or(~0u)) + "\n";
        if (auto fault = bus_.host.fault()) {
          const auto* check = image_.check(*fault);
          state += check ? "fault " + std::string(object::faultName(check->fault)) + " at line " +
                               std::to_string(check->position.line) + "\n"
                         : "fault of nobody\n";
        }
        return;
      }
      const auto& s = machine_.state;
      if (s.pc != s.dpc + 4 || !image_.isEntry(s.dpc)) continue;
      for (StatementId id : image_.entriesAt(s.dpc))
        if (image_.statement(id).emits) statement = id;
      return print();
    }
    statement.reset();
    state = "no statement within the limit\n";
  }

  void print() {
    state = "output " + console_.output + "\nr28 " + pointer(machine_.state.gpr[28]) + "\nr30 " +
            pointer(machine_.state.gpr[30]) + "\n";
    uint32_t base = machine_.state.gpr[29];
    auto function = std::optional(statement->function);
    for (unsigned depth = 0; function && depth < kDepth; ++depth) {
      const auto& map = image_.function(*function);
      const auto& variables = image_.program().functions[*function].variables;
      state += "frame " + map.name + " " + pointer(base) + "\n";
      for (uint32_t v = 0; v < variables.size(); ++v)
        variable(variables[v].name, variables[v].type, base + map.variables[v].offset);
      auto site = sites_.find(word(base + map.returnAddressOffset));
      base += map.frameSize;
      if (site == sites_.end()) break;
      state += "called at " + std::to_string(site->second.ordinal) + "\n";
      function = site->second.function;
    }
    const auto& globals = image_.program().globals;
    for (uint32_t g = 0; g < globals.size(); ++g) variable(globals[g].name, globals[g].type, image_.globalAddress(g));
    for (uint32_t at = image_.heap.begin; at < machine_.state.gpr[30] && at < image_.heap.end; at += 4)
      state += "heap " + pointer(word(at)) + "\n";
  }

  void variable(const std::string& name, core::TypeId id, uint32_t address) {
    const auto& type = image_.program().types[id];
    if (type.kind == core::TypeKind::Array) {
      for (uint32_t i = 0; i < type.count; ++i)
        variable(name + "[]", type.element, address + i * image_.program().types[type.element].asize);
    } else if (type.kind == core::TypeKind::Struct) {
      for (const auto& field : type.fields) variable(name + "." + field.name, field.type, address + field.offset);
    } else if (type.kind == core::TypeKind::Pointer) {
      state += name + " " + pointer(word(address)) + "\n";
    } else {
      uint32_t value = 0;
      machine_.read(address, &value, type.asize);
      state += name + " " + std::to_string(value) + "\n";
    }
  }

  uint32_t word(uint32_t address) const {
    uint32_t value = 0;
    machine_.read(address & ~3u, &value, 4);
    return value;
  }

  // Addresses differ between the two images by the length of their code.
  std::string pointer(uint32_t value) const {
    if (image_.heap.contains(value)) return "heap+" + std::to_string(value - image_.heap.begin);
    if (image_.stack.contains(value)) return "stack-" + std::to_string(image_.stack.end - value);
    if (value >= image_.text.end && value < image_.heap.begin) return "gp" + std::to_string(int32_t(value - image_.gp));
    return std::to_string(value);
  }

  const Image& image_;
  consis::RecordingConsole console_;
  devices::SystemBus bus_;
  machine::Machine machine_;
  std::map<uint32_t, StatementId> sites_;  // by return point
};

base::Result<Image> load(const char* path) {
  auto bytes = base::readFile(path);
  if (!bytes) return bytes.error();
  return Image::load(*bytes);
}

bool same(const Image& a, const Image& b, std::optional<StatementId> x, std::optional<StatementId> y) {
  if (!x || !y) return !x && !y;
  return a.function(x->function).name == b.function(y->function).name && x->ordinal == y->ordinal;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return base::fail({"wanted: mutant-brute CORRECT.elf MUTANT.elf", "usage", ""}, {}, base::kExitUsage);
  auto correct = load(argv[1]), mutant = load(argv[2]);
  if (!correct) return base::fail(correct.error(), argv[1]);
  if (!mutant) return base::fail(mutant.error(), argv[2]);
  Walk a(*correct), b(*mutant);
  std::map<std::pair<uint32_t, uint32_t>, unsigned> count;
  std::optional<StatementId> last;
  while (true) {
    last = a.statement;
    if (last) ++count[{last->function, last->ordinal}];
    a.next(), b.next();
    if (!same(*correct, *mutant, a.statement, b.statement) || a.state != b.state) break;
    if (!a.statement) return std::puts("equal"), 0;
  }
  if (std::getenv("BRUTE_SHOW"))
    std::fprintf(stderr, "--- correct\n%s--- mutant\n%s", a.state.c_str(), b.state.c_str());
  if (!last) return std::puts("start 0 0 1"), 0;
  std::printf("%s %u %u %u\n", correct->function(last->function).name.c_str(), last->ordinal,
              correct->statement(*last).position.line, count[{last->function, last->ordinal}]);
}
