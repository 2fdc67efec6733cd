// diagnostics_page: prints docs/diagnostics.md, made from rules.def; with --check FILE it compares instead (status 1 if
// they differ).
#include <fstream>
#include <iostream>
#include <sstream>

#include "compiler/sema/rules.h"

namespace {

std::string cell(const std::string& text) {
  std::string result;
  for (char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string table(sema::RuleKind kind) {
  std::string text = "| id | rule | source |\n|---|---|---|\n";
  for (const sema::RuleInfo& rule : sema::rules())
    if (rule.kind == kind) text += std::string("| `") + rule.id + "` | " + cell(sema::summary(rule)) + " | " + cell(rule.source) + " |\n";
  return text;
}

std::string warnings() {
  std::string text = "| id | on with | about |\n|---|---|---|\n";
  for (const sema::RuleInfo& rule : sema::rules())
    if (rule.kind == sema::RuleKind::Warning)
      text += std::string("| `") + rule.id + "` | " + (rule.group == sema::WarningGroup::All ? "`-Wall`" : "`-Wextra`") + " | " + cell(sema::summary(rule)) + " |\n";
  return text;
}

std::string page() {
  return "# Diagnostics\n\n"
         "Made by `diagnostics_page` from compiler/sema/rules.def; do not edit. `c0c --explain ID` shows each with an example; "
         "test/lit/diagnostics has a test of each.\n\n"
         "## Warnings\n\n"
         "`-Wall` and `-Wextra` (which contains it) turn them on, `-W<id>` and `-Wno-<id>` one; `-Werror`, `-Werror=<id>`, "
         "`-Wno-error=<id>` make errors of them or not; `-w` turns all off. Without these options there is none.\n\n" +
         warnings() + "\n## In C0X, not in C0\n\n" + table(sema::RuleKind::Surface) + "\n## In neither\n\n" + table(sema::RuleKind::Outside) +
         "\n## Checks\n\n" + table(sema::RuleKind::Check);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 1) return std::cout << page(), 0;
  if (argc != 3 || std::string(argv[1]) != "--check") return std::cerr << "usage: diagnostics_page [--check FILE]\n", 2;
  std::ifstream file(argv[2]);
  std::stringstream content;
  content << file.rdbuf();
  if (file && content.str() == page()) return 0;
  std::cerr << "diagnostics_page: error: " << argv[2] << " is not what the table says; run: diagnostics_page > " << argv[2] << '\n';
  return 1;
}
