// The linker: objects and archives -> an image (docs/formats.md "Images"). The namespace is not the folder's name,
// because POSIX has a function link().
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "assembler/object/elf.h"
#include "assembler/object/map.h"

namespace linker {

// An object or an archive. The bytes must live until link() returns.
struct Input {
  std::string name;  // for messages
  std::span<const uint8_t> bytes;
  // The link operator ld (shared/spec/cvm.md): this input is the CVM implementation, taken whole; the others are the abstract kernel
  // and the libraries that it needs. The image gets a section .c0kernel. At most one input.
  bool implementation = false;
};

struct Options {
  std::string entry;                             // a symbol; empty: the image starts at address 0
  std::vector<std::string> required;             // symbols to look for as though something used them
  uint32_t heapSize = object::kDefaultHeapSize;  // multiples of 4
  uint32_t stackSize = object::kDefaultStackSize;
  uint64_t memorySize = uint64_t(64) << 20;  // all of the image, heap and stack must fit
};

// Objects are placed in their order, then archive members in the order in which they are found to be needed. Every
// error goes to `diagnostics`, with file(section+offset) as place and, where the consistency map or the symbols tell,
// the function:
//   bad-elf, bad-archive, bad-map (see elf.h, map.h), link-input (an image, a reserved section, an object of the abstract kernel that
//   is not compiled C0), link-undefined, link-duplicate,
//   link-range (a relocation's field is too small), link-vector (.vector reaches 0x8000), link-memory, link-size.
// Returns nothing if there was an error. `map`, if not null, receives a readable list of sections, objects and symbols.
std::optional<object::Object> link(const std::vector<Input>& inputs, const Options& options,
                                   base::Diagnostics& diagnostics, std::string* map = nullptr);

}  // namespace linker
