#include <algorithm>

#include "assembler/object/map.h"
#include "assembler/object/map_format.h"

namespace object {
namespace {

using namespace map_format;

// Reads one unit. Lower layers only report through in_.fail() or wrong(); unit() turns that into the error.
class UnitReader {
 public:
  UnitReader(base::Reader in, size_t base) : in_(in), base_(base) {}

  bool unit(MapUnit& unit) {
    unit.name = in_.string();
    for (uint32_t n = in_.count(); n && in_.ok(); n--) unit.files.push_back(in_.string());
    fileCount_ = uint32_t(unit.files.size());
    for (uint32_t n = in_.count(); n && in_.ok(); n--) {
      MapGlobal& global = unit.globals.emplace_back();
      global.name = in_.string();
      global.address = in_.u32();
    }
    for (uint32_t n = in_.count(); n && in_.ok() && !wrong_; n--) function(unit.functions.emplace_back());
    if (!wrong_ && in_.ok() && !in_.atEnd()) wrong("bytes beyond the unit's contents");
    return !wrong_ && in_.ok();
  }

  // After a failure.
  base::Error error(const MapUnit& unit) const {
    std::string place = "unit '" + unit.name + "'";
    if (!unit.functions.empty()) place += ", function '" + unit.functions.back().name + "'";
    place += ", byte " + std::to_string(base_ + (wrong_ ? wrongAt_ : in_.failedAt()));
    return {wrong_ ? wrong_ : "the map is truncated or damaged", "bad-map", place};
  }

 private:
  void wrong(const char* text) {
    if (wrong_) return;
    wrong_ = text, wrongAt_ = in_.offset();
  }

  // A signed number, cut to what 32-bit quantities can differ by, so that sums cannot overflow.
  int64_t difference() { return std::clamp(in_.signedNumber(), -(int64_t(1) << 33), int64_t(1) << 33); }

  // A code offset in 0..limit.
  uint32_t code(uint32_t from, uint32_t limit, const char* what) {
    int64_t value = int64_t(from) + difference() * 4;
    if (value < 0 || value > limit) {
      wrong(what);
      return 0;
    }
    return uint32_t(value);
  }

  // A head and the position after it; returns the head.
  uint64_t position(MapPosition& position) {
    uint64_t head = in_.unsignedNumber();
    if (head & kNewFile) position.file = in_.number();
    int64_t line = int64_t(position.line) + difference();
    if (line < 0 || line > UINT32_MAX) wrong("impossible line number");
    position.line = uint32_t(line);
    position.column = in_.number();
    // Position 0:0 in file 0 is "nowhere", even in a unit without files.
    if (position.file >= fileCount_ && (position.file || position.line)) wrong("the position's file does not exist");
    return head;
  }

  void function(MapFunction& function) {
    function.name = in_.string();
    function.address = in_.u32();
    function.size = in_.number();
    if (function.size % 4) wrong("the function's size is no multiple of 4");
    function.frameSize = in_.number();
    function.returnAddressOffset = in_.number();
    for (uint32_t n = in_.count(); n && in_.ok() && !wrong_; n--) {
      MapVariable& variable = function.variables.emplace_back();
      if (in_.number() != MapVariable::Frame) wrong("unknown kind of location");
      variable.offset = in_.number();
    }
    statements(function);
    calls(function);
    checks(function);
    asms(function);
  }

  void statements(MapFunction& function) {
    MapPosition last;
    uint32_t at = 0;
    for (uint32_t n = in_.count(); n && in_.ok() && !wrong_; n--) {
      MapStatement& statement = function.statements.emplace_back();
      uint64_t head = position(last);
      statement.position = last;
      statement.emits = head & kEmits;
      uint64_t entries = head >> kStatementShift;
      if (entries > in_.remaining()) in_.fail();
      // A statement without code may stand at the function's end.
      uint32_t limit = statement.emits && function.size ? function.size - 4 : function.size;
      for (; entries && in_.ok() && !wrong_; entries--) {
        at = code(at, limit, "the statement's entry lies outside the function");
        statement.entries.push_back(at);
      }
    }
  }

  void calls(MapFunction& function) {
    MapCall last{0, 0};
    for (uint32_t n = in_.count(); n && in_.ok() && !wrong_; n--) {
      uint32_t delta = in_.number();
      if (delta == 0 && !function.calls.empty()) wrong("the calls are not in ascending order");
      if (uint64_t(last.statement) + delta >= function.statements.size()) wrong("the call's statement does not exist");
      last.statement += delta;
      last.returnPoint = code(last.returnPoint, function.size, "the call's return point lies outside the function");
      function.calls.push_back(last);
    }
  }

  void checks(MapFunction& function) {
    MapPosition last;
    uint32_t at = 0;
    for (uint32_t n = in_.count(); n && in_.ok() && !wrong_; n--) {
      uint64_t fault = position(last) >> kCheckShift;
      if (fault > UINT8_MAX || faultName(Fault(fault)).empty()) wrong("unknown fault code");
      uint32_t next = code(at, function.size, "the check's return address lies outside the function");
      if (next <= at) wrong("the checks are not in ascending order");
      at = next;
      function.checks.push_back({at, Fault(fault), last});
    }
  }

  void asms(MapFunction& function) {
    for (uint32_t n = in_.count(); n && in_.ok() && !wrong_; n--) {
      MapAsm block{};
      block.statement = in_.number();
      uint64_t begin = uint64_t(in_.number()) * 4, end = begin + uint64_t(in_.number()) * 4;
      if (block.statement >= function.statements.size()) wrong("the asm block's statement does not exist");
      if (end > function.size) wrong("the asm block lies outside the function");
      block.begin = uint32_t(begin), block.end = uint32_t(end);
      function.asms.push_back(block);
    }
  }

  base::Reader in_;
  size_t base_;
  uint32_t fileCount_ = 0;
  const char* wrong_ = nullptr;
  size_t wrongAt_ = 0;
};

}  // namespace

base::Result<std::vector<MapUnit>> readMap(std::span<const uint8_t> bytes) {
  std::vector<MapUnit> units;
  base::Reader in(bytes.data(), bytes.size());
  while (!in.atEnd()) {
    std::string place = "byte " + std::to_string(in.offset());
    base::Reader magic = in.slice(kMagic.size());
    for (char c : kMagic)
      if (magic.u8() != uint8_t(c)) return base::Error{"no unit of a consistency map", "bad-map", place};
    uint32_t size = in.u32();
    size_t base = in.offset();
    base::Reader contents = in.slice(size);
    if (!in.ok()) return base::Error{"the unit reaches beyond the map", "bad-map", place};
    UnitReader reader(contents, base);
    if (!reader.unit(units.emplace_back())) return reader.error(units.back());
  }
  return units;
}

base::Result<std::vector<MapUnit>> readMap(const Object& object, uint32_t section) {
  const Section* map = object.section(".c0map");
  if (!map) return std::vector<MapUnit>();
  std::vector<uint8_t> bytes = map->bytes;
  for (const RelocationEntry& entry : map->relocations) {
    const Symbol& symbol = object.symbols[entry.symbol];
    base::store(&bytes[entry.offset], symbol.section == section ? symbol.value + uint32_t(entry.addend) : kElsewhere);
  }
  return readMap(bytes);
}

}  // namespace object
