#include "assembler/link/link.h"

#include "assembler/link/state.h"

namespace linker {
namespace {

using object::Symbol;

// The image's section i is state.outputs[i].
Symbol placed(const File& file, const Symbol& symbol) {
  Symbol result = symbol;
  if (symbol.section == object::kAbsolute) return result;
  result.value += uint32_t(file.addresses[symbol.section]);
  result.section = file.outputs[symbol.section];
  return result;
}

// Local symbols under their file's name, as debuggers expect them; names that begin with .L are a compiler's own.
void addLocals(const File& file, object::Object& image) {
  bool named = false;
  for (uint32_t i = 0; i < file.object.symbols.size(); i++) {
    const Symbol& symbol = file.object.symbols[i];
    if (file.globals[i] != kNone || symbol.section == object::kUndefined || symbol.kind == Symbol::SectionSymbol ||
        symbol.kind == Symbol::File || symbol.name.empty() || symbol.name.starts_with(".L"))
      continue;
    if (!named) image.symbols.push_back({.name = file.name, .section = object::kAbsolute, .kind = Symbol::File});
    named = true;
    image.symbols.push_back(placed(file, symbol));
  }
}

void addGlobals(const State& state, object::Object& image) {
  for (const Global& global : state.globals) {
    if (global.file != kNone) {
      const File& file = state.files[global.file];
      image.symbols.push_back(placed(file, file.object.symbols[global.symbol]));
    } else if (global.byLinker) {
      image.symbols.push_back(
          {.name = std::string(global.name), .section = object::kAbsolute, .value = global.address, .global = true});
    }
  }
}

object::Object buildImage(State& state) {
  object::Object image;
  image.executable = true;
  for (const File& file : state.files) addLocals(file, image);
  addGlobals(state, image);
  uint64_t hash = object::hashText({});
  for (Output& output : state.outputs) {
    object::Section& section = image.sections.emplace_back();
    section.name = output.name, section.type = output.type, section.flags = output.flags;
    section.align = output.align, section.address = uint32_t(output.address);
    if (section.noBits()) section.size = uint32_t(output.size);
    section.bytes = std::move(output.bytes);
    if (section.name == ".text" && section.flags & object::kAlloc) hash = object::hashText(section.bytes);
  }
  image.sections.push_back(object::noteSection({.textHash = hash}));
  if (state.abstractUnits) image.sections.push_back(object::kernelSection(*state.abstractUnits));
  auto entry = state.byName.find(state.options.entry);
  if (entry != state.byName.end()) image.entry = state.globals[entry->second].address;
  return image;
}

}  // namespace

std::optional<object::Object> link(const std::vector<Input>& inputs, const Options& options,
                                   base::Diagnostics& diagnostics, std::string* map) {
  unsigned before = diagnostics.errorCount();
  State state{.options = options, .diagnostics = diagnostics};
  resolve(state, inputs);
  if (diagnostics.errorCount() == before) layOut(state);
  if (diagnostics.errorCount() == before) relocate(state);
  if (diagnostics.errorCount() != before) return std::nullopt;
  if (map) *map = writeMap(state);
  return buildImage(state);
}

}  // namespace linker
