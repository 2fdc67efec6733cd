// C0 step 6, VAMP step 31, in twice, depth 2, after `r = a + a;` at tiny.c0:6:3
//     6 |   r = a + a;
//       |   ^
//   next is `return r;` at tiny.c0:7:3
//
//                                     C0 machine                  VAMP
//   twice, depth 2, frame at 0x00011fec
//     0x00011ff0  a int               21                          21
// >   0x00011ff4  r int               42                          0
#include "vm/consis/state_text.h"

#include "llvm/Support/raw_ostream.h"
#include "vm/consis/report.h"
#include "vm/consis/state_view.h"

namespace consis {
namespace {

constexpr size_t kAddress = 12, kName = 30, kValue = 34, kRegistersInLine = 5;

// A column of a table, and at least a space behind it.
std::string inColumn(const std::string& text, size_t width) { return base::padded(text, std::max(width, text.size() + 1)); }

class StateText {
 public:
  StateText(const Moment& moment, bool color)
      : moment_(moment), pair_(moment.pair), view_(moment.pair, UINT32_MAX), color_(color), out_(text_) {
    if (color) out_.enable_colors(true);
  }

  std::string print() {
    where();
    out_ << "\n" << std::string(4 + kAddress + kName, ' ') << inColumn("C0 machine", kValue) << "VAMP\n";
    frames();
    globals();
    heap();
    if (pair_.next) {
      title("control");
      for (const Row& each : view_.control()) row(each);
    }
    registers();
    instructions();
    return out_.str();
  }

 private:
  void where() {
    out_ << "C0 step " << grouped(moment_.c0Step) << ", VAMP step " << grouped(pair_.concrete.state.steps);
    if (const uint32_t depth = view_.depth())
      out_ << ", in " << pair_.image.program().functions[pair_.aba.frameFunction(depth)].name << ", depth " << depth;
    if (moment_.executed) out_ << ", after " << printPlace(pair_.image, *moment_.executed) << "\n";
    else out_ << ", before the first statement\n";
    if (moment_.executed) printCaret(out_, pair_.image, statementOf(pair_.image, *moment_.executed).position, color_);
    if (pair_.next) out_ << "  next is " << printPlace(pair_.image, *pair_.next) << "\n";
  }

  void title(const std::string& text) { out_ << "  " << text << "\n"; }

  // In two columns; a long value has lines of its own.
  void row(const Row& row) {
    const std::string expected = text(row.abstract), found = text(row.concrete);
    std::string line = (row.differing ? ">   " : "    ") + inColumn(row.address ? hex(*row.address) : "", kAddress) +
                       inColumn(row.name + (row.type.empty() ? "" : " " + row.type), kName);
    if (row.differing && color_) out_.changeColor(llvm::raw_ostream::RED, false);
    if (expected == found && expected.size() >= kValue) {
      out_ << line << expected << "\n";
    } else if (expected.size() < kValue) {
      out_ << line << inColumn(expected, kValue) << found << "\n";
    } else {
      out_ << line << expected << "\n"
           << std::string(4 + kAddress, ' ') << inColumn("  in the VAMP", kName) << found << "\n";
    }
    if (row.differing && color_) out_.resetColor();
  }

  void frames() {
    const auto& functions = pair_.image.program().functions;
    for (uint32_t depth = view_.depth(); depth >= 1; --depth) {
      const core::Function& function = functions[pair_.aba.frameFunction(depth)];
      title(function.name + ", depth " + std::to_string(depth) + ", frame at " + hex(pair_.aba.frameBase(depth)));
      for (uint32_t v = 0; v < function.variables.size(); ++v) row(view_.variable(pair_.aba.frameSerial(depth), v));
      row(view_.returnAddress(depth));
    }
  }

  void globals() {
    const auto& globals = pair_.image.program().globals;
    if (!globals.empty()) title("globals");
    for (uint32_t g = 0; g < globals.size(); ++g) row(view_.variable(interp::kGlobalFrame, g));
  }

  void heap() {
    const uint32_t count = pair_.abstract.heap().variableCount;
    if (count) title("heap, " + grouped(pair_.abstract.heapUsed()) + " bytes");
    for (uint32_t h = 0; h < count; ++h) row(view_.variable(interp::kHeapFrame, h));
  }

  void registers() {
    title("registers in no relation");
    size_t column = 0;
    for (const auto& [name, value] : view_.otherRegisters()) {
      out_ << (column ? "  " : "    ") << inColumn(name, 6) << value;
      if (++column == kRegistersInLine) out_ << "\n", column = 0;
    }
    if (column) out_ << "\n";
  }

  void instructions() {
    std::string before;
    bool first = true;
    for (const Executed& executed : moment_.recorder.lastInstructions()) {
      if (executed.c0Step != moment_.c0Step || (moment_.c0Step == 0)) continue;
      if (std::exchange(first, false)) title("the step's last instructions");
      printInstruction(out_, pair_.image, executed, false, before);
    }
  }

  const Moment& moment_;
  const Pair& pair_;
  StateView view_;
  bool color_;
  std::string text_;
  llvm::raw_string_ostream out_;
};

}  // namespace

std::string stateText(const Moment& moment, bool color) { return StateText(moment, color).print(); }

}  // namespace consis
