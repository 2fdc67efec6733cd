// A user program for an image of CVM: the memory of the process that runs it (docs/formats.md, "Disk images").
#pragma once

#include <string>
#include <vector>

#include "assembler/base/result.h"
#include "vm/cvmimage/cvmimage.h"

namespace vimg {

// "NAME=prog.elf" or "NAME=prog.elf,mask=0x40000".
struct Argument {
  std::string name, path;
  uint32_t mask = 0;
};
base::Result<Argument> parseArgument(const std::string& text);

// An array of struct { char name[32]; int process; int pages; } in the program's memory, for the names of all programs.
struct Directory {
  uint32_t address = 0, bytes = 0;  // bytes 0: the program has none
};
constexpr uint32_t kDirectoryEntryBytes = 40, kDirectoryNameBytes = 32;

struct Program {
  std::vector<uint8_t> memory;  // whole pages, up to the end of the stack
  Directory directory;
};
// Errors: bad-elf, not-an-image, bad-program (no code at address 0, no __stack_top, too large).
base::Result<Program> loadProgram(std::span<const uint8_t> elf);

// Fills the directory with what the processes are called; an entry with an empty name ends it. Errors: directory-full.
base::Status fillDirectory(Program& program, const std::vector<cvmimage::Process>& processes, const std::vector<uint32_t>& pages);

}  // namespace vimg
