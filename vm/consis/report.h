// What a person (text) and a program (JSON) reads about a run. docs/consis.md shows both.
#pragma once

#include <string>

#include "vm/consis/lockstep.h"

namespace llvm {
class raw_ostream;
}

namespace consis {

// "consistent: 12,345 C0 steps, .., exit 0": one line with a newline.
std::string summary(const Outcome& outcome);
// Every counter with its meaning, a line each.
std::string statistics(const Counters& counters);
// The failure: where, what, who wrote it, how it came there. Source lines are read from disk if they are there.
void printFailure(llvm::raw_ostream& out, const Image& image, const Failure& failure, const std::string& program,
                  bool color);
// "gcd.c0:12:7: fault: division-by-zero: the divisor is zero", as vamp and c0i print it, and a note with the values.
std::string faultLine(const Image& image, const interp::FaultReport& fault);
// The whole outcome, one object, a newline at the end.
void printJson(llvm::raw_ostream& out, const Image& image, const Outcome& outcome, const std::string& program);

// The line of a source file without its newline; nullopt if it cannot be read.
std::optional<std::string> sourceLine(const Image& image, core::Position position);
// What an instruction did beside its text: "m[0x003ffff4] := 0x00000009".
std::string effect(const machine::Event& event);

}  // namespace consis
