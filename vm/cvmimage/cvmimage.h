// Disk images of CVM (docs/formats.md, "Disk images"): a header, which is the initial configuration of the user processes, and the
// swap slots, which hold their pages. The concrete kernel boots from one; `cvm` takes the same processes from it. Standard
// library only.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "assembler/base/result.h"

namespace cvmimage {

constexpr uint32_t kMagic = 0x314D5643;  // "CVM1"
constexpr uint32_t kVersion = 1;
constexpr uint32_t kPageBytes = 4096, kPageWords = kPageBytes / 4;
constexpr uint32_t kDescriptorWords = 64;
constexpr uint32_t kNameBytes = 40;
constexpr uint32_t kMaxProcesses = 128;     // P
constexpr uint32_t kMaxSlots = 65536;       // what the kernel has tables for
constexpr uint32_t kMaxTablePages = 256;    // likewise; each holds the entries of 1024 pages
constexpr uint32_t kMaskBits = 0x001FCFC0;  // bits 6..11 and 14..20: what a mask may have (decisions.md, 31)

// The words of the header, and of a descriptor.
enum HeaderWord : uint32_t {
  kMagicWord, kVersionWord, kHeaderPagesWord, kSlotsWord, kTablePagesWord, kProcessesWord, kDescriptorsWord, kChecksumWord,
  kFramesWord, kHeaderWordsEnd
};
enum DescriptorWord : uint32_t {
  kSizeWord, kMaskWord, kDpcWord, kPcWord, kFirstSlotWord, kBitmapWord, kNameWord, kGprWord = 16, kDescriptorWordsEnd = 48
};

// A user process at the beginning: process u is the u-th. Page i is zero, or in slot firstSlot + i.
struct Process {
  std::string name{};  // at most kNameBytes bytes, none of them 0
  uint32_t mask = 0, dpc = 0, pc = 4;
  std::array<uint32_t, 32> gpr{};
  uint32_t firstSlot = 0;
  std::vector<bool> zero{};  // one for each page

  uint32_t pages() const { return uint32_t(zero.size()); }  // V
};

struct Header {
  uint32_t headerPages = 0;
  uint32_t slots = 0;
  uint32_t tablePages = 0;
  uint32_t frames = 0;  // most frames that users may have, 0: all
  std::vector<Process> processes;

  // Where the slot begins in the disk.
  uint64_t slotOffset(uint32_t slot) const { return uint64_t(headerPages + slot) * kPageBytes; }
};

// Table pages that a process of so many pages takes.
constexpr uint32_t tablePagesOf(uint32_t pages) { return (pages + kPageWords - 1) / kPageWords; }

// Everything that is wrong with an image, [bad-image], each with its place; none: it is good, and `header` is what it says.
std::vector<base::Error> check(std::span<const uint8_t> image, Header& header);
// The same, telling the first.
base::Result<Header> read(std::span<const uint8_t> image);

// The process's memory at the beginning, of an image that was read.
std::vector<uint8_t> memory(std::span<const uint8_t> image, const Header& header, const Process& process);

// A disk with these processes; memories[u - 1] are the bytes of process u, whole pages. headerPages, firstSlot and zero are set here.
// Errors [image-limit]: too many processes, slots or table pages, a name too long.
base::Result<std::vector<uint8_t>> build(Header header, const std::vector<std::vector<uint8_t>>& memories);

}  // namespace cvmimage
