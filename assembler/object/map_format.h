// What reader and writer of .c0map share (docs/formats.md). Private to assembler/object.
#pragma once

#include <string_view>

namespace object::map_format {

// A unit: these bytes, the number of bytes that follow (u32), then its contents.
constexpr std::string_view kMagic = "c0m\1";

// Bits of a statement's head; above them the number of its entries. Of a check's head: kNewFile, above it the fault.
constexpr unsigned kNewFile = 1;
constexpr unsigned kEmits = 2;
constexpr unsigned kStatementShift = 2, kCheckShift = 1;

}  // namespace object::map_format
