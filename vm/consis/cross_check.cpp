#include "vm/consis/cross_check.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/core/frame.h"

namespace consis {
namespace {

base::Error mismatch(const std::string& place, std::string text) {
  return {"map and core disagree: " + std::move(text), "map-core-mismatch", place};
}

std::string two(const char* what, uint64_t map, uint64_t core) {
  return std::string(what) + " is " + std::to_string(map) + " in the map, " + std::to_string(core) + " in the core";
}

bool samePosition(const object::MapUnit& map, const object::MapPosition& in, const core::Program& unit,
                  const core::Position& position) {
  if (in.line != position.line || in.column != position.column) return false;
  if (in.line == 0) return true;
  return in.file < map.files.size() && position.file < unit.files.size() &&
         map.files[in.file] == unit.files[position.file];
}

// Every asm statement that emits has one block, entered at its start; nothing else has one.
base::Status crossCheckBlocks(const object::MapFunction& in, const core::Function& function, const std::string& place) {
  std::vector<bool> seen(function.statements.size());
  for (const object::MapAsm& block : in.asms) {
    const std::string at = place + ", statement " + std::to_string(block.statement);
    const auto& entries = in.statements[block.statement].entries;
    if (function.statements[block.statement]->kind != core::StmtKind::Asm || !in.statements[block.statement].emits)
      return mismatch(at, "an asm block of a statement that is none or is empty");
    if (seen[block.statement]) return mismatch(at, "two asm blocks of one statement");
    if (block.begin >= block.end || std::find(entries.begin(), entries.end(), block.begin) == entries.end())
      return mismatch(at, "the asm block is empty or is not entered at its start");
    seen[block.statement] = true;
  }
  for (size_t i = 0; i < seen.size(); ++i)
    if (function.statements[i]->kind == core::StmtKind::Asm && in.statements[i].emits && !seen[i])
      return mismatch(place + ", statement " + std::to_string(i), "the asm statement has no block");
  return base::Ok{};
}

base::Status crossCheckStatements(const object::MapUnit& map, const object::MapFunction& in, const core::Program& unit,
                                  const core::Function& function, const std::string& place, const Dropped& dropped) {
  if (in.statements.size() != function.statements.size())
    return mismatch(place, two("the number of statements", in.statements.size(), function.statements.size()));
  size_t call = 0;  // calls ascend by statement
  for (size_t i = 0; i < in.statements.size(); ++i) {
    const auto& statement = *function.statements[i];
    const std::string at = place + ", statement " + std::to_string(i);
    if (!dropped[Condition::Positions] && !samePosition(map, in.statements[i].position, unit, statement.position))
      return mismatch(at, "position " + std::to_string(in.statements[i].position.line) + ":" +
                              std::to_string(in.statements[i].position.column) + " in the map, " +
                              std::to_string(statement.position.line) + ":" +
                              std::to_string(statement.position.column) + " in the core");
    bool isCall = statement.kind == core::StmtKind::Call;
    bool hasReturn = call < in.calls.size() && in.calls[call].statement == i;
    call += hasReturn;
    if (isCall != hasReturn)
      return mismatch(at, isCall ? "the call has no return point" : "a return point for a statement that is no call");
    const bool jumps = statement.kind == core::StmtKind::Return || statement.kind == core::StmtKind::Break ||
                       statement.kind == core::StmtKind::Continue;
    if (!in.statements[i].emits && (isCall || jumps))
      return mismatch(at, "a call, return, break or continue cannot be without instructions");
  }
  if (call != in.calls.size()) return mismatch(place, "a return point of no statement");
  return crossCheckBlocks(in, function, place);
}

}  // namespace

base::Status crossCheckFrame(const object::MapFunction& map, const core::Program& unit, const core::Function& function,
                             const Dropped& dropped) {
  const std::string place = "function " + function.name;
  if (map.variables.size() != function.variables.size())
    return mismatch(place, two("the number of variables", map.variables.size(), function.variables.size()));
  core::FrameLayout layout = core::layoutFrame(unit, function);
  if (!dropped[Condition::FrameSize] && (!layout.fits || map.frameSize != layout.size))
    return mismatch(place, two("the frame size", map.frameSize, layout.size));

  struct Slot {
    uint64_t begin, end;
    std::string name;
  };
  std::vector<Slot> slots{{map.returnAddressOffset, uint64_t(map.returnAddressOffset) + 4, "the saved return address"}};
  for (size_t i = 0; i < map.variables.size(); ++i) {
    const auto& type = unit.types[function.variables[i].type];
    const auto& variable = map.variables[i];
    if (variable.offset % type.align && !dropped[Condition::FrameLayout])
      return mismatch(place, "variable '" + function.variables[i].name + "' is not aligned");
    slots.push_back(
        {variable.offset, uint64_t(variable.offset) + type.asize, "variable '" + function.variables[i].name + "'"});
  }
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.begin < b.begin; });
  // Parameters that come on the stack lie at the bottom of the caller's frame.
  uint64_t end = map.frameSize + core::layoutArguments(unit, function).stackBytes;
  for (size_t i = 0; i < slots.size(); ++i) {
    bool own = slots[i].begin < map.frameSize;
    if (slots[i].end > (own ? map.frameSize : end)) return mismatch(place, slots[i].name + " lies outside the frame");
    if (i && slots[i].begin < slots[i - 1].end && !dropped[Condition::FrameLayout])
      return mismatch(place, slots[i - 1].name + " and " + slots[i].name + " overlap");
  }
  return base::Ok{};
}

namespace {

// The map lists functions in the order in which they were compiled, the core in that of their first declaration.
base::Status arrangeFunctions(object::MapUnit& map, const core::Program& unit, const std::string& place) {
  std::unordered_map<std::string, size_t> byName;
  for (size_t i = 0; i < map.functions.size(); ++i)
    if (!byName.emplace(map.functions[i].name, i).second)
      return mismatch(place, "function '" + map.functions[i].name + "' is in the map twice");
  std::vector<object::MapFunction> arranged;
  for (const auto& f : unit.functions) {
    if (!f.defined) continue;
    auto found = byName.find(f.name);
    if (found == byName.end()) return mismatch(place, "function '" + f.name + "' is not in the map");
    arranged.push_back(std::move(map.functions[found->second]));
    byName.erase(found);
  }
  if (!byName.empty()) return mismatch(place, "function '" + byName.begin()->first + "' is not in the core");
  map.functions = std::move(arranged);
  return base::Ok{};
}

}  // namespace

base::Status crossCheck(object::MapUnit& map, const core::Program& unit, const Dropped& dropped) {
  const std::string place = "unit " + unit.name;
  if (map.name != unit.name) return mismatch(place, "the map's unit is '" + map.name + "'");
  size_t global = 0, function = 0;
  for (const auto& g : unit.globals) {
    if (!g.defined) continue;
    if (global == map.globals.size()) return mismatch(place, "global '" + g.name + "' is not in the map");
    if (map.globals[global].name != g.name)
      return mismatch(place, "global '" + g.name + "' is called '" + map.globals[global].name + "' in the map");
    ++global;
  }
  if (global != map.globals.size()) return mismatch(place, two("the number of globals", map.globals.size(), global));

  if (auto status = arrangeFunctions(map, unit, place); !status) return status;
  for (const auto& f : unit.functions) {
    if (!f.defined) continue;
    const auto& in = map.functions[function++];
    if (auto status = crossCheckStatements(map, in, unit, f, place + ", function " + f.name, dropped); !status)
      return status;
    if (auto status = crossCheckFrame(in, unit, f, dropped); !status) return status;
  }
  return base::Ok{};
}

}  // namespace consis
