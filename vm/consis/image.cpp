#include "vm/consis/image.h"

#include <algorithm>

#include "assembler/isa/isa.h"
#include "compiler/core/serialize.h"
#include "compiler/interp/interp.h"
#include "vm/consis/asm_code.h"
#include "vm/consis/cross_check.h"

namespace consis {
namespace {

base::Result<const object::Section*> need(const object::Object& object, std::string_view name) {
  if (const auto* section = object.section(name)) return section;
  std::string text = "the image has no section " + std::string(name);
  if (name == ".c0core" || name == ".c0map") text += "; it was not compiled from C0";
  return base::Error{text, "missing-section", std::string(name)};
}

base::Status checkText(const object::Object& object, const Dropped& dropped) {
  auto text = need(object, ".text");
  if (!text) return text.error();
  auto note = object::readNote(object);
  if (!note)
    return base::Error{"the image has no note with the text's hash, or it is damaged", "missing-section",
                       std::string(object::kNoteSection)};
  if (!dropped[Condition::TextHash] && note->textHash != object::hashText((*text)->bytes))
    return base::Error{"the text is not the one that was linked: its hash differs from .note.vamp", "text-hash",
                       ".text"};
  return base::Ok{};
}

// The map's addresses are relative to the function; from here on they are physical.
void makeAbsolute(object::MapFunction& function) {
  for (auto& statement : function.statements)
    for (auto& entry : statement.entries) entry += function.address;
  for (auto& call : function.calls) call.returnPoint += function.address;
  for (auto& check : function.checks) check.returnAddress += function.address;
  for (auto& block : function.asms) block.begin += function.address, block.end += function.address;
}

}  // namespace

base::Result<Image> Image::load(std::span<const uint8_t> elf, const Dropped& dropped) {
  auto object = object::readElf(elf);
  if (!object) return object.error();
  Image image;
  image.dropped_ = dropped;
  image.object_ = std::move(*object);
  if (!image.object_.executable)
    return base::Error{"not an image but an object: link it first", "bad-elf", "ELF header"};
  if (auto status = checkText(image.object_, dropped); !status) return status.error();

  auto coreSection = need(image.object_, ".c0core");
  if (!coreSection) return coreSection.error();
  auto mapSection = need(image.object_, ".c0map");
  if (!mapSection) return mapSection.error();
  auto units = core::deserialize((*coreSection)->bytes);
  if (!units) return units.error();
  auto maps = object::readMap((*mapSection)->bytes);
  if (!maps) return maps.error();
  image.units_ = std::move(*maps);
  if (units->size() != image.units_.size())
    return base::Error{"map and core disagree: " + std::to_string(image.units_.size()) + " units in the map, " +
                           std::to_string(units->size()) + " in the core",
                       "map-core-mismatch", ".c0map"};
  for (size_t i = 0; i < units->size(); ++i)
    if (auto status = crossCheck(image.units_[i], (*units)[i], dropped); !status) return status.error();
  for (auto& unit : image.units_)
    for (auto& function : unit.functions) makeAbsolute(function);

  auto linked = core::link(*units);
  if (!linked) return linked.error();
  image.program_ = std::move(linked->program);
  if (auto status = core::verify(image.program_); !status) return status.error();
  if (auto why = interp::whyNotRunnable(image.program_)) return base::Error{*why, "not-runnable", ".c0core"};
  image.functions_.assign(image.program_.functions.size(), nullptr);
  image.globals_.assign(image.program_.globals.size(), 0);
  for (size_t u = 0; u < image.units_.size(); ++u) {
    for (size_t k = 0; k < image.units_[u].functions.size(); ++k)
      image.functions_[linked->functions[u][k]] = &image.units_[u].functions[k];
    for (size_t k = 0; k < image.units_[u].globals.size(); ++k)
      image.globals_[linked->globals[u][k]] = image.units_[u].globals[k].address;
  }
  if (auto status = image.readLayout(); !status) return status.error();
  if (auto status = image.indexEntries(); !status) return status.error();
  image.checkBlocks(*units, *linked);
  return image;
}

base::Status Image::readLayout() {
  struct Wanted {
    const char* name;
    uint32_t* to;
  };
  for (auto [name, to] : {Wanted{"__gp", &gp},
                          {"__text_start", &text.begin},
                          {"__text_end", &text.end},
                          {"__heap_start", &heap.begin},
                          {"__heap_end", &heap.end},
                          {"__stack_limit", &stack.begin},
                          {"__stack_top", &stack.end}}) {
    const auto* symbol = object_.symbol(name);
    if (!symbol) return base::Error{std::string("the image does not define ") + name, "missing-symbol", "symbol table"};
    *to = symbol->value;
  }
  auto bad = [](std::string text) { return base::Error{std::move(text), "bad-layout", "memory layout"}; };
  if (stack.end > 0x80000000u) return bad("the stack ends beyond 2 GiB");
  const bool ordered = text.begin <= text.end && text.end <= heap.begin && heap.begin <= heap.end &&
                       heap.end <= stack.begin && stack.begin <= stack.end && text.begin % 4 == 0 && stack.end % 4 == 0;
  if (!ordered && !dropped_[Condition::MemoryLayout]) return bad("text, heap and stack must follow each other");

  if (auto status = checkGlobals(); !status && !dropped_[Condition::GlobalLayout]) return status;
  return checkPlaced();
}

namespace {

base::Error badLayout(std::string text) { return {std::move(text), "bad-layout", "memory layout"}; }

}  // namespace

// aba is injective on globals, and they lie between text and heap.
base::Status Image::checkGlobals() {
  std::vector<std::pair<uint64_t, uint32_t>> order;
  for (uint32_t g = 0; g < program_.globals.size(); ++g)
    if (!program_.globals[g].address) order.push_back({globals_[g], g});
  std::sort(order.begin(), order.end());
  uint64_t end = text.end;
  for (auto [address, g] : order) {
    const std::string& name = program_.globals[g].name;
    const auto& type = program_.types[program_.globals[g].type];
    if (address < end) return badLayout("global '" + name + "' overlaps what lies before it");
    if (address % type.align) return badLayout("global '" + name + "' is not aligned");
    end = address + type.asize;
    if (end > heap.begin) return badLayout("global '" + name + "' reaches into the heap");
  }
  return base::Ok{};
}

// Globals with an address (__at) lie there, apart from each other and from everything that the linker placed.
base::Status Image::checkPlaced() {
  std::vector<std::pair<Region, std::string>> taken{{{text.begin, stack.end}, "the image with heap and stack"}};
  for (const auto& section : object_.sections)
    if (section.flags & object::kAlloc && section.length() && section.address < text.begin)
      taken.push_back({{section.address, section.address + section.length()}, section.name});
  for (uint32_t g = 0; g < program_.globals.size(); ++g) {
    const auto& global = program_.globals[g];
    if (!global.address) continue;
    if (globals_[g] != *global.address && !dropped_[Condition::GlobalLayout])
      return base::Error{"map and core disagree: global '" + global.name + "' is at another address than its __at",
                         "map-core-mismatch", "global " + global.name};
    taken.push_back({{globals_[g], globals_[g] + program_.types[global.type].asize}, "global '" + global.name + "'"});
    placed.push_back(taken.back().first);
  }
  auto before = [](Region a, Region b) { return a.begin < b.begin; };
  std::sort(placed.begin(), placed.end(), before);
  std::sort(taken.begin(), taken.end(), [&](const auto& a, const auto& b) { return before(a.first, b.first); });
  for (size_t i = 1; i < taken.size(); ++i)
    if (taken[i - 1].first.end > taken[i].first.begin && !dropped_[Condition::GlobalLayout])
      return badLayout(taken[i - 1].second + " and " + taken[i].second + " overlap");
  return base::Ok{};
}

// No asm block ends in a jump or branch (C0A, (iii)), no entry lies in a delay slot (decisions.md, 3); return points
// and checks stand behind a call and its slot.
base::Status Image::checkCode(const object::MapFunction& function) const {
  const auto& code = *object_.section(".text");
  auto op = [&](uint32_t address) {
    uint32_t at = address - code.address;
    return at % 4 == 0 && at + 4 <= code.bytes.size() ? isa::decode(base::load<uint32_t>(&code.bytes[at])).op
                                                      : isa::Op::Illegal;
  };
  auto bad = [&](const char* what, uint32_t address) {
    char place[16];
    std::snprintf(place, sizeof place, "+0x%x", address - function.address);
    return base::Error{what, "map-code-mismatch", "function " + function.name + place};
  };
  auto afterCall = [&](uint32_t address) {
    return op(address - 8) == isa::Op::Jal || op(address - 8) == isa::Op::Jalr;
  };
  for (const auto& block : function.asms)
    if (isa::isControl(op(block.end - 4)) && !dropped_[Condition::RuleIII])
      return bad("the last instruction of an asm block is a jump or branch (iii)", block.end - 4);
  if (dropped_[Condition::CallSites]) return base::Ok{};
  for (const auto& statement : function.statements)
    for (uint32_t entry : statement.entries)
      if (entry != function.address && isa::isControl(op(entry - 4)))
        return bad("a statement's entry lies in a delay slot", entry);
  for (const auto& call : function.calls)
    if (!afterCall(call.returnPoint)) return bad("a return point is not behind a call", call.returnPoint);
  for (const auto& check : function.checks)
    if (!afterCall(check.returnAddress))
      return bad("a check is not behind a call of the fault routine", check.returnAddress);
  return base::Ok{};
}

bool Image::asksVamp(const core::Stmt& stmt) const {
  return stmt.kind == core::StmtKind::Asm || stmt.kind == core::StmtKind::New ||
         (stmt.kind == core::StmtKind::Call && !program_.functions[stmt.index].defined);
}

base::Status Image::indexEntries() {
  entryBits_.assign((text.end - text.begin) / 4 + 1, false);
  returnPoints_.resize(functions_.size());
  statements_.resize(functions_.size());
  for (uint32_t f = 0; f < functions_.size(); ++f) {
    if (!functions_[f]) continue;
    const auto& function = *functions_[f];
    if (!text.containsRange(function.address, function.size))
      return base::Error{"function '" + function.name + "' lies outside the text", "bad-layout", ".c0map"};
    if (auto status = checkCode(function); !status) return status;
    byAddress_.push_back({function.address, f});
    for (uint32_t s = 0; s < function.statements.size(); ++s) {
      const core::Stmt* stmt = program_.functions[f].statements[s];
      const object::MapStatement& map = function.statements[s];
      Statement& statement = statements_[f].emplace_back(Statement{{f, s}, stmt, &map, map.emits, asksVamp(*stmt), {1, 1}});
      std::copy_n(map.entries.begin(), std::min(map.entries.size(), statement.entries.size()), statement.entries.begin());
    }
    returnPoints_[f].resize(function.statements.size());
    for (const object::MapCall& call : function.calls) returnPoints_[f][call.statement] = call.returnPoint;
    for (uint32_t ordinal = 0; ordinal < function.statements.size(); ++ordinal)
      for (uint32_t entry : function.statements[ordinal].entries) {
        if (entry < function.address || entry - function.address > function.size || entry % 4)
          return base::Error{"an entry of statement " + std::to_string(ordinal) + " lies outside the function",
                             "bad-map", "function " + function.name};
        entryByAddress_.push_back({entry, {f, ordinal}});
        entryBits_[(entry - text.begin) / 4] = true;
      }
  }
  std::sort(byAddress_.begin(), byAddress_.end());
  for (size_t i = 1; i < byAddress_.size(); ++i)
    if (byAddress_[i - 1].first + functions_[byAddress_[i - 1].second]->size > byAddress_[i].first &&
        !dropped_[Condition::MemoryLayout])
      return base::Error{"functions overlap", "bad-layout", "function " + functions_[byAddress_[i].second]->name};
  std::stable_sort(entryByAddress_.begin(), entryByAddress_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return base::Ok{};
}

std::string_view Image::fileName(core::Position position) const {
  return position.file < program_.files.size() ? std::string_view(program_.files[position.file]) : "?";
}

bool Image::isEntry(uint32_t address) const {
  return address >= text.begin && address <= text.end && address % 4 == 0 && entryBits_[(address - text.begin) / 4];
}

std::vector<StatementId> Image::entriesAt(uint32_t address) const {
  std::vector<StatementId> found;
  auto at = std::lower_bound(entryByAddress_.begin(), entryByAddress_.end(), address,
                             [](const auto& entry, uint32_t a) { return entry.first < a; });
  for (; at != entryByAddress_.end() && at->first == address; ++at) found.push_back(at->second);
  return found;
}

std::optional<uint32_t> Image::functionAt(uint32_t address) const {
  auto at = std::upper_bound(byAddress_.begin(), byAddress_.end(), address,
                             [](uint32_t a, const auto& entry) { return a < entry.first; });
  if (at == byAddress_.begin()) return std::nullopt;
  --at;
  if (address - at->first >= functions_[at->second]->size) return std::nullopt;
  return at->second;
}

std::optional<StatementId> Image::statementAt(uint32_t address) const {
  auto function = functionAt(address);
  if (!function) return std::nullopt;
  auto at = std::upper_bound(entryByAddress_.begin(), entryByAddress_.end(), address,
                             [](uint32_t a, const auto& entry) { return a < entry.first; });
  if (at == entryByAddress_.begin()) return std::nullopt;
  // Several statements may be entered here; the one that emits owns the code.
  uint32_t entry = std::prev(at)->first;
  std::optional<StatementId> owner;
  for (StatementId id : entriesAt(entry))
    if (id.function == *function && (!owner || statement(id).emits)) owner = id;
  return owner;
}

std::string Image::symbolAt(uint32_t address) const {
  const object::Symbol* best = nullptr;
  for (const auto& symbol : object_.symbols) {
    if (symbol.section >= object_.sections.size() || symbol.kind == object::Symbol::File || symbol.name.empty())
      continue;
    if (symbol.value > address || !(object_.sections[symbol.section].flags & object::kExecute)) continue;
    if (!best || symbol.value > best->value) best = &symbol;
  }
  if (!best) return {};
  if (best->value == address) return best->name;
  char offset[16];
  std::snprintf(offset, sizeof offset, "+0x%x", address - best->value);
  return best->name + offset;
}

std::optional<uint32_t> Image::returnPoint(StatementId call) const {
  const uint32_t point = returnPoints_[call.function][call.ordinal];
  return point ? std::optional(point) : std::nullopt;
}

const object::MapAsm* Image::asmBlock(StatementId id) const {
  for (const object::MapAsm& block : function(id.function).asms)
    if (block.statement == id.ordinal) return &block;
  return nullptr;
}

const std::string* Image::wrongBlock(StatementId id) const {
  for (const auto& [block, text] : wrongBlocks_)
    if (block == id) return &text;
  return nullptr;
}

// Reported when the statement is executed, so that a broken restriction is named first.
void Image::checkBlocks(const std::vector<core::Program>& units, const core::Linked& linked) {
  for (size_t u = 0; u < units.size(); ++u) {
    const core::Program& unit = units[u];
    auto addressOf = [&](uint32_t global) -> uint32_t {
      size_t defined = 0;
      for (uint32_t g = 0; g < global; ++g) defined += unit.globals[g].defined;
      if (unit.globals[global].defined) return globals_[linked.globals[u][defined]];
      auto elsewhere = program_.findGlobal(unit.globals[global].name);
      return elsewhere ? globals_[*elsewhere] : 0;
    };
    size_t defined = 0;
    for (const core::Function& function : unit.functions) {
      if (!function.defined) continue;
      const uint32_t index = linked.functions[u][defined++];
      for (const core::Stmt* stmt : function.statements) {
        if (stmt->kind != core::StmtKind::Asm) continue;
        const StatementId id{index, stmt->ordinal};
        auto wrong = checkAsmCode({unit, function, *stmt, *functions_[index], asmBlock(id), addressOf, gp},
                                  *object_.section(".text"));
        if (wrong) wrongBlocks_.push_back({id, std::move(*wrong)});
      }
    }
  }
}

Image::Owner Image::ownerOf(uint32_t address) const {
  for (const auto& section : object_.sections)
    if (section.flags & object::kExecute && address - section.address < section.length()) return Owner::Code;
  if (address >= text.begin && address < stack.end) return Owner::Data;
  auto at = std::upper_bound(placed.begin(), placed.end(), address,
                             [](uint32_t a, const Region& region) { return a < region.begin; });
  return at != placed.begin() && std::prev(at)->contains(address) ? Owner::Data : Owner::Nobody;
}

const object::MapCheck* Image::check(uint32_t returnAddress, uint32_t* function) const {
  auto in = functionAt(returnAddress);
  if (!in) in = functionAt(returnAddress - 1);  // the call may be the function's last instruction
  if (!in) return nullptr;
  if (function) *function = *in;
  const auto& checks = functions_[*in]->checks;
  auto at = std::lower_bound(checks.begin(), checks.end(), returnAddress,
                             [](const object::MapCheck& c, uint32_t a) { return c.returnAddress < a; });
  return at != checks.end() && at->returnAddress == returnAddress ? &*at : nullptr;
}

}  // namespace consis
