// A failure as text:
//
//   gcd.c0:12:5: inconsistent: v-consis: main:x is 3 in the abstract machine and 9 in the VAMP
//     12 |   x = a - b;
//        |     ^
//     C0 step 57, VAMP step 1,234, in main at depth 1, after `x = a - b;`
//
//     main:x            int, depth 1, at 0x003ffff4
//       expected        3
//       found           9
//     last written by   0x00008030  sw r2,8(r29)   VAMP step 1,230, C0 step 57
//                       `x = a - b;` at gcd.c0:12:5
//
//     last instructions
//         `x = a - b;` at gcd.c0:12:5
//             1,228  0x00008028  add r2,r2,r3
//             1,229  0x0000802c  ..
//       >     1,230  0x00008030  sw r2,8(r29)                 m[0x003ffff4] := 0x00000009
#include "vm/consis/report.h"

#include <algorithm>
#include <fstream>

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace consis {
namespace {

constexpr size_t kShown = 12;  // last instructions in the text
constexpr size_t kAlso = 5;    // further violations of the same step

class Report {
 public:
  Report(llvm::raw_ostream& out, const Image& image, const Failure& failure, bool color)
      : out_(out), image_(image), failure_(failure), color_(color) {}

  void print(const std::string& program) {
    const Violation& first = failure_.violations.front();
    std::optional<core::Position> position;
    if (failure_.executed) position = statementOf(image_, *failure_.executed).position;
    bold(position ? printPosition(image_, *position) : program);
    out_ << ": ";
    if (color_) out_.changeColor(llvm::raw_ostream::RED, true);
    out_ << "inconsistent: ";
    if (color_) out_.resetColor();
    bold(std::string(conditionName(first.condition)) + ": " + first.text);
    out_ << "\n";
    if (position) printCaret(out_, image_, *position, color_);
    where();
    variable(first);
    writer(first);
    also();
    instructions();
  }

 private:
  void bold(const std::string& text) {
    if (color_) out_.changeColor(llvm::raw_ostream::SAVEDCOLOR, true);
    out_ << text;
    if (color_) out_.resetColor();
  }

  void where() {
    out_ << "  C0 step " << grouped(failure_.c0Step) << ", VAMP step " << grouped(failure_.machineStep);
    if (failure_.executed) {
      out_ << ", in " << image_.program().functions[failure_.executed->function].name
           << (failure_.next ? ", after `" : ", at `") << printStatement(image_, *failure_.executed) << "`";
    } else {
      out_ << ", before the first statement";
    }
    if (failure_.next) out_ << "\n  next is " << printPlace(image_, *failure_.next);
    out_ << "\n\n";
  }

  void row(const std::string& label, const std::string& text) { out_ << "  " << base::padded(label, 17) << " " << text << "\n"; }

  void variable(const Violation& violation) {
    std::string text = violation.type;
    auto join = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (violation.depth) join(*violation.depth ? "depth " + std::to_string(*violation.depth) : "global");
    if (violation.address) join("at " + hex(*violation.address));
    if (!violation.variable.empty()) row(violation.variable, text);
    if (!violation.expected.empty()) row("  expected", violation.expected);
    if (!violation.found.empty()) row("  found", violation.found);
  }

  Failure::Culprit culprit(size_t violation) const {
    return violation < failure_.culprits.size() ? failure_.culprits[violation] : Failure::Culprit{};
  }

  void writer(const Violation& violation) {
    std::string label = violation.address ? "last written by" : violation.reg ? "last changed by" : "last jump";
    Failure::Culprit by = culprit(0);
    if (by.corruptedAt) return row(label, "--corrupt at C0 step " + grouped(*by.corruptedAt));
    if (!by.writer) {
      if (violation.address) row(label, "nobody: the bytes are as the image was loaded");
      return;
    }
    row(label, hex(by.writer->event.dpc) + "  " + isa::print(by.writer->event.word) + "   VAMP step " +
                   grouped(by.writer->machineStep) + ", C0 step " + grouped(by.writer->c0Step));
    if (auto at = image_.statementAt(by.writer->event.dpc)) row("", printPlace(image_, *at));
    else row("", image_.symbolAt(by.writer->event.dpc));
  }

  void also() {
    if (failure_.violationCount < 2) return;
    out_ << "\n  also wrong at this step\n";
    for (size_t i = 1; i < failure_.violations.size() && i <= kAlso; ++i) {
      out_ << "    " << conditionName(failure_.violations[i].condition) << ": " << failure_.violations[i].text << "\n";
      Failure::Culprit by = culprit(i);
      if (failure_.violations[i].address && by.writer && !by.corruptedAt)
        out_ << "      last written by " << hex(by.writer->event.dpc) << "  " << isa::print(by.writer->event.word)
             << "   C0 step " << grouped(by.writer->c0Step) << "\n";
    }
    if (failure_.violationCount > kAlso + 1)
      out_ << "    and " << grouped(failure_.violationCount - kAlso - 1)
           << (failure_.violationCount >= Violations::kMost ? " more at least\n" : " more\n");
  }

  bool blamed(uint64_t machineStep) const {
    return std::any_of(failure_.culprits.begin(), failure_.culprits.end(), [&](const Failure::Culprit& by) {
      return by.writer && !by.corruptedAt && by.writer->machineStep == machineStep;
    });
  }

  void instructions() {
    if (failure_.instructions.empty()) return;
    out_ << "\n  last instructions\n";
    const auto& all = failure_.instructions;
    std::string owner;
    for (size_t i = all.size() > kShown ? all.size() - kShown : 0; i < all.size(); ++i)
      printInstruction(out_, image_, all[i], blamed(all[i].machineStep), owner);
  }

  llvm::raw_ostream& out_;
  const Image& image_;
  const Failure& failure_;
  bool color_;
};

}  // namespace

void printCaret(llvm::raw_ostream& out, const Image& image, core::Position position, bool color) {
  auto line = sourceLine(image, position);
  if (!line) return;
  std::string number = base::paddedLeft(std::to_string(position.line), 5);
  out << number << " | " << *line << "\n" << std::string(number.size(), ' ') << " | ";
  for (size_t i = 0; i + 1 < position.column && i < line->size(); ++i) out << ((*line)[i] == '\t' ? '\t' : ' ');
  if (color) out.changeColor(llvm::raw_ostream::GREEN, true);
  out << "^";
  if (color) out.resetColor();
  out << "\n";
}

void printInstruction(llvm::raw_ostream& out, const Image& image, const Executed& executed, bool blamed,
                      std::string& owner) {
  std::string now = codeOwner(image, executed.event.dpc);
  if (now != owner && !now.empty()) out << "      " << now << "\n";
  owner = now;
  std::string line = "  " + std::string(blamed ? ">" : " ") + base::paddedLeft(grouped(executed.machineStep), 13) + "  " +
                     hex(executed.event.dpc) + "  " + base::padded(isa::print(executed.event.word), 24) + "  " +
                     effect(executed.event);
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << "\n";
}

std::string codeOwner(const Image& image, uint32_t address) {
  if (auto at = image.statementAt(address)) return printPlace(image, *at);
  if (auto in = image.functionAt(address)) return image.program().functions[*in].name + ", entry";
  std::string symbol = image.symbolAt(address);
  return symbol.substr(0, symbol.find('+'));
}

std::string effect(const machine::Event& event) {
  if (event.causes) return "interrupted";
  if (!event.stored) return {};
  char value[16];
  std::snprintf(value, sizeof value, "0x%0*x", int(2 * event.size), event.value);
  if (event.address >= machine::kDeviceBase)
    return "device " + std::to_string((event.address - machine::kDeviceBase) / machine::kPageSize) + " port " +
           std::to_string(event.address % machine::kPageSize / 4) + " := " + value;
  return "m[" + hex(event.address) + "] := " + value;
}

std::optional<std::string> sourceLine(const Image& image, core::Position position) {
  if (position.line == 0) return std::nullopt;
  std::ifstream file{std::string(image.fileName(position))};
  std::string line;
  for (uint32_t i = 0; i < position.line; ++i)
    if (!std::getline(file, line)) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() > 400) line.resize(400);
  return line;
}

