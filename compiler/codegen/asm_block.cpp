// The asm statement of C0A: the block's instructions as they stand (shared/spec/c0.md "Inline assembly"; decisions.md,
// 15). What of the restrictions (i)-(vi) can be seen here is an error here; the rest is checked at every execution by
// consis.
#include "compiler/codegen/asm_names.h"
#include "compiler/codegen/asm_restrictions.h"
#include "compiler/codegen/function.h"

namespace codegen {
using assembler::BlockInstruction;

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
  AsmNames names(*program_, *function_, frame_.variables, isSmall, *diagnostics);
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
