#include <cstdio>

#include "assembler/base/bytes.h"
#include "assembler/link/state.h"

namespace linker {
namespace {

using object::Relocation;

std::string hex(uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", value);
  return text;
}

class Relocator {
 public:
  explicit Relocator(State& state) : state_(state) {}

  void run() {
    for (Output& output : state_.outputs) {
      if (output.type == 8) continue;
      output.bytes.resize(output.size);
      for (const Chunk& chunk : output.chunks) {
        const object::Section& section = state_.files[chunk.file].object.sections[chunk.section];
        std::copy(section.bytes.begin(), section.bytes.end(), output.bytes.begin() + long(chunk.offset));
        uint8_t* bytes = output.bytes.data() + chunk.offset;
        for (const object::RelocationEntry& entry : section.relocations) apply(chunk, entry, bytes + entry.offset);
      }
    }
  }

 private:
  uint32_t symbolAddress(const File& file, uint32_t index) const {
    if (file.globals[index] != kNone) return state_.globals[file.globals[index]].address;
    const object::Symbol& symbol = file.object.symbols[index];
    if (symbol.section == object::kUndefined) return 0;
    return symbol.value + (symbol.section == object::kAbsolute ? 0 : uint32_t(file.addresses[symbol.section]));
  }

  void apply(const Chunk& chunk, const object::RelocationEntry& entry, uint8_t* at) {
    const File& file = state_.files[chunk.file];
    uint32_t value = symbolAddress(file, entry.symbol) + uint32_t(entry.addend);
    uint32_t pc = uint32_t(file.addresses[chunk.section]) + entry.offset + 4;
    uint32_t word = base::load<uint32_t>(at);
    auto low = [&](uint32_t field) { return (word & 0xFFFF0000) | (field & 0xFFFF); };
    switch (entry.type) {
      case Relocation::None: return;
      case Relocation::Word32: word = value; break;
      case Relocation::Hi16: word = low((value + 0x8000) >> 16); break;
      case Relocation::Lo16: word = low(value); break;
      case Relocation::Pc16: word = low(checked(chunk, entry, int32_t(value - pc), 16)); break;
      case Relocation::Pc26:
        word = (word & 0xFC000000) | (checked(chunk, entry, int32_t(value - pc), 26) & 0x03FFFFFF);
        break;
      case Relocation::Gprel16: word = low(checked(chunk, entry, int32_t(value - state_.gp), 16)); break;
    }
    base::store(at, word);
  }

  uint32_t checked(const Chunk& chunk, const object::RelocationEntry& entry, int32_t value, unsigned bits) {
    int32_t limit = int32_t(1) << (bits - 1);
    if (value < -limit || value >= limit) report(chunk, entry, value, limit);
    return uint32_t(value);
  }

  void report(const Chunk& chunk, const object::RelocationEntry& entry, int32_t value, int32_t limit) {
    const File& file = state_.files[chunk.file];
    const object::Symbol& symbol = file.object.symbols[entry.symbol];
    std::string name = symbol.name;
    if (symbol.kind == object::Symbol::SectionSymbol && symbol.section < file.object.sections.size())
      name = file.object.sections[symbol.section].name;
    if (entry.addend) name.append(entry.addend < 0 ? "-" : "+").append(hex(uint32_t(std::abs(int64_t(entry.addend)))));
    const char* what = entry.type == Relocation::Pc16   ? "the branch"
                       : entry.type == Relocation::Pc26 ? "the jump"
                                                        : "the access relative to r28";
    std::string text = std::string(what) + " to '" + name + "' needs the offset " + std::to_string(value) +
                       ", its field holds " + std::to_string(-limit) + ".." + std::to_string(limit - 1) +
                       state_.functionAt(chunk.file, chunk.section, entry.offset);
    state_.diagnostics.error({std::move(text), "link-range", ""}, place(file, chunk.section, entry.offset));
  }

  State& state_;
};

}  // namespace

void relocate(State& state) { Relocator(state).run(); }

}  // namespace linker
