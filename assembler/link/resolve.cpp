#include <algorithm>

#include "assembler/link/state.h"

namespace linker {

uint32_t State::global(std::string_view name) {
  auto [found, isNew] = byName.emplace(name, uint32_t(globals.size()));
  if (isNew) globals.push_back({.name = name});
  return found->second;
}

namespace {

// A member that is not (yet) part of the image.
struct Candidate {
  std::string name;
  object::Object object;
  bool taken = false;
};

class Resolver {
 public:
  explicit Resolver(State& state) : state_(state) {}

  void run(const std::vector<Input>& inputs) {
    const Input* implementation = nullptr;
    for (const Input& input : inputs) {
      if (input.implementation) implementation = &input;
      else if (object::isArchive(input.bytes)) readArchive(input);
      else readObject(input.name, input.bytes);
    }
    const uint32_t objects = uint32_t(state_.files.size());
    for (const std::string& name : state_.options.required) need(name);
    if (!state_.options.entry.empty()) need(state_.options.entry);
    defineOwn();
    pullWanted();
    if (implementation) {
      state_.abstractUnits = countUnits(objects);
      takeWhole(*implementation);
      pullWanted();
    }
    reportUndefined();
  }

 private:
  std::optional<object::Object> parse(const std::string& name, std::span<const uint8_t> bytes) {
    base::Result<object::Object> object = object::readElf(bytes);
    if (!object) {
      state_.diagnostics.error(object.error(), name);
      return std::nullopt;
    }
    const char* wrong = nullptr;
    for (const object::Section& section : object->sections) {
      if (section.name == object::kNoteSection) wrong = "only the linker makes a section .note.vamp";
      if (section.noBits() && !(section.flags & object::kAlloc)) wrong = "a section has neither contents nor memory";
    }
    if (object->executable) wrong = "the file is an image, linked already";
    if (!wrong) return std::move(*object);
    state_.diagnostics.error({wrong, "link-input", ""}, name);
    return std::nullopt;
  }

  void readObject(const std::string& name, std::span<const uint8_t> bytes) {
    if (std::optional<object::Object> object = parse(name, bytes)) add(name, std::move(*object));
  }

  // Named "lib.a(m.o)".
  std::vector<object::Member> membersOf(const Input& input) {
    base::Result<std::vector<object::Member>> members = object::readArchive(input.bytes);
    if (!members) {
      state_.diagnostics.error(members.error(), input.name);
      return {};
    }
    for (object::Member& member : *members) member.name = input.name + "(" + member.name + ")";
    return std::move(*members);
  }

  // The CVM implementation is part of the image whether it is called or not.
  void takeWhole(const Input& input) {
    if (!object::isArchive(input.bytes)) return readObject(input.name, input.bytes);
    for (const object::Member& member : membersOf(input)) readObject(member.name, member.bytes);
  }

  // Of the abstract kernel, whose files are all there is so far: `objects` ones named on the command line, then library members.
  uint32_t countUnits(uint32_t objects) {
    uint32_t count = 0;
    for (uint32_t f = 0; f < state_.files.size(); f++) {
      const File& file = state_.files[f];
      base::Result<std::vector<object::MapUnit>> units = object::readMap(file.object, 0);
      if (!units) state_.diagnostics.error(units.error(), file.name);
      else if (units->empty() && f < objects)
        state_.diagnostics.error({"an abstract kernel is a C0 program, but this object is not compiled C0", "link-input", ""}, file.name);
      else count += uint32_t(units->size());
    }
    return count;
  }

  void readArchive(const Input& input) {
    for (const object::Member& member : membersOf(input)) {
      std::optional<object::Object> object = parse(member.name, member.bytes);
      if (!object) continue;
      uint32_t index = uint32_t(candidates_.size());
      candidates_.push_back({member.name, std::move(*object)});
      for (const object::Symbol& symbol : candidates_.back().object.symbols)
        if ((symbol.global || symbol.weak) && symbol.section != object::kUndefined)
          providers_.emplace(symbol.name, index);  // the first one provides it
    }
  }

  void need(std::string_view name) {
    uint32_t index = state_.global(name);
    Global& global = state_.globals[index];
    if (!global.needed && !global.defined()) wanted_.push_back(index);
    global.needed = true;
  }

  void pullWanted() {
    while (!wanted_.empty()) {
      uint32_t global = wanted_.front();
      wanted_.pop_front();
      if (!state_.globals[global].defined()) pull(state_.globals[global].name);
    }
  }

  void pull(std::string_view name) {
    auto provider = providers_.find(name);
    if (provider == providers_.end() || candidates_[provider->second].taken) return;
    Candidate& candidate = candidates_[provider->second];
    candidate.taken = true;
    add(candidate.name,
        std::move(candidate.object));  // names stay where providers_ refers to them: the vector moves whole
  }

