#include "vm/relate/refine/kernel_image.h"

#include <algorithm>
#include <cstdio>

namespace refine {
namespace {

using models::kPageSize;

base::Status readLayout(KernelImage& image) {
  auto symbol = [&](const char* name) { return image.object.symbol(name); };
  for (const char* name :
       {"mem_next", "pt_table", "__gp", "__heap_start", "__heap_end", "__stack_limit", "__stack_top"})
    if (!symbol(name))
      return base::Error{std::string("the image does not define ") + name, "missing-symbol", "symbol table"};
  models::Layout& layout = image.layout;
  const auto &mem = *symbol("mem_next"), &pt = *symbol("pt_table");
  layout.memTable = mem.value, layout.memEntries = mem.size / 4;
  layout.ptTable = pt.value, layout.ptEntries = pt.size / 4;
  layout.npages = layout.memEntries, layout.vpages = layout.ptEntries;
  layout.stackBegin = symbol("__stack_limit")->value, layout.stackEnd = symbol("__stack_top")->value;
  image.gp = symbol("__gp")->value, image.stackTop = layout.stackEnd;
  auto bad = [](const char* text) { return base::Error{text, "bad-layout", "memory layout"}; };
  uint64_t end = uint64_t(layout.npages) * kPageSize;
  if (layout.npages == 0 || layout.vpages <= layout.npages || layout.npages > 1u << 19 || layout.vpages > 1u << 20)
    return bad("mem_next has an entry for each physical page, pt_table one for each virtual page, and there are more");
  if (pt.value % kPageSize || mem.value % 4 || mem.value + uint64_t(mem.size) > end ||
      pt.value + uint64_t(pt.size) > end || layout.stackEnd > end || layout.stackBegin > layout.stackEnd)
    return bad("the tables and the stack must lie in memory, the page table on a page boundary");
  layout.imageEnd = std::max(layout.stackEnd, symbol("__heap_end")->value);
  layout.data.assign(layout.npages, false);
  auto mark = [&](uint64_t from, uint64_t to) {
    for (uint64_t page = from / kPageSize; page < layout.npages && page * kPageSize < to; ++page)
      layout.data[page] = true;
  };
  for (const auto& section : image.object.sections) {
    if (!(section.flags & object::kAlloc) || section.length() == 0) continue;
    if (section.address + uint64_t(section.length()) > end) return bad("the image does not fit into NPAGES pages");
    layout.imageEnd = std::max(layout.imageEnd, section.address + section.length());
    if (section.flags & object::kExecute) continue;
    if (section.address >= layout.saveEnd) mark(section.address, section.address + uint64_t(section.length()));
  }
  mark(symbol("__heap_start")->value, symbol("__heap_end")->value);
  return base::Ok{};
}

}  // namespace

base::Result<KernelImage> KernelImage::load(std::span<const uint8_t> elf, const Modules& modules) {
  auto object = object::readElf(elf);
  if (!object) return object.error();
  KernelImage image;
  image.object = std::move(*object);
  if (!image.object.executable)
    return base::Error{"not an image but an object: link it first", "not-an-image", "ELF header"};
  const auto* text = image.object.section(".text");
  if (!text) return base::Error{"the image has no section .text", "not-an-image", ".text"};
  image.textBegin = text->address, image.textEnd = text->address + text->length();
  if (auto status = readLayout(image); !status) return status.error();
  for (const auto& module : modules.all())
    for (const auto& name : module.exports) {
      const auto* symbol = image.object.symbol(name);
      if (!symbol || symbol->value < image.textBegin || symbol->value >= image.textEnd || symbol->value % 4)
        return base::Error{"the image has no function " + name + ", which module " + module.name + " exports",
                           "missing-function", "module " + module.name};
      image.functions.push_back({name, symbol->value, module.model, module.name});
    }
  for (const auto& module : modules.all())
    for (const auto& name : module.privates)
      if (const auto* symbol = image.object.symbol(name);
          symbol && symbol->value >= image.textBegin && symbol->value < image.textEnd && symbol->value % 4 == 0)
        image.functions.push_back({name, symbol->value, module.model, module.name});
  std::sort(image.functions.begin(), image.functions.end(),
            [](const auto& a, const auto& b) { return a.address < b.address; });
  return image;
}

std::string KernelImage::place(uint32_t address) const {
  const object::Symbol* best = nullptr;
  for (const auto& symbol : object.symbols) {
    if (symbol.section >= object.sections.size() || symbol.kind == object::Symbol::File || symbol.name.empty())
      continue;
    if (symbol.value > address || !(object.sections[symbol.section].flags & object::kExecute)) continue;
    if (!best || symbol.value > best->value) best = &symbol;
  }
  if (!best) return models::hex(address);
  char offset[16];
  std::snprintf(offset, sizeof offset, "+0x%x", address - best->value);
  return best->name + (best->value == address ? "" : offset);
}

}  // namespace refine
