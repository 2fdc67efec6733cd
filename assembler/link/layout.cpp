#include <algorithm>
#include <map>

#include "assembler/link/state.h"

// Memory: .vector at 0; from 0x8000 on, each on a 4 KiB boundary: .text, other code, .rodata, other constants, .data,
// other variables, .bss, other zero-filled ones; then heap and stack, which are symbols only.

namespace linker {
namespace {

enum Rank : uint8_t { Vector, Text, Code, Rodata, Constants, Data, Variables, Bss, ZeroFilled, NotInMemory };

struct Standard {
  std::string_view prefix;  // of an input section: ".text" and ".text.*"
  std::string_view output;
  Rank rank;
  uint8_t order;
};
constexpr Standard kStandard[] = {
    {".vector", ".vector", Vector, 0}, {".text", ".text", Text, 0},  {".rodata", ".rodata", Rodata, 0},
    {".data", ".data", Data, 0},       {".sdata", ".data", Data, 1}, {".sbss", ".bss", Bss, 0},
    {".bss", ".bss", Bss, 1},
};

Standard classify(const object::Section& section) {
  if (!(section.flags & object::kAlloc)) return {"", section.name, NotInMemory, 0};
  std::string_view name = section.name;
  for (const Standard& standard : kStandard)
    if (name.starts_with(standard.prefix) &&
        (name.size() == standard.prefix.size() || name[standard.prefix.size()] == '.'))
      return standard;
  Rank rank = section.flags & object::kExecute    ? Code
              : !(section.flags & object::kWrite) ? Constants
              : section.noBits()                  ? ZeroFilled
                                                  : Variables;
  return {"", name, rank, 0};
}

uint64_t alignUp(uint64_t value, uint64_t align) { return (value + align - 1) / align * align; }

class Layout {
 public:
  explicit Layout(State& state) : state_(state) {}

  void run() {
    collect();
    for (Output& output : state_.outputs) arrange(output);
    place();
    checkPlaced();
    define();
  }

 private:
  void error(const char* id, const std::string& text, const std::string& where = {}) {
    state_.diagnostics.error({text, id, ""}, where);
  }

  void collect() {
    std::map<std::pair<std::string_view, bool>, uint32_t> index;  // name, in memory
    for (uint32_t f = 0; f < state_.files.size(); f++) {
      File& file = state_.files[f];
      file.addresses.assign(file.object.sections.size(), 0);
      file.outputs.assign(file.object.sections.size(), 0);
      for (uint32_t s = 0; s < file.object.sections.size(); s++) {
        const object::Section& section = file.object.sections[s];
        Standard standard = classify(section);
        auto [found, isNew] =
            index.try_emplace({standard.output, standard.rank != NotInMemory}, uint32_t(state_.outputs.size()));
        if (isNew) state_.outputs.push_back({std::string(standard.output), standard.rank, section.type, section.flags});
        Output& output = state_.outputs[found->second];
        if (output.type == 8 && !section.noBits()) output.type = section.type;
        output.flags |= section.flags;
        output.rank = std::min<uint8_t>(output.rank, standard.rank);
        output.chunks.push_back({f, s, standard.order});
      }
    }
    std::stable_sort(state_.outputs.begin(), state_.outputs.end(),
                     [](const Output& a, const Output& b) { return a.rank < b.rank; });
    if (state_.outputs.size() > object::kMaxSections) error("link-input", "too many different sections");
  }

  // What is not in memory is concatenated without padding: maps and cores are sequences of units.
  void arrange(Output& output) {
    std::stable_sort(output.chunks.begin(), output.chunks.end(),
                     [](const Chunk& a, const Chunk& b) { return a.order < b.order; });
    for (Chunk& chunk : output.chunks) {
      const object::Section& section = state_.files[chunk.file].object.sections[chunk.section];
      uint32_t align = output.rank == NotInMemory ? 1 : section.align;
      output.align = std::max(output.align, align);
      chunk.offset = alignUp(output.size, align);
      output.size = chunk.offset + section.length();
    }
    if (output.rank != NotInMemory && output.rank != Vector) output.align = std::max(output.align, kPage);
  }