namespace {

std::string parallelism(const Outcome::Parallel& parallel) {
  std::string text = " (" + grouped(parallel.segments) + (parallel.segments == 1 ? " segment" : " segments");
  if (parallel.again) text += ", " + grouped(parallel.again) + " checked again";
  return text + ")";
}

}  // namespace

std::string summary(const Outcome& outcome) {
  const Counters& c = outcome.counters;
  std::string text = std::string(verdictName(outcome.verdict)) + ": " + grouped(c.c0Steps) + " C0 steps, " +
                     grouped(c.instructions) + " instructions, " + grouped(c.comparable()) + " of " +
                     grouped(c.live()) + " values compared";
  if (outcome.verdict == Verdict::Consistent)
    text += outcome.left ? ", left by rfe" : ", exit " + std::to_string(int32_t(outcome.exitStatus));
  if (outcome.fault) {
    text += ", " + std::string(object::faultName(outcome.fault->fault));
    if (outcome.fault->fault != core::Fault::AsmViolation)
      text += outcome.faultMet ? " in both machines" : " without a check in the code";
  }
  text += ", mode " + std::string(modeName(outcome.mode));
  if (outcome.parallel) text += parallelism(*outcome.parallel);
  return text + "\n";
}

std::vector<std::pair<uint64_t, const char*>> counterRows(const Counters& c) {
  std::vector<std::pair<uint64_t, const char*>> rows{
      {c.c0Steps, "C0 steps"},
      {c.strode, "of them made in strides"},
      {c.instructions, "VAMP instructions"},
      {c.values, "v-consis: elementary values compared"},
      {c.pointers, "p-consis: pointers compared"},
      {c.control, "c-consis: program counters, bases, return addresses compared"},
      {c.code, "code-consis: words of code compared"},
      {c.outputs, "output: bytes compared"},
      {c.inputs, "input: bytes taken from the VAMP"}};
  if (c.blocks) rows.push_back({c.blocks, "asm statements executed"});
  if (c.blocks) rows.push_back({c.mirrored, "words that they stored to variables"});
  if (c.window) rows.push_back({c.window, "identity-window: page-table entries compared"});
  rows.push_back({c.undefined, "exempt: no value yet in the abstract machine"});
  rows.push_back({c.dangling, "exempt: pointer whose target is gone"});
  return rows;
}

std::string comparedShare(const Counters& c) {
  char ratio[32];
  std::snprintf(ratio, sizeof ratio, "%.2f%%", c.live() ? 100.0 * double(c.comparable()) / double(c.live()) : 100.0);
  return ratio;
}

std::string statistics(const Counters& c) {
  std::string text;
  for (const auto& [value, what] : counterRows(c)) text += base::paddedLeft(grouped(value), 18) + "  " + what + "\n";
  return text + base::paddedLeft(comparedShare(c), 18) + "  comparable / live\n";
}

std::string faultLine(const Image& image, const interp::FaultReport& fault) {
  const std::string& function = image.program().functions[fault.function].name;
  std::string at = fault.position.line ? printPosition(image, fault.position) : function;
  std::string text = at + ": fault: " + std::string(object::faultName(fault.fault)) + ": " +
                     std::string(object::faultMeaning(fault.fault)) + "\n";
  if (!fault.text.empty()) text += at + ": note: in function " + function + ": " + fault.text + "\n";
  return text;
}

void printFailure(llvm::raw_ostream& out, const Image& image, const Failure& failure, const std::string& program,
                  bool color) {
  Report(out, image, failure, color).print(program);
}

}  // namespace consis
