// SARIF 2.1.0 (OASIS standard, sections 3.13 to 3.58): the one writer, for diagnostics and for reports of checkers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace base::sarif {

// Lines and columns from 1, columns in UTF-16 code units, the end exclusive. Line 0: the whole file; column 0: the
// lines.
struct Region {
  uint32_t line = 0, column = 0, endLine = 0, endColumn = 0;
};

struct Location {
  std::string file = {};
  Region region = {};
  std::string place = {};  // in words, if there is no file: "lib.a(mul.o): section .text"
  std::string text = {};   // what is to be seen there; of related locations
  std::vector<Region> annotations = {};
};

struct Replacement {
  Region deleted;
  std::string text;
};

struct Fix {
  std::string text, file;
  std::vector<Replacement> replacements;
};

struct Result {
  std::string rule;   // the stable text id
  std::string level;  // error, warning, note; none: the tool could not decide
  std::string text;
  std::vector<Location> locations = {}, related = {};
  std::vector<Fix> fixes = {};
};

struct Rule {
  std::string id, text;  // text may be empty
};

// One run of one tool. Rules that results name and `rules` does not are added. The text ends with a newline; what is no
// UTF-8 in it has been replaced.
std::string print(std::string_view tool, std::vector<Rule> rules, const std::vector<Result>& results);

// The column of a byte (from 1) of a line in UTF-16 code units.
uint32_t utf16Column(std::string_view line, uint32_t column);

}  // namespace base::sarif
