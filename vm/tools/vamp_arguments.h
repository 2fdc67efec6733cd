// The emulator's arguments that name state: sizes, addresses, registers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"
#include "vm/machine/machine.h"

namespace vamp {

// 32-bit numbers: decimal (a minus is allowed), 0x hexadecimal.
base::Result<uint32_t> parseNumber(std::string_view text, std::string_view place);

// Bytes, with an optional suffix K, M or G; a positive multiple of 4096 up to 2 GiB.
base::Result<uint32_t> parseMemorySize(std::string_view text);

struct RawFile {
  std::string path;
  uint32_t address;
};
base::Result<RawFile> parseRaw(const std::string& argument);  // FILE@ADDR

struct Region {
  uint32_t address, length;
};
base::Result<Region> parseRegion(const std::string& argument);  // ADDR:LEN

struct DiskFault {
  uint32_t transfer;  // of a sector, counted from 1
  bool stays;
};
base::Result<DiskFault> parseDiskFault(const std::string& argument);  // N or N,bad

// r5=0x10,SR=1,dpc=0x100,pc=0x104,mode=1,f2=..; dpc alone sets pc, too.
base::Status applySettings(const std::vector<std::string>& arguments, machine::State& state);

}  // namespace vamp
