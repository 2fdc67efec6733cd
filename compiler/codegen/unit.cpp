// Sections, symbols and globals of a translation unit.
#include <unordered_map>

#include "compiler/codegen/codegen.h"
#include "compiler/codegen/debug_info.h"
#include "compiler/codegen/function.h"
#include "compiler/core/serialize.h"

namespace codegen {

using core::Program;
using object::kAlloc, object::kExecute, object::kWrite;

namespace {

constexpr uint32_t kNone = UINT32_MAX;
// Of the 64 KiB around __gp, what one unit takes on each side at most; the rest is for other units.
constexpr uint32_t kSmallBudget = 24 * 1024;

enum SectionIndex : uint32_t { kText, kReadOnly, kData, kZero, kSmallData, kSmallZero, kFixedSections };

constexpr std::string_view kRuntimeNames[kRuntimeSymbolCount] = {"__mul",      "__div",         "__udiv",
                                                                 "__c0_fault", "__stack_limit", "__heap_end"};

uint32_t roundUp4(uint32_t bytes) { return (bytes + 3) & ~3u; }

// Writes the simple values of `initial` from `next` on into the bytes of a variable of this type.
void layInitial(const Program& program, core::TypeId id, const std::vector<uint32_t>& initial, size_t& next,
                uint8_t* at) {
  const core::Type& type = program.types[id];
  switch (type.kind) {
    case core::TypeKind::Array:
      for (uint32_t i = 0, stride = program.types[type.element].asize; i < type.count && next < initial.size(); i++)
        layInitial(program, type.element, initial, next, at + size_t(i) * stride);
      return;
    case core::TypeKind::Struct:
      for (const core::Field& field : type.fields) layInitial(program, field.type, initial, next, at + field.offset);
      return;
    default:
      if (next >= initial.size()) return;
      if (type.asize == 1) *at = uint8_t(initial[next++]);
      else if (type.asize == 2) base::store(at, uint16_t(initial[next++]));
      else base::store(at, initial[next++]);
  }
}

bool isZero(const core::Global& global) { return global.initial.empty() && global.pointers.empty(); }

}  // namespace

UnitGenerator::UnitGenerator(std::string_view unitName, const Options& options, base::Diagnostics* diagnostics)
    : options_(options),
      diagnostics_(diagnostics),
      map_(unitName),
      generator_(std::make_unique<FunctionGenerator>(*this)),
      debug_(options.debugFolder ? std::make_unique<DebugInfo>() : nullptr) {
  runtimeSymbols_.fill(kNone);
  auto add = [&](std::string_view name, uint32_t type, uint32_t flags) {
    object::Section section;
    section.name = name;
    section.type = type, section.flags = flags, section.align = 4;
    object_.sections.push_back(std::move(section));
  };
  constexpr uint32_t kBits = 1, kNoBits = 8;
  add(".text", kBits, kAlloc | kExecute);
  add(".rodata", kBits, kAlloc);
  add(".data", kBits, kAlloc | kWrite);
  add(".bss", kNoBits, kAlloc | kWrite);
  add(".sdata", kBits, kAlloc | kWrite);
  add(".sbss", kNoBits, kAlloc | kWrite);
}

UnitGenerator::~UnitGenerator() = default;

uint32_t UnitGenerator::addSymbol(std::string_view name) {
  object::Symbol symbol;
  symbol.name = name;
  symbol.global = true;
  object_.symbols.push_back(std::move(symbol));
  return uint32_t(object_.symbols.size() - 1);
}

uint32_t UnitGenerator::functionSymbol(const Program& program, uint32_t index) {
  if (index >= functionSymbols_.size()) functionSymbols_.resize(program.functions.size(), kNone);
  uint32_t& symbol = functionSymbols_[index];
  if (symbol == kNone) symbol = addSymbol(program.functions[index].name);
  return symbol;
}

uint32_t UnitGenerator::globalSymbol(const Program& program, uint32_t index) {
  if (index >= globalSymbols_.size()) globalSymbols_.resize(program.globals.size(), kNone);
  uint32_t& symbol = globalSymbols_[index];
  if (symbol == kNone) symbol = addSymbol(program.globals[index].name);
  return symbol;
}

uint32_t UnitGenerator::runtimeSymbol(RuntimeSymbol which) {
  uint32_t& symbol = runtimeSymbols_[size_t(which)];
  if (symbol == kNone) symbol = addSymbol(kRuntimeNames[size_t(which)]);
  return symbol;
}

bool UnitGenerator::isSmall(const Program& program, uint32_t index) {
  if (index >= reach_.size()) reach_.resize(program.globals.size(), Reach::Undecided);
  Reach& reach = reach_[index];
  if (reach == Reach::Undecided) {
    const core::Global& global = program.globals[index];
    uint32_t size = roundUp4(program.types[global.type].asize);
    uint32_t& used = isZero(global) ? smallZero_ : smallInitialised_;
    bool small = global.defined && !global.constant && !global.address && size <= options_.smallData && used + size <= kSmallBudget;
    if (small) used += size;
    reach = small ? Reach::Small : Reach::Any;
  }
  return reach == Reach::Small;
}

uint32_t UnitGenerator::mapFile(const Program& program, uint16_t file) {
  if (file >= files_.size()) files_.resize(program.files.size() + 1, kNone);
  if (file >= files_.size()) return 0;
  if (files_[file] == kNone) files_[file] = map_.file(file < program.files.size() ? program.files[file] : "");
  return files_[file];
}

base::Status UnitGenerator::function(const Program& program, uint32_t index) {
  base::Status status = generator_->generate(program, index);
  if (!status) return status;
  const Emitter& emitter = generator_->emitter();
  object::Section& text = object_.sections[kText];
  uint32_t start = uint32_t(text.bytes.size()), size = uint32_t(emitter.code().size() * 4);
  text.bytes.resize(start + size);
  std::memcpy(text.bytes.data() + start, emitter.code().data(), size);
  for (object::RelocationEntry relocation : emitter.relocations()) {
    relocation.offset += start;
    text.relocations.push_back(relocation);
  }
  object::Symbol& symbol = object_.symbols[functionSymbol(program, index)];
  symbol.section = kText, symbol.value = start, symbol.size = size;
  symbol.kind = object::Symbol::Function;
  symbol.global = !program.functions[index].internal;
  map_.function(generator_->map());
  if (debug_) debug_->function(program, index, start, generator_->map(), generator_->framePoints(), map_.files());
  return base::Ok{};
}

void UnitGenerator::initialPointers(const Program& program, const core::Global& global, object::Section& section,
                                    uint32_t start) {
  for (const core::InitialPointer& each : global.pointers) {
    const uint32_t at = core::byteOffset(program.types, global.type, each.index);
    const core::TypeId pointer = core::simpleTypeAt(program.types, global.type, each.index);
    section.relocations.push_back(
        {start + at, object::Relocation::Word32, globalSymbol(program, each.global),
         int32_t(core::targetOffset(program, each, pointer)) + (mutated(Mutation::InitialPointerOff) ? 4 : 0)});
  }
}

void UnitGenerator::defineGlobal(const Program& program, uint32_t index) {
  const core::Global& global = program.globals[index];
  if (global.address) return placeGlobal(program, index);
  bool zero = isZero(global) || mutated(Mutation::InitialMissing), small = isSmall(program, index);
  uint32_t where = global.constant ? kReadOnly : small ? (zero ? kSmallZero : kSmallData) : zero ? kZero : kData;
  object::Section& section = object_.sections[where];
  uint32_t size = program.types[global.type].asize, start = section.length();
  if (section.noBits()) {
    section.size = start + roundUp4(size);
  } else {
    section.bytes.resize(start + roundUp4(size));
    size_t next = 0;
    if (!zero) {
      layInitial(program, global.type, global.initial, next, section.bytes.data() + start);
      initialPointers(program, global, section, start);
    }
  }
  object::Symbol& symbol = object_.symbols[globalSymbol(program, index)];
  symbol.section = where, symbol.value = start, symbol.size = size;
  symbol.kind = object::Symbol::Data;
  symbol.global = !global.internal;
  map_.global(global.name);
}

// __at: an absolute symbol, no bytes in any section.
void UnitGenerator::placeGlobal(const Program& program, uint32_t index) {
  const core::Global& global = program.globals[index];
  object::Symbol& symbol = object_.symbols[globalSymbol(program, index)];
  symbol.section = object::kAbsolute, symbol.value = *global.address;
  symbol.size = program.types[global.type].asize;
  symbol.kind = object::Symbol::Data;
  symbol.global = !global.internal;
  map_.global(global.name);
}

void UnitGenerator::dropEmptySections() {
  std::vector<uint32_t> index;
  uint32_t kept = 0;
  for (const object::Section& section : object_.sections)
    index.push_back(section.length() || index.empty() ? kept++ : kNone);
  for (object::Symbol& symbol : object_.symbols)
    if (symbol.section < index.size()) symbol.section = index[symbol.section];
  size_t at = 0;
  std::erase_if(object_.sections, [&](const object::Section&) { return index[at++] == kNone; });
}

void UnitGenerator::addMap(const Program& program) {
  std::vector<object::MapRelocation> relocations;
  object::Section map, core;
  map.name = ".c0map", core.name = ".c0core";
  map.bytes = map_.finish(relocations);
  core.bytes = core::serialize(program);
  std::unordered_map<std::string_view, uint32_t> byName;
  for (uint32_t i = 0; i < object_.symbols.size(); i++)
    if (object_.symbols[i].section != object::kUndefined) byName.emplace(object_.symbols[i].name, i);
  for (const object::MapRelocation& relocation : relocations)
    map.relocations.push_back({relocation.offset, object::Relocation::Word32, byName.at(relocation.symbol), 0});
  object_.sections.push_back(std::move(map));
  object_.sections.push_back(std::move(core));
}

void UnitGenerator::addDebugInfo(const Program& program) {
  for (uint32_t i = 0; i < program.globals.size(); i++) {
    if (!program.globals[i].defined) continue;
    const object::Symbol& symbol = object_.symbols[globalSymbol(program, i)];
    debug_->global(i, {symbol.section, symbol.value});
  }
  debug_->finish(object_, program, kText, *options_.debugFolder);
}

base::Result<object::Object> UnitGenerator::finish(const Program& program) {
  uint64_t total = 0;
  for (uint32_t i = 0; i < program.globals.size(); i++) {
    if (!program.globals[i].defined) continue;
    if (!program.globals[i].address) total += roundUp4(program.types[program.globals[i].type].asize);
    if (total > 0x7FFFFFFF)
      return base::Error{
          "the globals together are larger than 2^31 - 1 bytes, from '" + program.globals[i].name + "' on",
          "c0-data-too-large",
          {}};
    defineGlobal(program, i);
  }
  dropEmptySections();
  addMap(program);
  if (debug_) addDebugInfo(program);
  return std::move(object_);
}

}  // namespace codegen
