#include "vm/tools/vimg_program.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "assembler/base/bytes.h"
#include "assembler/object/elf.h"

namespace vimg {

using base::Error;

base::Result<Argument> parseArgument(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return Error{"expected NAME=PROGRAM", "usage", text};
  Argument argument{text.substr(0, equals), text.substr(equals + 1)};
  constexpr std::string_view kMask = ",mask=";
  if (const size_t comma = argument.path.rfind(kMask); comma != std::string::npos) {
    std::string_view value = std::string_view(argument.path).substr(comma + kMask.size());
    const bool hexadecimal = value.starts_with("0x");
    if (hexadecimal) value.remove_prefix(2);
    auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), argument.mask, hexadecimal ? 16 : 10);
    if (problem != std::errc() || end != value.data() + value.size()) return Error{"the mask is not a number", "usage", text};
    if (argument.mask & ~cvmimage::kMaskBits) return Error{"a mask has bits 6..11 and 14..20 only", "usage", text};
    argument.path.resize(comma);
  }
  if (argument.path.empty()) return Error{"expected NAME=PROGRAM", "usage", text};
  return argument;
}

base::Result<Program> loadProgram(std::span<const uint8_t> elf) {
  base::Result<object::Object> image = object::readElf(elf);
  if (!image) return image.error();
  if (!image->executable) return Error{"this is an object; link it first (c0c -lcvm-user)", "not-an-image", ""};
  const object::Symbol* top = image->symbol("__stack_top");
  if (!top) return Error{"the image has no symbol __stack_top, where its memory ends", "bad-program", ""};
  Program program;
  const uint64_t pages = (uint64_t(top->value) + cvmimage::kPageBytes - 1) / cvmimage::kPageBytes;
  if (pages > cvmimage::kMaxSlots)
    return Error{"the program needs " + std::to_string(pages) + " pages, but a disk has " + std::to_string(cvmimage::kMaxSlots) +
                     " slots (link it with a smaller --heap and --stack)", "bad-program", ""};
  program.memory.resize(pages * cvmimage::kPageBytes);
  const std::vector<object::Segment> segments = object::segments(*image);
  if (segments.empty() || segments[0].address != 0)
    return Error{"there is no code at address 0, where a process begins (link it with -lcvm-user)", "bad-program", ""};
  for (const object::Segment& segment : segments) {
    if (uint64_t(segment.address) + segment.memorySize > program.memory.size())
      return Error{"a segment lies behind the end of the stack", "bad-program", ""};
    std::copy(segment.bytes.begin(), segment.bytes.end(), program.memory.begin() + segment.address);
  }
  if (const object::Symbol* directory = image->symbol("vimg_directory")) {
    program.directory = {directory->value, directory->size};
    if (directory->size < kDirectoryEntryBytes || uint64_t(directory->value) + directory->size > program.memory.size())
      return Error{"vimg_directory is no array of struct { char name[32]; int process; int pages; }", "bad-program", ""};
  }
  return program;
}

base::Status fillDirectory(Program& program, const std::vector<cvmimage::Process>& processes, const std::vector<uint32_t>& pages) {
  const uint32_t room = program.directory.bytes / kDirectoryEntryBytes;
  if (processes.size() + 1 > room)
    return Error{"vimg_directory has room for " + std::to_string(room) + " entries, but " + std::to_string(processes.size()) +
                     " programs and the end take one each", "directory-full", processes[0].name};
  for (size_t u = 0; u < processes.size(); u++) {
    const std::string& name = processes[u].name;
    if (name.size() >= kDirectoryNameBytes)
      return Error{"a name in vimg_directory has at most " + std::to_string(kDirectoryNameBytes - 1) + " characters", "directory-full", name};
    uint8_t* entry = &program.memory[program.directory.address + u * kDirectoryEntryBytes];
    std::memcpy(entry, name.data(), name.size());
    base::store(entry + kDirectoryNameBytes, uint32_t(u + 1));
    base::store(entry + kDirectoryNameBytes + 4, pages[u]);
  }
  return base::Ok{};
}

}  // namespace vimg
