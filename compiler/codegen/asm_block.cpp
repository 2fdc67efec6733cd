// The asm statement of C0A: the block's instructions as they stand (shared/spec/c0.md "Inline assembly"; decisions.md,
// 15). What of the restrictions (i)-(vi) can be seen here is an error here; the rest is checked at every execution by
// consis.
#include <functional>

#include "compiler/codegen/asm_restrictions.h"
#include "compiler/codegen/function.h"

namespace codegen {
namespace {

using assembler::BlockInstruction;
using base::Range;

// What names mean: variables in scope, types and fields of the program.
class Names : public assembler::BlockNames {
 public:
  Names(const core::Program& program, const core::Function& function, const core::FrameLayout& frame,
        std::function<bool(uint32_t)> isSmall, base::Diagnostics& diagnostics)
      : program_(program),
        function_(function),
        frame_(frame),
        isSmall_(std::move(isSmall)),
        diagnostics_(diagnostics) {}

  std::optional<Place> variable(std::string_view text, Range where) override {
    for (size_t i = function_.variables.size(); i-- > 0;) {
      if (function_.variables[i].name != text) continue;
      for (size_t j = 0; j < i; j++)
        if (function_.variables[j].name == text)
          return fail("asm-name", where, "'" + std::string(text) + "' names several variables of this function");
      if (fits16(frame_.variables[i])) return Place{isa::kFrame, {frame_.variables[i], ""}, object::Relocation::None};
      return fail("asm-reach", where, "'" + std::string(text) + "' lies beyond 32767 bytes from r29");
    }
    std::optional<uint32_t> global = program_.findGlobal(text);
    if (!global) return fail("asm-name", where, "no variable '" + std::string(text) + "' is in scope");
    if (isSmall_(*global)) return Place{isa::kGlobals, {0, std::string(text)}, object::Relocation::Gprel16};
    return fail(
        "asm-reach", where,
        "'" + std::string(text) + "' may lie beyond 32767 bytes from r28; use la r,%addr(" + std::string(text) + ")");
  }

  std::optional<Meaning> function(std::string_view name, std::string_view argument, Range where) override {
    if (name == "addr" && program_.findGlobal(argument)) return Meaning{0, std::string(argument)};
    if (name == "addr") return fail("asm-name", where, "%addr wants a global variable");
    size_t comma = argument.find(',');
    std::optional<core::TypeId> type = typeNamed(trimmed(argument.substr(0, comma)));
    if (name == "size" && type && comma == argument.npos) return Meaning{program_.types[*type].asize, ""};
    if (name == "offset" && type && comma != argument.npos) {
      std::string_view field = trimmed(argument.substr(comma + 1));
      for (const core::Field& each : program_.types[*type].fields)
        if (each.name == field) return Meaning{each.offset, ""};
      return fail("asm-name", where, "there is no field '" + std::string(field) + "'");
    }
    if (!type) return fail("asm-name", where, "'" + std::string(argument) + "' is no type");
    return fail("asm-name", where, "there is no function %" + std::string(name));
  }

 private:
  std::nullopt_t fail(const char* id, Range where, std::string text) {
    diagnostics_.error(id, where, std::move(text));
    return std::nullopt;
  }
  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
  }
  std::optional<core::TypeId> typeNamed(std::string_view name) const {
    if (name.starts_with("struct ")) name = trimmed(name.substr(7));
    for (core::TypeId id = 0; id < program_.types.count(); id++) {
      const core::Type& type = program_.types[id];
      if (type.kind == core::TypeKind::Struct ? type.name == name : type.asize && program_.types.print(id) == name)
        return id;
    }
    return std::nullopt;
  }

  const core::Program& program_;
  const core::Function& function_;
  const core::FrameLayout& frame_;
  std::function<bool(uint32_t)> isSmall_;  // within reach of r28
  base::Diagnostics& diagnostics_;
};

}  // namespace

void FunctionGenerator::asmStatement(const Stmt& stmt) {
  base::Diagnostics* diagnostics = unit_.diagnostics_;
  if (!diagnostics) return;
  const core::Position& at = stmt.position;
  std::string file = at.file < program_->files.size() ? program_->files[at.file] : program_->name;
  base::SourceManager& sources = diagnostics->sources();
  base::Result<uint32_t> text = sources.addText(file, std::string(stmt.text));
  if (!text) {
    diagnostics->error(text.error());
    return;
  }
  base::Loc begin = sources.begin(*text);
  sources.addLineMarker(begin, file, at.line);
  auto isSmall = [this](uint32_t global) { return unit_.isSmall(*program_, global); };
  Names names(*program_, *function_, frame_, isSmall, *diagnostics);
  auto block = assembler::assembleBlock({begin, begin + base::Loc(stmt.text.size())}, names, *diagnostics);
  if (!block) return;
  object::MapStatement& entry = map_.statements[stmt.ordinal];
  entry.emits = !block->empty();
  if (!entry.emits) return;
  checkRestrictions(*block, {*program_, *function_, frame_}, *diagnostics);
  pending_.clear();
  const uint32_t start = emit_.here(), end = start + 4 * uint32_t(block->size());
  const uint32_t self = unit_.functionSymbol(*program_, uint32_t(function_ - program_->functions.data()));
  for (const BlockInstruction& one : *block) {
    emit_.word(isa::encode(one.instruction));
    if (one.relocation == object::Relocation::None) continue;
    std::optional<uint32_t> global = program_->findGlobal(one.symbol);
    if (one.symbol == assembler::kNextStatement) emit_.relocate(one.relocation, self, int32_t(end) + one.addend);
    else if (global) emit_.relocate(one.relocation, unit_.globalSymbol(*program_, *global), one.addend);
    else diagnostics->error("asm-name", one.where, "'" + one.symbol + "' is no global variable");
  }
  map_.asms.push_back({stmt.ordinal, start, emit_.here()});
}

}  // namespace codegen
