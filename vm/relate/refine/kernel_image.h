// A kernel's image as refine sees it: bytes, functions with their layers, and the parameters of the models, all from
// the ELF file and the table of modules.
#pragma once

#include "assembler/object/elf.h"
#include "vm/relate/models/layout.h"
#include "vm/relate/refine/modules.h"

namespace refine {

struct KernelFunction {
  std::string name;
  uint32_t address = 0;
  models::Name layer = models::Name::HW;
  std::string module;
};

struct KernelImage {
  object::Object object;
  models::Layout layout;                  // without the pool, which mem_init sets
  std::vector<KernelFunction> functions;  // those that the modules export, ascending by address
  uint32_t textBegin = 0, textEnd = 0;
  uint32_t gp = 0, stackTop = 0;
  uint32_t memorySize() const { return layout.npages * models::kPageSize; }

  // Errors [bad-elf]; [not-an-image]; [missing-symbol] if mem_next, pt_table or the linker's symbols are absent;
  // [bad-layout] if tables are misplaced; [missing-function] if the kernel does not define what a module exports.
  static base::Result<KernelImage> load(std::span<const uint8_t> elf, const Modules& modules);

  // "as_request+0x10".
  std::string place(uint32_t address) const;
};

}  // namespace refine
