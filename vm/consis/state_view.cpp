#include "vm/consis/state_view.h"

#include <algorithm>
#include <cstring>

#include "compiler/debug/values.h"
#include "vm/consis/simple_values.h"
#include "vm/consis/value_text.h"

namespace consis {
namespace {

using core::TypeId;
using core::TypeKind;
using interp::Value;

constexpr uint32_t kMostCharacters = 80, kMostCells = 8, kMostPointers = 24, kMostBeyond = 8;

std::string element(uint64_t index) { return "[" + std::to_string(index) + "]"; }

// Both texts of one variable.
class Writer {
 public:
  Writer(const Pair& pair, uint32_t mostElements, std::span<const Value> content, Row& row)
      : pair_(pair),
        types_(pair.image.program().types),
        memory_(pair.concrete.memory()),
        mostElements_(mostElements),
        content_(content),
        row_(row) {}

  void value(TypeId id, uint32_t address, uint32_t index, const std::string& path) {
    const core::Type& type = types_[id];
    if (type.kind == TypeKind::Array) return array(type.element, type.count, address, index, path);
    if (type.kind != TypeKind::Struct) return simple(id, address, index, path);
    both("{");
    for (const core::Field& field : type.fields) {
      both((field.index ? ", " : "") + field.name + " = ");
      value(field.type, address + field.offset, index + field.index, path + "." + field.name);
    }
    both("}");
  }

  void array(TypeId id, uint32_t count, uint32_t address, uint32_t index, const std::string& path) {
    const core::Type& type = types_[id];
    if (id == core::TypeTable::kChar && defined(index, count)) return characters(count, address, index);
    both("{");
    for (uint32_t i = 0, shown = 0; i < count; ++shown) {
      if (i) both(", ");
      if (shown == mostElements_) {
        beyond(id, i, count, address, index, path);
        break;
      }
      const uint64_t before = row_.differing;
      const size_t cells = row_.cells.size();
      value(id, address + i * type.asize, index + i * type.size, path + element(i));
      uint32_t run = 1;
      while (i + run < count && same(type, address, index, i, i + run)) ++run;
      if (run > 1) {
        both(" x " + std::to_string(run)), row_.differing += (row_.differing - before) * (run - 1);
        for (size_t c = cells; c < row_.cells.size(); ++c) row_.cells[c].path += "..";
      }
      i += run;
    }
    both("}");
  }

 private:
  void put(Pieces& to, Piece::Kind kind, const std::string& text) {
    if (!to.empty() && to.back().kind == kind) to.back().text += text;
    else to.push_back({kind, text});
  }
  void both(const std::string& text) { put(row_.abstract, Piece::Same, text), put(row_.concrete, Piece::Same, text); }

  void simple(TypeId id, uint32_t address, uint32_t index, const std::string& path) {
    const core::Type& type = types_[id];
    const Value& value = content_[index];
    const Compared compared = compareSimple(pair_, type, value, address, unused_);
    const uint32_t found = readSimple(memory_, type.asize, address);
    // Nothing was compared, although the machine holds something: that is how an exemption looks.
    const bool dangling = value.kind == Value::Pointer && !pair_.aba.aba(value, type.element);
    const bool exempt = value.kind == Value::Undefined || dangling;
    const Piece::Kind kind = exempt ? Piece::Exempt : compared.equal() ? Piece::Same : Piece::Differs;
    Cell cell{path, kind, dangling ? "dangling" : "undefined", valueText(pair_, type, found)};
    if (!exempt) cell.abstract = valueText(pair_, type, compared.expected);
    if (kind == Piece::Same && leadsToText(type, value))
      cell.abstract = cell.concrete = debug::format(pair_.abstract, id, {&value, 1});
    put(row_.abstract, kind, cell.abstract), put(row_.concrete, kind, cell.concrete);
    row_.differing += !compared.equal();
    const bool pointer = type.kind == TypeKind::Pointer && !exempt && (value.kind == Value::Pointer || found);
    if (pointer) targets(value, found, cell);
    if (row_.cells.size() < (pointer ? kMostPointers : kMostCells)) row_.cells.push_back(std::move(cell));
  }

  // To a literal: it is shown with the pointer, since it never changes.
  bool leadsToText(const core::Type& type, const Value& value) const {
    return type.kind == TypeKind::Pointer && type.element == core::TypeTable::kChar && value.kind == Value::Pointer &&
           value.frame == interp::kGlobalFrame && pair_.image.program().globals[value.variable].constant;
  }

