// Diagnostics in clang's shape: file:line:col: error: text [stable-text-id], caret, ranges, notes,
// fix-its. Collected by libraries, printed by main.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/source.h"

namespace llvm {
class raw_ostream;
}

namespace base {

enum class Severity : uint8_t { Error, Warning, Note };

struct FixIt {
  Range range;       // replaced; empty = insertion before range.begin
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string id;    // "c0-undeclared"; empty for notes
  std::string text;
  Range where;       // the caret is at where.begin, the range is underlined; invalid = no place in a text
  std::string place; // place in words when `where` is invalid: "lib.a(mul.o)", "--set r5=zz"
  std::vector<Range> ranges;  // further underlines
  std::vector<FixIt> fixits;
  std::vector<Diagnostic> notes;

  Diagnostic& note(Range where, std::string text);
  Diagnostic& note(std::string text) { return note({}, std::move(text)); }
  Diagnostic& fixit(Range where, std::string text);
};

// With ? for control characters: names come from damaged files too, and a message is one line.
std::string printable(std::string text);

enum class DiagnosticFormat { Text, Json, Sarif };

class Diagnostics {
 public:
  explicit Diagnostics(SourceManager& sources) : sources_(&sources) {}

  // Errors beyond `errorLimit` are counted, not kept (0 = no limit). An error whose id and place
  // repeat an earlier one is dropped.
  unsigned errorLimit = 20;
  bool warningsAreErrors = false;
  std::map<std::string, bool, std::less<>> warningIsError;  // by id, where it differs

  // The reference holds until the next report.
  Diagnostic& error(std::string id, Range where, std::string text);
  Diagnostic& error(const Error& error, std::string_view file = {});
  Diagnostic& warning(std::string id, Range where, std::string text);
  Diagnostic& warning(Diagnostic diagnostic) { return add(std::move(diagnostic)); }

  unsigned errorCount() const { return errors_; }
  unsigned warningCount() const { return warnings_; }
  bool limitReached() const { return errorLimit && errors_ >= errorLimit; }
  const std::vector<Diagnostic>& all() const { return list_; }

  SourceManager& sources() const { return *sources_; }

  // By place; within a place, and without one, as they were reported.
  std::vector<const Diagnostic*> sorted() const;

  // Prints all by place, text closing with "2 errors generated." as clang does. SARIF names the tool.
  void print(llvm::raw_ostream& out, DiagnosticFormat format, bool color, std::string_view tool) const;

 private:
  Diagnostic& add(Diagnostic diagnostic);

  SourceManager* sources_;
  std::vector<Diagnostic> list_;
  Diagnostic overflow_;
  unsigned errors_ = 0;
  unsigned warnings_ = 0;
};

}  // namespace base
