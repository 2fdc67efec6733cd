// Makes an object from statements. Private to assembler/asm; the parser calls it in the order of the text.
#pragma once

#include <optional>
#include <unordered_map>

#include "assembler/asm/assembler.h"
#include "assembler/asm/encode.h"
#include "assembler/asm/expressions.h"
#include "assembler/dwarf/frames.h"

namespace assembler {

class Builder {
 public:
  // With `names` it builds an asm block: instructions only.
  Builder(base::Diagnostics& diagnostics, BlockNames* names);

  Expressions& expressions() { return expressions_; }
  base::Diagnostics& diagnostics() { return diagnostics_; }
  bool isBlock() const { return names_; }

  // Called while parsing.
  void label(std::string_view name, Range where);
  void numericLabel(int64_t number, Range where);
  Expr numericReference(int64_t number, bool forward, Range where);
  Expr here(Range where);  // `.`
  Expr blockFunction(std::string_view name, std::string_view argument, Range where);
  Expr blockNext(Range where);  // %next
  Operand blockVariable(std::string_view text, Range where);
  void statement(std::string_view name, Range nameWhere, const std::vector<Operand>& operands, Range where);

  // Resolves everything; the object is complete if no error was reported.
  object::Object finish();
  // The statement of each instruction, in the order of the text.
  const std::vector<Range>& instructionPlaces() const { return places_; }
  // To the finished object: lines, procedures and how to leave them.
  void addDebugInfo(object::Object& object, std::string_view file, const std::string& folder) const;

 private:
  struct Fixup {
    uint32_t section, offset;
    Field field;
    Expr value;
  };
  struct PendingSize {
    uint32_t symbol;
    Expr value;
  };
  using Directive = void (Builder::*)(const std::vector<Operand>&, Range);
  static const std::unordered_map<std::string_view, Directive>& directives();

  void error(const char* id, Range where, std::string text) { diagnostics_.error(id, where, std::move(text)); }

  // Contents of the current section.
  object::Section& section() { return object_.sections[current_]; }
  uint32_t offset() { return section().length(); }
  bool reserve(uint64_t bytes, Range where);  // error if the section gets too large
  bool hasContents(Range where);              // error in a section without contents
  void emit(const Encoded& encoded, Range where);
  void put(Field field, uint32_t at, const Expr& value);  // now if it is a constant, else at the end
  bool store(Field field, uint32_t section, uint32_t at, int64_t value, Range where);

  void instruction(isa::Op op, const std::vector<Operand>& operands, Range where);
  bool synthetic(std::string_view name, const std::vector<Operand>& operands, Range where);
  void unknown(std::string_view name, Range where);
  bool holds(int condition, const Operand& operand);

  // Directives, in directives.cpp.
  void select(std::string_view name, uint32_t type, uint32_t flags, Range where);
  template <int kSection>
  void standardSection(const std::vector<Operand>& operands, Range where);
  void sectionDirective(const std::vector<Operand>& operands, Range where);
  template <Field kField>
  void dataDirective(const std::vector<Operand>& operands, Range where);
  void textDirective(const std::vector<Operand>& operands, Range where);
  void terminatedTextDirective(const std::vector<Operand>& operands, Range where);
  void space(const std::vector<Operand>& operands, Range where);
  void align(const std::vector<Operand>& operands, Range where);
  void globl(const std::vector<Operand>& operands, Range where);
  void weak(const std::vector<Operand>& operands, Range where);
  void equ(const std::vector<Operand>& operands, Range where);
  void typeDirective(const std::vector<Operand>& operands, Range where);
  void sizeDirective(const std::vector<Operand>& operands, Range where);
  // In frame_directives.cpp.
  void startProcedure(const std::vector<Operand>& operands, Range where);
  void endProcedure(const std::vector<Operand>& operands, Range where);
  void returnColumn(const std::vector<Operand>& operands, Range where);
  template <dwarf::FrameRule::Kind kKind>
  void frameRule(const std::vector<Operand>& operands, Range where);
  bool inProcedure(Range where);
  std::optional<uint32_t> frameRegister(const Operand& operand);
  void putText(const std::vector<Operand>& operands, Range where, bool terminated);
  Symbol* named(const Operand& operand);
  bool count(const std::vector<Operand>& operands, size_t low, size_t high, Range where, const char* usage);

  // debug_info.cpp
  struct Procedure {
    dwarf::Frame frame;
    const Symbol* name;  // or null
  };
  std::vector<Procedure> findProcedures(const object::Object& object) const;

  // At the end.
  void addSymbols();
  void resolve(const Fixup& fixup);
  bool resolveBranch(const Fixup& fixup, const Value& value);
  void relocate(const Fixup& fixup, const Value& value);
  uint32_t objectSymbol(uint32_t symbol);
  uint32_t sectionSymbol(uint32_t section);
  std::optional<object::Symbol> describe(Symbol& symbol);

  base::Diagnostics& diagnostics_;
  BlockNames* names_;
  Expressions expressions_;
  object::Object object_;
  std::unordered_map<std::string, uint32_t> sectionByName_;
  uint32_t current_ = 0;
  bool poisoned_ = false;  // an operand of the statement to come is wrong
  uint64_t total_ = 0;     // bytes with contents, all sections
  std::vector<Fixup> fixups_;
  std::vector<PendingSize> sizes_;
  std::unordered_map<int64_t, uint32_t> lastLabel_, nextLabel_;  // numeric labels -> symbol
  std::unordered_map<uint32_t, uint32_t> objectSymbols_, sectionSymbols_;
  std::deque<std::string> texts_;  // names that BlockNames gave
  std::vector<Range> places_;
  std::vector<dwarf::Place> instructions_;  // where those of places_ are
  std::vector<dwarf::Frame> procedures_;    // those between .cfi_startproc and .cfi_endproc
  std::optional<Range> openProcedure_;      // the last one's beginning, until its end
};

}  // namespace assembler