  void add(const std::string& name, object::Object&& object) {
    uint32_t file = uint32_t(state_.files.size());
    File& added = state_.files.emplace_back(File{name, std::move(object), {}, {}, {}});
    added.globals.assign(added.object.symbols.size(), kNone);
    for (uint32_t i = 0; i < added.object.symbols.size(); i++) {
      const object::Symbol& symbol = added.object.symbols[i];
      if (!symbol.global && !symbol.weak) continue;
      added.globals[i] = state_.global(symbol.name);
      if (symbol.section != object::kUndefined) define(added.globals[i], file, i);
      else if (!symbol.weak) need(symbol.name);
    }
  }

  void define(uint32_t index, uint32_t file, uint32_t symbol) {
    Global& global = state_.globals[index];
    bool weak = state_.files[file].object.symbols[symbol].weak;
    if (global.file == kNone || (global.weak && !weak)) {
      global.file = file, global.symbol = symbol, global.weak = weak;
    } else if (!weak) {
      const Global second{.name = global.name, .file = file, .symbol = symbol};
      base::Diagnostic& error = state_.diagnostics.error(
          {"duplicate symbol '" + std::string(global.name) + "'", "link-duplicate", ""}, definition(second));
      error.note("first defined here").notes.back().place = definition(global);
    }
  }

  std::string definition(const Global& global) const {
    const File& file = state_.files[global.file];
    const object::Symbol& symbol = file.object.symbols[global.symbol];
    return symbol.section == object::kAbsolute ? file.name : place(file, symbol.section, symbol.value);
  }

  // Their addresses follow in layOut().
  void defineOwn() {
    for (std::string_view name : {"__gp", "__text_start", "__text_end", "__data_start", "__data_end", "__bss_start",
                                  "__bss_end", "__heap_start", "__heap_end", "__stack_limit", "__stack_top"}) {
      Global& global = state_.globals[state_.global(name)];
      if (global.file != kNone)
        state_.diagnostics.error({"the symbol '" + std::string(name) + "' is the linker's", "link-duplicate", ""},
                                 definition(global));
      global.byLinker = true;
    }
  }

  struct Use {
    uint32_t file, section, offset;
  };

  void reportUndefined() {
    std::unordered_map<uint32_t, std::vector<Use>> uses;
    std::vector<uint32_t> order;
    auto undefined = [&](uint32_t global) {
      return state_.globals[global].needed && !state_.globals[global].defined();
    };
    if (std::none_of(state_.globals.begin(), state_.globals.end(),
                     [](const Global& global) { return global.needed && !global.defined(); }))
      return;
    for (uint32_t f = 0; f < state_.files.size(); f++) {
      const File& file = state_.files[f];
      for (uint32_t s = 0; s < file.object.sections.size(); s++) {
        for (const object::RelocationEntry& entry : file.object.sections[s].relocations) {
          uint32_t global = file.globals[entry.symbol];
          if (global == kNone || !undefined(global)) continue;
          std::vector<Use>& list = uses[global];
          if (list.empty()) order.push_back(global);
          list.push_back({f, s, entry.offset});
        }
      }
    }
    for (uint32_t global : order) reportUses(state_.globals[global].name, uses[global]);
    auto option = [&](const std::string& name, const char* where) {
      uint32_t global = state_.global(name);
      if (undefined(global) && !uses.count(global))
        state_.diagnostics.error({"undefined symbol '" + name + "'", "link-undefined", ""}, where);
    };
    if (!state_.options.entry.empty()) option(state_.options.entry, "--entry");
    for (const std::string& name : state_.options.required) option(name, "--undefined");
  }

  void reportUses(std::string_view name, const std::vector<Use>& uses) {
    constexpr size_t kShown = 3;
    auto at = [&](const Use& use) { return place(state_.files[use.file], use.section, use.offset); };
    auto function = [&](const Use& use) { return state_.functionAt(use.file, use.section, use.offset); };
    base::Diagnostic& error = state_.diagnostics.error(
        {"undefined symbol '" + std::string(name) + "'" + function(uses[0]), "link-undefined", ""}, at(uses[0]));
    for (size_t i = 1; i < std::min(kShown, uses.size()); i++)
      error.note("also used here" + function(uses[i])).notes.back().place = at(uses[i]);
    if (uses.size() > kShown) error.note("and " + std::to_string(uses.size() - kShown) + " more uses");
  }

  State& state_;
  std::deque<Candidate> candidates_;
  std::unordered_map<std::string_view, uint32_t> providers_;  // keys are in candidates_
  std::deque<uint32_t> wanted_;
};

}  // namespace

void resolve(State& state, const std::vector<Input>& inputs) { Resolver(state).run(inputs); }

}  // namespace linker
