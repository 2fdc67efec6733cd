// Files of the emulator: eight letters that say what it is, a version, and the content as a zstd frame with its size and checksum
// (docs/formats.md).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"

namespace timeline {

struct Format {
  char magic[9];  // eight letters
  uint32_t version;
  std::string_view name;  // "log"; errors are bad-log
};
constexpr Format kLogFormat{"VAMP-LOG", 1, "log"};
constexpr Format kSnapshotFormat{"VAMPSNAP", 1, "snapshot"};

std::vector<uint8_t> pack(const Format& format, std::span<const uint8_t> content);
base::Result<std::vector<uint8_t>> unpack(const Format& format, std::span<const uint8_t> file);

}  // namespace timeline