  void place() {
    uint64_t at = kTextStart;
    for (Output& output : state_.outputs) {
      if (output.rank == NotInMemory) break;
      if (output.rank == Vector) {
        if (output.size > kTextStart)
          error("link-vector",
                "the section .vector takes " + std::to_string(output.size) + " bytes, but must end at 0x8000");
        continue;
      }
      at = output.address = alignUp(at, output.align);
      at += output.size;
    }
    end_ = at;
    heap_ = alignUp(end_, kPage);
    stack_ = alignUp(heap_ + state_.options.heapSize, kPage);
    uint64_t top = stack_ + state_.options.stackSize;
    if (state_.options.heapSize % 4 || state_.options.stackSize % 4)
      error("link-size", "the sizes of heap and stack must be multiples of 4");
    if (top > std::min<uint64_t>(state_.options.memorySize, uint64_t(1) << 31))
      error("link-memory", "the image needs " + std::to_string(top) + " bytes (sections up to " + std::to_string(end_) +
                               ", heap " + std::to_string(state_.options.heapSize) + ", stack " +
                               std::to_string(state_.options.stackSize) + "), but the memory has " +
                               std::to_string(state_.options.memorySize));
    for (uint32_t o = 0; o < state_.outputs.size(); o++)
      for (const Chunk& chunk : state_.outputs[o].chunks) {
        File& file = state_.files[chunk.file];
        file.addresses[chunk.section] = state_.outputs[o].address + chunk.offset;
        file.outputs[chunk.section] = o;
      }
  }

  // Variables with an absolute address (__at of C0A) lie in memory, outside the image, apart from each other.
  void checkPlaced() {
    struct Range {
      uint64_t begin, end;
      std::string name, file;
    };
    const uint64_t top = stack_ + state_.options.stackSize;
    std::vector<Range> ranges{{kTextStart, top, "the image with heap and stack", ""}};
    for (const Output& output : state_.outputs)
      if (output.rank == Vector) ranges.push_back({output.address, output.address + output.size, ".vector", ""});
    for (const File& file : state_.files)
      for (const object::Symbol& symbol : file.object.symbols) {
        if (symbol.section != object::kAbsolute || symbol.kind != object::Symbol::Data || !symbol.size) continue;
        ranges.push_back({symbol.value, uint64_t(symbol.value) + symbol.size, "'" + symbol.name + "'", file.name});
        if (ranges.back().end > state_.options.memorySize)
          error("link-placed", describe(ranges.back()) + " lies beyond the memory's end", file.name);
      }
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    uint64_t end = 0, last = 0;  // the range that reaches furthest
    for (size_t i = 0; i < ranges.size(); i++) {
      const Range &before = ranges[last], &here = ranges[i];
      if (i && here.begin < end && !(before.file.empty() && here.file.empty()))
        error("link-placed",
              describe(here.file.empty() ? before : here) + " overlaps " + describe(here.file.empty() ? here : before),
              here.file.empty() ? before.file : here.file);
      if (here.end > end) end = here.end, last = i;
    }
  }
  template <class Range>
  static std::string describe(const Range& range) {
    char text[48];
    std::snprintf(text, sizeof text, " at 0x%llx..0x%llx", (unsigned long long)(range.begin),
                  (unsigned long long)(range.end));
    return range.name + text;
  }

  struct Extent {
    uint64_t begin, end;
  };
  // Of a standard section, or where it would be if it is absent.
  Extent extent(Rank rank) const {
    uint64_t at = kTextStart;
    for (const Output& output : state_.outputs) {
      if (output.rank > rank) break;
      if (output.rank == rank) return {output.address, output.address + output.size};
      if (output.rank != Vector) at = alignUp(output.address + output.size, kPage);
    }
    return {at, at};
  }

  // r28 reaches 32 KiB to either side: everything writable if it fits, else from the small data (.sdata, .sbss) on.
  uint64_t globalPointer() const {
    uint64_t begin = extent(Data).begin, small = 0;
    for (const Output& output : state_.outputs)
      for (const Chunk& chunk : output.chunks) {
        bool isSmall = (output.rank == Data && chunk.order == 1) || (output.rank == Bss && chunk.order == 0);
        if (isSmall && !small) small = output.address + chunk.offset;
      }
    return (small && end_ - begin > 0x10000 ? small : begin) + 0x8000;
  }

  void define() {
    Extent text = extent(Text), data = extent(Data), bss = extent(Bss);
    const std::pair<std::string_view, uint64_t> values[] = {
        {"__gp", globalPointer()},
        {"__text_start", text.begin},
        {"__text_end", text.end},
        {"__data_start", data.begin},
        {"__data_end", data.end},
        {"__bss_start", bss.begin},
        {"__bss_end", bss.end},
        {"__heap_start", heap_},
        {"__heap_end", heap_ + state_.options.heapSize},
        {"__stack_limit", stack_},
        {"__stack_top", stack_ + state_.options.stackSize},
    };
    for (auto [name, value] : values) state_.globals[state_.global(name)].address = uint32_t(value);
    state_.gp = uint32_t(globalPointer());
    for (Global& global : state_.globals) {
      if (global.file == kNone) continue;
      const File& file = state_.files[global.file];
      const object::Symbol& symbol = file.object.symbols[global.symbol];
      global.address =
          symbol.value + (symbol.section == object::kAbsolute ? 0 : uint32_t(file.addresses[symbol.section]));
    }
  }

  State& state_;
  uint64_t end_ = 0, heap_ = 0, stack_ = 0;
};

}  // namespace

void layOut(State& state) { Layout(state).run(); }

}  // namespace linker
