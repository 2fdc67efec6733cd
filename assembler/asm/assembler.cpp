#include "assembler/asm/assembler.h"

#include "assembler/asm/lexer.h"
#include "assembler/base/bytes.h"

namespace assembler {
namespace {

void parse(std::string_view text, base::Loc begin, Builder& builder) {
  Lexer lexer(text, begin, builder);
  Parser(lexer, builder).parse();
}

}  // namespace

std::optional<object::Object> assemble(uint32_t file, base::Diagnostics& diagnostics,
                                       const std::optional<std::string>& debugFolder) {
  const base::SourceManager& sources = diagnostics.sources();
  unsigned before = diagnostics.errorCount();
  Builder builder(diagnostics, nullptr);
  parse(sources.text(file), sources.begin(file), builder);
  object::Object object = builder.finish();
  if (diagnostics.errorCount() != before) return std::nullopt;
  if (debugFolder) builder.addDebugInfo(object, sources.name(file), *debugFolder);
  return object;
}

std::optional<std::vector<BlockInstruction>> assembleBlock(base::Range range, BlockNames& names,
                                                           base::Diagnostics& diagnostics) {
  const base::SourceManager& sources = diagnostics.sources();
  unsigned before = diagnostics.errorCount();
  std::string text;  // a copy, so that it ends in a NUL byte
  for (uint32_t file = 0; file < sources.fileCount(); file++) {
    base::Loc begin = sources.begin(file);
    if (range.begin >= begin && range.end <= begin + sources.text(file).size())
      text = sources.text(file).substr(range.begin - begin, range.end - range.begin);
  }
  Builder builder(diagnostics, &names);
  parse(text, range.begin, builder);
  object::Object object = builder.finish();
  if (diagnostics.errorCount() != before) return std::nullopt;

  const object::Section& code = object.sections[0];
  std::vector<BlockInstruction> result;
  for (size_t i = 0; i < builder.instructionPlaces().size(); i++) {
    BlockInstruction& added = result.emplace_back();
    added.instruction = isa::decode(base::load<uint32_t>(&code.bytes[i * 4]));
    added.where = builder.instructionPlaces()[i];
  }
  for (const object::RelocationEntry& entry : code.relocations) {
    BlockInstruction& instruction = result[entry.offset / 4];
    instruction.relocation = entry.type, instruction.addend = entry.addend;
    instruction.symbol = object.symbols[entry.symbol].name;
  }
  return result;
}

}  // namespace assembler