  void targets(const Value& value, uint32_t found, Cell& cell) {
    if (value.kind == Value::Pointer) cell.abstractTarget = variableId(value.frame, value.variable);
    if (cell.kind == Piece::Same) {
      cell.concreteTarget = cell.abstractTarget;
    } else if (found) {
      auto leaf = pair_.aba.inverse(found);
      cell.concreteTarget = leaf ? variableId(leaf->frame, leaf->variable) : hex(found);
    }
  }

  // As a string literal without the zeros at its end.
  void characters(uint32_t count, uint32_t address, uint32_t index) {
    uint32_t end = count;
    while (end && content_[index + end - 1].bits == 0 && memory_[address + end - 1] == 0) --end;
    both("\"");
    for (uint32_t i = 0; i < end; ++i) {
      const auto expected = uint8_t(content_[index + i].bits), found = memory_[address + i];
      row_.differing += expected != found;
      if (i >= kMostCharacters) continue;
      const Piece::Kind kind = expected == found ? Piece::Same : Piece::Differs;
      put(row_.abstract, kind, escaped(expected)), put(row_.concrete, kind, escaped(found));
    }
    both(end > kMostCharacters ? "\".." : "\"");
  }

  static std::string escaped(uint8_t c) {
    if (c == '"' || c == '\\') return {'\\', char(c)};
    if (c >= 32 && c < 127) return {char(c)};
    if (c == '\n') return "\\n";
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", c);
    return text;
  }

  // What is not shown: the first elements of it that differ are.
  void beyond(TypeId id, uint32_t from, uint32_t count, uint32_t address, uint32_t index, const std::string& path) {
    const core::Type& type = types_[id];
    uint32_t shown = 0;
    both("..");
    for (uint32_t i = from; i < count; ++i) {
      const uint64_t wrong = differing(id, address + i * type.asize, index + i * type.size);
      if (!wrong) continue;
      if (++shown > kMostBeyond) {
        row_.differing += wrong;
        continue;
      }
      both(" " + element(i) + " = ");
      value(id, address + i * type.asize, index + i * type.size, path + element(i));
      both(" ..");
    }
  }

  uint64_t differing(TypeId id, uint32_t address, uint32_t index) {
    const core::Type& type = types_[id];
    uint64_t count = 0;
    switch (type.kind) {
      case TypeKind::Array:
        for (uint32_t i = 0; i < type.count; ++i)
          count +=
              differing(type.element, address + i * types_[type.element].asize, index + i * types_[type.element].size);
        return count;
      case TypeKind::Struct:
        for (const core::Field& field : type.fields)
          count += differing(field.type, address + field.offset, index + field.index);
        return count;
      default: return !compareSimple(pair_, type, content_[index], address, unused_).equal();
    }
  }

  bool defined(uint32_t index, uint32_t count) const {
    auto all = content_.subspan(index, count);
    return std::all_of(all.begin(), all.end(), [](const Value& each) { return each.kind == Value::Number; });
  }

  // Elements i and k are equal, in both machines.
  bool same(const core::Type& type, uint32_t address, uint32_t index, uint32_t i, uint32_t k) const {
    return std::ranges::equal(content_.subspan(index + i * type.size, type.size),
                              content_.subspan(index + k * type.size, type.size)) &&
           std::memcmp(&memory_[address + i * type.asize], &memory_[address + k * type.asize], type.asize) == 0;
  }

