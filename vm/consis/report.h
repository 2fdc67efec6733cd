// What a person (text) and a program (JSON) reads about a run. docs/consis.md shows both.
#pragma once

#include <string>

#include "vm/consis/lockstep.h"
#include "vm/consis/run_record.h"

namespace llvm {
class raw_ostream;
}

namespace consis {

// "consistent: 12,345 C0 steps, .., exit 0": one line with a newline.
std::string summary(const Outcome& outcome);
// Every counter that applies, with its meaning.
std::vector<std::pair<uint64_t, const char*>> counterRows(const Counters& counters);
// How much of what is live was compared: "99.81%".
std::string comparedShare(const Counters& counters);
// Both as text, a line each.
std::string statistics(const Counters& counters);
// The failure: where, what, who wrote it, how it came there. Source lines are read from disk if they are there.
void printFailure(llvm::raw_ostream& out, const Image& image, const Failure& failure, const std::string& program,
                  bool color);
// "gcd.c0:12:7: fault: division-by-zero: the divisor is zero", as vamp and c0i print it, and a note with the values.
std::string faultLine(const Image& image, const interp::FaultReport& fault);
// The whole outcome, one object, a newline at the end. `kernel`: counters of konsis, a member of this name.
std::string jsonReport(const Image& image, const Outcome& outcome, const RunRecord& record,
                       const std::vector<std::pair<std::string, uint64_t>>& kernel = {});
// The same as SARIF 2.1.0 (report_sarif.cpp).
std::string sarifReport(const Image& image, const Outcome& outcome, const std::string& program);

// The source line, if it can be read, and a caret under the column.
void printCaret(llvm::raw_ostream& out, const Image& image, core::Position position, bool color);
// An instruction as a line; before it, if that is another than `owner`, to whom it belongs.
void printInstruction(llvm::raw_ostream& out, const Image& image, const Executed& executed, bool blamed,
                      std::string& owner);

// The line of a source file without its newline; nullopt if it cannot be read.
std::optional<std::string> sourceLine(const Image& image, core::Position position);
// The statement, function or routine that an instruction belongs to.
std::string codeOwner(const Image& image, uint32_t address);
// What an instruction did beside its text: "m[0x003ffff4] := 0x00000009".
std::string effect(const machine::Event& event);

}  // namespace consis
