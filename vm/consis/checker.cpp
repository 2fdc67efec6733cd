#include "vm/consis/checker.h"

#include "compiler/core/print.h"

namespace consis {

std::span<const ConditionRow> conditions() {
  static constexpr ConditionRow kRows[] = {
#define CONDITION(Name, report, name, implied, meaning) {report, name, implied, meaning},
#include "vm/consis/conditions.def"
  };
  static_assert(std::size(kRows) <= Dropped::kMost);
  return kRows;
}

std::optional<Condition> findCondition(std::string_view name) {
  for (size_t i = 0; i < conditions().size(); ++i)
    if (conditions()[i].name == name) return Condition(i);
  return std::nullopt;
}

std::array<FixedRegister, 3> fixedRegisters(const Pair& pair) {
  return {{{Condition::FrameBase, isa::kFrame, "the frame's base", pair.aba.frameBase(pair.aba.depth())},
           {Condition::GlobalBase, isa::kGlobals, "the base of the globals", pair.image.gp},
           {Condition::HeapTop, isa::kHeap, "the heap's top", pair.image.heap.begin + pair.abstract.heapUsed()}}};
}

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
