// A linked image with its core program and consistency map, held together: what consis believes of the compiler, after
// it has been checked against itself (shared/spec/consis.md, decisions.md 1).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"
#include "assembler/object/elf.h"
#include "assembler/object/map.h"
#include "compiler/core/serialize.h"
#include "vm/consis/condition.h"

namespace consis {

// A half-open range of physical addresses.
struct Region {
  uint32_t begin = 0, end = 0;
  bool contains(uint32_t address) const { return address >= begin && address < end; }
  bool containsRange(uint32_t address, uint32_t size) const {
    return address >= begin && address <= end && size <= end - address;
  }
};

// Of lists that are short: entries of a statement.
inline bool isAmong(std::span<const uint32_t> addresses, uint32_t address) {
  for (uint32_t each : addresses)
    if (each == address) return true;
  return false;
}

// A statement of the linked program.
struct StatementId {
  uint32_t function;  // index into Program::functions
  uint32_t ordinal;
  bool operator==(const StatementId&) const = default;
};

// With what is asked of it at every step.
struct Statement : StatementId {
  const core::Stmt* core;
  const object::MapStatement* map;
  bool emits;     // map->emits
  bool asksVamp;  // what it does is taken from there: an asm statement, `new`, the call of a primitive
  std::array<uint32_t, 2> entries;  // the first of map->entries, or 1, which is none
  bool isEnteredAt(uint32_t dpc) const { return dpc == entries[0] || dpc == entries[1] || isAmong(map->entries, dpc); }
};

inline std::optional<StatementId> idOf(const Statement* statement) {
  return statement ? std::optional<StatementId>(*statement) : std::nullopt;
}

class Image {
 public:
  // Errors: [bad-elf], [bad-core], [bad-map], [link-*]; [missing-section], [missing-symbol]; [text-hash] if .text is
  // not the text that the linker hashed; [map-core-mismatch] if map and core disagree, naming the function;
  // [bad-layout] if variables overlap or lie outside their region.
  static base::Result<Image> load(std::span<const uint8_t> elf, const Dropped& dropped = {});

  const core::Program& program() const { return program_; }
  const object::Object& object() const { return object_; }
  // By index into program().functions; only for defined functions.
  const object::MapFunction& function(uint32_t index) const { return *functions_[index]; }
  bool mapped(uint32_t function) const { return functions_[function] != nullptr; }
  const object::MapStatement& statement(StatementId id) const {
    return functions_[id.function]->statements[id.ordinal];
  }
  const Statement& at(uint32_t function, uint32_t ordinal) const { return statements_[function][ordinal]; }
  uint32_t globalAddress(uint32_t global) const { return globals_[global]; }
  std::string_view fileName(core::Position position) const;

  // caddr: all addresses at which control may stand when the statement is the head of the program rest.
  const std::vector<uint32_t>& entries(StatementId id) const { return statement(id).entries; }
  // True if some statement of the program is entered at this address.
  bool isEntry(uint32_t address) const;
  // The statements that are entered at this address.
  std::vector<StatementId> entriesAt(uint32_t address) const;
  // The statement whose code contains the address: the greatest entry not above it. nullopt outside the functions of
  // the map, and in a prologue.
  std::optional<StatementId> statementAt(uint32_t address) const;
  std::optional<uint32_t> functionAt(uint32_t address) const;
  // "main+0x10": the nearest symbol of the text, for code outside the map.
  std::string symbolAt(uint32_t address) const;
  // The return point of a call statement; nullopt if the map has none.
  std::optional<uint32_t> returnPoint(StatementId call) const;
  // The code of an asm statement; null if it is empty.
  const object::MapAsm* asmBlock(StatementId id) const;
  // What is wrong with its code; null if it is that of the block's text.
  const std::string* wrongBlock(StatementId id) const;
  // Restriction (ii) of C0A: the program's code is what can be executed, its data all that the linker or __at placed,
  // heap and stack included.
  enum class Owner : uint8_t { Code, Data, Nobody };
  Owner ownerOf(uint32_t address) const;
  // The run-time check whose call of the fault routine returns to `address`.
  const object::MapCheck* check(uint32_t returnAddress, uint32_t* function = nullptr) const;

  Region text, heap, stack;
  std::vector<Region> placed;  // globals with an address of their own (__at), ascending
  uint32_t memoryEnd() const { return placed.empty() ? stack.end : std::max(stack.end, placed.back().end); }
  uint32_t gp = 0;

 private:
  base::Status readLayout();
  base::Status checkGlobals();
  base::Status checkPlaced();
  void checkBlocks(const std::vector<core::Program>& units, const core::Linked& linked);
  bool asksVamp(const core::Stmt& stmt) const;
  base::Status indexEntries();
  base::Status checkCode(const object::MapFunction& function) const;

  Dropped dropped_;
  object::Object object_;
  core::Program program_;
  std::vector<object::MapUnit> units_;
  std::vector<const object::MapFunction*> functions_;  // by function of the program; null for primitives
  std::vector<std::vector<uint16_t>> fileOfUnit_;
  std::vector<uint32_t> globals_;
  std::vector<std::pair<StatementId, std::string>> wrongBlocks_;
  std::vector<std::pair<uint32_t, uint32_t>> byAddress_;          // (address, function), ascending
  std::vector<std::pair<uint32_t, StatementId>> entryByAddress_;  // ascending by address
  std::vector<bool> entryBits_;                                   // by word of the text
  std::vector<std::vector<Statement>> statements_;                // by function and ordinal
  std::vector<std::vector<uint32_t>> returnPoints_;               // by function and statement; 0: it is no call
};

}  // namespace consis
