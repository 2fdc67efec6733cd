#include "vm/consis/checker.h"

#include "compiler/core/print.h"

namespace consis {

namespace {

constexpr struct {
  std::string_view name, meaning;
} kConditions[] = {
#define CONDITION(Name, name, meaning) {name, meaning},
#include "vm/consis/conditions.def"
};

}  // namespace

std::string_view conditionName(Condition condition) { return kConditions[size_t(condition)].name; }

std::string_view conditionMeaning(Condition condition) { return kConditions[size_t(condition)].meaning; }

std::string_view modeName(Mode mode) {
  switch (mode) {
    case Mode::Full: return "full";
    case Mode::Incremental: return "incremental";
    case Mode::Parallel: return "parallel";
  }
  return "";
}

std::string hex(uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

std::string grouped(uint64_t value) {
  std::string text = std::to_string(value);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

const core::Stmt& statementOf(const Image& image, StatementId id) {
  return *image.program().functions[id.function].statements[id.ordinal];
}

std::string printStatement(const Image& image, StatementId id) {
  return core::printHead(image.program(), image.program().functions[id.function], statementOf(image, id));
}

std::string printPosition(const Image& image, core::Position position) {
  if (position.line == 0) return "no source";
  return std::string(image.fileName(position)) + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

std::string printPlace(const Image& image, StatementId id) {
  return "`" + printStatement(image, id) + "` at " + printPosition(image, statementOf(image, id).position);
}

std::vector<std::unique_ptr<Checker>> makeFullCheckers() {
  std::vector<std::unique_ptr<Checker>> checkers;
  checkers.push_back(makeControlChecker());
  checkers.push_back(makeValueChecker());
  checkers.push_back(makeCodeChecker());
  return checkers;
}

}  // namespace consis
