#include "vm/relate/konsis/kernel_data.h"

#include "assembler/base/bytes.h"

namespace konsis {
namespace {

// Looks names up; the first that is missing, or of another type, is the error.
class Finder {
 public:
  explicit Finder(const consis::Image& image) : image_(image), program_(image.program()) {}

  Words words(std::string_view name) {
    const auto global = program_.findGlobal(name);
    if (!global) return fail("the image has no variable '" + std::string(name) + "'"), Words{};
    const core::Type& type = program_.types[program_.globals[*global].type];
    const bool array = type.kind == core::TypeKind::Array;
    if (!isWord(array ? program_.types[type.element] : type)) fail("'" + std::string(name) + "' is not made of ints");
    return {image_.globalAddress(*global), array ? type.count : 1};
  }

  Words blocks(std::string_view name, BlockLayout& layout) {
    const auto global = program_.findGlobal(name);
    if (!global) return fail("the image has no variable '" + std::string(name) + "'"), Words{};
    const core::Type& array = program_.types[program_.globals[*global].type];
    if (array.kind != core::TypeKind::Array || array.count != kIdle + 1 || program_.types[array.element].kind != core::TypeKind::Struct)
      return fail("'" + std::string(name) + "' is no array of P + 2 structs"), Words{};
    const core::Type& block = program_.types[array.element];
    layout.words = block.asize / 4;
    struct Wanted {
      const char* name;
      uint32_t* to;
    };
    for (auto [field, to] : {Wanted{"gpr", &layout.gpr}, {"dpc", &layout.dpc}, {"pc", &layout.pc}, {"pto", &layout.pto},
                             {"ptl", &layout.ptl}, {"mask", &layout.mask}, {"rm", &layout.rm}, {"ieeef", &layout.ieeef},
                             {"fcc", &layout.fcc}}) {
      auto found = std::find_if(block.fields.begin(), block.fields.end(), [&](const core::Field& f) { return f.name == field; });
      if (found == block.fields.end()) fail("'" + std::string(name) + "' has no field '" + field + "'");
      else *to = found->offset / 4;
    }
    return {image_.globalAddress(*global), array.count * layout.words};
  }

  void fail(std::string text) {
    if (!error) error = base::Error{std::move(text), "no-kernel-data", ".c0map"};
  }
  std::optional<base::Error> error;

 private:
  static bool isWord(const core::Type& type) { return type.arithmetic(); }

  const consis::Image& image_;
  const core::Program& program_;
};

}  // namespace

base::Result<KernelData> KernelData::find(const consis::Image& image) {
  KernelData data;
  Finder finder(image);
  data.pcb = finder.blocks("pcb", data.block);
  struct Wanted {
    const char* name;
    Words* to;
  };
  for (auto [name, to] : {Wanted{"cup", &data.cup}, {"floating_registers", &data.floating}, {"floating_owner", &data.floatingOwner}, {"pt_table", &data.tables}, {"swap_slot_of", &data.slotOf},
                          {"ptspace_owner", &data.tableOwner}, {"mem_next", &data.memNext}, {"pfh_space", &data.pfhSpace},
                          {"pfh_page", &data.pfhPage}, {"pfh_next", &data.pfhNext}, {"pfh_prev", &data.pfhPrev},
                          {"swap_next", &data.swapNext}, {"swap_head", &data.swapHead}, {"swap_free", &data.swapFree},
                          {"swap_slots", &data.swapSlots}, {"swap_first", &data.swapFirst}, {"boot_pages", &data.bootPages}})
    *to = finder.words(name);
  if (data.tables.count != data.slotOf.count) finder.fail("'pt_table' and 'swap_slot_of' have different lengths");
  if (data.tables.address % kPageSize) finder.fail("'pt_table' does not begin with a page");
  if (finder.error) return *finder.error;
  data.zeroFrame = (image.memoryEnd() + kPageSize - 1) / kPageSize;
  return data;
}

uint32_t Reader::word(uint32_t address) const {
  return uint64_t(address) + 4 <= memory_.size() ? base::load<uint32_t>(&memory_[address]) : 0;
}

const uint8_t* Reader::frame(uint32_t number) const {
  return (uint64_t(number) + 1) * kPageSize <= memory_.size() ? &memory_[number * kPageSize] : nullptr;
}

}  // namespace konsis