  const Pair& pair_;
  const core::TypeTable& types_;
  std::span<const uint8_t> memory_;
  uint32_t mostElements_;
  std::span<const Value> content_;
  Row& row_;
  Counters unused_;
};

Row wordRow(std::string id, std::string name, std::string expected, bool equal, uint32_t found,
            const std::string& where = {}) {
  const Piece::Kind kind = equal ? Piece::Same : Piece::Differs;
  Row row{.id = std::move(id), .name = std::move(name)};
  row.abstract = {{kind, std::move(expected)}};
  row.concrete = {{kind, hex(found) + where}};
  row.differing = !equal;
  return row;
}

// " (tiny.c0:7:3)": the file without its folders.
std::string source(const Image& image, uint32_t address) {
  std::string place = image.symbolAt(address);
  if (auto at = image.statementAt(address)) {
    place = printPosition(image, statementOf(image, *at).position);
    place.erase(0, place.rfind('/') + 1);
  }
  return place.empty() ? place : " (" + place + ")";
}

}  // namespace

std::string variableId(uint32_t frame, uint32_t variable) {
  if (frame == interp::kGlobalFrame) return "g" + std::to_string(variable);
  if (frame == interp::kHeapFrame) return "h" + std::to_string(variable);
  return "f" + std::to_string(frame) + "." + std::to_string(variable);
}

std::string text(const Pieces& pieces) {
  std::string all;
  for (const Piece& piece : pieces) all += piece.text;
  return all;
}

Row StateView::variable(uint32_t frame, uint32_t variable) const {
  const core::Program& program = pair_.image.program();
  const interp::Machine& abstract = pair_.abstract;
  Row row{.id = variableId(frame, variable), .address = pair_.aba.variable(frame, variable)};
  TypeId type;
  uint32_t count = 0;
  if (frame == interp::kHeapFrame) {
    type = abstract.heapType(variable), count = abstract.heapCount(variable);
    row.name = "heap#" + std::to_string(variable);
  } else {
    const auto depth = pair_.aba.depthOf(frame);
    const core::Function* function = depth && *depth ? &program.functions[pair_.aba.frameFunction(*depth)] : nullptr;
    type = function ? function->variables[variable].type : program.globals[variable].type;
    row.name = function ? function->variables[variable].name : program.globals[variable].name;
  }
  const core::Type& t = program.types[type];
  row.type = count ? program.types.declare(type, element(count)) : program.types.print(type);
  const Value* content = abstract.content({frame, variable, 0, type});
  const uint64_t bytes = uint64_t(t.asize) * std::max(count, 1u), memory = pair_.concrete.memory().size();
  if (!content || !row.address || *row.address > memory || bytes > memory - *row.address) {
    row.abstract = {{Piece::Differs, "a variable"}}, row.concrete = {{Piece::Differs, "no place in memory"}};
    row.differing = 1;
    return row;
  }
  Writer writer(pair_, mostElements_, {content, size_t(t.size) * std::max(count, 1u)}, row);
  if (count) writer.array(type, count, *row.address, 0, "");
  else writer.value(type, *row.address, 0, "");
  return row;
}

std::vector<Row> StateView::control() const {
  const machine::State& state = pair_.concrete.state;
  std::vector<Row> rows;
  if (pair_.next) {
    const auto& entries = pair_.image.entries(*pair_.next);
    const bool there = std::find(entries.begin(), entries.end(), state.dpc) != entries.end();
    const uint32_t entry = there ? state.dpc : entries.empty() ? 0 : entries.front();
    rows.push_back(wordRow("dpc", "DPC", entries.empty() ? "no code" : hex(entry) + source(pair_.image, entry), there,
                           state.dpc, source(pair_.image, state.dpc)));
    rows.push_back(wordRow("pc", "PC", hex(state.dpc + 4), state.pc == state.dpc + 4, state.pc));
  }
  for (const FixedRegister& fixed : fixedRegisters(pair_))
    rows.push_back(wordRow("r" + std::to_string(fixed.reg), "r" + std::to_string(fixed.reg), hex(fixed.value),
                           state.gpr[fixed.reg] == fixed.value, state.gpr[fixed.reg]));
  return rows;
}

Row StateView::returnAddress(uint32_t depth) const {
  const Allocation& aba = pair_.aba;
  const uint32_t address = aba.frameBase(depth) + pair_.image.function(aba.frameFunction(depth)).returnAddressOffset;
  uint32_t found = 0;
  pair_.concrete.read(address, &found, 4);
  std::optional<uint32_t> expected;
  if (const core::Stmt* call = depth > 1 ? pair_.abstract.pendingCall(depth) : nullptr)
    expected = pair_.image.returnPoint({aba.frameFunction(depth - 1), call->ordinal});
  // main returns to the start code, which no map describes.
  Row row = wordRow("f" + std::to_string(aba.frameSerial(depth)) + ".return", "return address",
                    expected ? hex(*expected) + source(pair_.image, *expected) : "the start code",
                    !expected || *expected == found, found, source(pair_.image, found));
  row.address = address;
  return row;
}

std::vector<std::pair<std::string, std::string>> StateView::otherRegisters() const {
  const machine::State& state = pair_.concrete.state;
  std::vector<std::pair<std::string, std::string>> list;
  for (unsigned r = 1; r < 32; ++r)
    if (r < 28 || r == 31) list.emplace_back("r" + std::to_string(r), hex(state.gpr[r]));
  for (unsigned s = 0; s < isa::kSprCount; ++s)
    if (isa::sprExists(s)) list.emplace_back(std::string(isa::sprName(s)), hex(state.spr[s]));
  return list;
}

}  // namespace consis
