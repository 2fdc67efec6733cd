#include <algorithm>
#include <cstring>

#include "assembler/base/bytes.h"
#include "vm/cvmimage/cvmimage.h"

namespace cvmimage {
namespace {

base::Error limit(std::string text, std::string place = "") { return {std::move(text), "image-limit", std::move(place)}; }

base::Status checkLimits(const Header& header, uint64_t pages, uint64_t tables) {
  if (header.processes.size() > kMaxProcesses)
    return limit(std::to_string(header.processes.size()) + " processes, but there can be " + std::to_string(kMaxProcesses));
  if (header.slots == 0 || header.slots > kMaxSlots) return limit(std::to_string(header.slots) + " slots, outside 1.." + std::to_string(kMaxSlots));
  if (pages > header.slots) return limit("the processes have " + std::to_string(pages) + " pages, but there are " + std::to_string(header.slots) + " slots");
  if (header.tablePages > kMaxTablePages)
    return limit(std::to_string(header.tablePages) + " table pages, but there can be " + std::to_string(kMaxTablePages));
  if (tables > header.tablePages)
    return limit("the processes need " + std::to_string(tables) + " table pages, but there are " + std::to_string(header.tablePages));
  if (header.frames == 1) return limit("one frame: two are the fewest with which every instruction gets on");
  for (const Process& process : header.processes) {
    if (process.name.empty() || process.name.size() > kNameBytes ||
        std::any_of(process.name.begin(), process.name.end(), [](char c) { return c < 0x20 || c >= 0x7F; }))
      return limit("a name has 1 to " + std::to_string(kNameBytes) + " printable characters", process.name);
    if (std::count_if(header.processes.begin(), header.processes.end(), [&](const Process& other) { return other.name == process.name; }) > 1)
      return limit("two processes have this name", process.name);
  }
  return base::Ok{};
}

bool isZero(const uint8_t* page) {
  return std::all_of(page, page + kPageBytes, [](uint8_t byte) { return byte == 0; });
}

class Builder {
 public:
  Builder(const Header& header, size_t size) : header_(header), bytes_(size) {}

  std::vector<uint8_t> run(const std::vector<std::vector<uint8_t>>& memories) {
    const uint32_t first[kHeaderWordsEnd] = {kMagic, kVersion, header_.headerPages, header_.slots, header_.tablePages,
                                             uint32_t(header_.processes.size()), kPageBytes, 0, header_.frames};
    for (uint32_t i = 0; i < kHeaderWordsEnd; i++) put(i, first[i]);
    uint32_t bitmap = kPageWords + uint32_t(header_.processes.size()) * kDescriptorWords;
    for (size_t u = 0; u < header_.processes.size(); u++) {
      const Process& process = header_.processes[u];
      descriptor(kPageWords + uint32_t(u) * kDescriptorWords, process, bitmap);
      for (uint32_t page = 0; page < process.pages(); page++) {
        if (process.zero[page]) put(bitmap + page / 32, get(bitmap + page / 32) | 1u << (page % 32));
        else std::memcpy(&bytes_[header_.slotOffset(process.firstSlot + page)], &memories[u][size_t(page) * kPageBytes], kPageBytes);
      }
      bitmap += (process.pages() + 31) / 32;
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < header_.headerPages * kPageWords; i++) sum += get(i);
    put(kChecksumWord, 0 - sum);
    return std::move(bytes_);
  }

 private:
  void descriptor(uint32_t at, const Process& process, uint32_t bitmap) {
    put(at + kSizeWord, process.pages());
    put(at + kMaskWord, process.mask & kMaskBits);
    put(at + kDpcWord, process.dpc);
    put(at + kPcWord, process.pc);
    put(at + kFirstSlotWord, process.firstSlot);
    put(at + kBitmapWord, bitmap * 4);
    std::memcpy(&bytes_[4 * (at + kNameWord)], process.name.data(), process.name.size());
    for (uint32_t r = 1; r < 32; r++) put(at + kGprWord + r, process.gpr[r]);
  }
  void put(uint32_t word, uint32_t value) { base::store(&bytes_[4 * size_t(word)], value); }
  uint32_t get(uint32_t word) const { return base::load<uint32_t>(&bytes_[4 * size_t(word)]); }

  const Header& header_;
  std::vector<uint8_t> bytes_;
};

}  // namespace

base::Result<std::vector<uint8_t>> build(Header header, const std::vector<std::vector<uint8_t>>& memories) {
  uint64_t words = kPageWords + header.processes.size() * kDescriptorWords, pages = 0, tables = 0;
  for (size_t u = 0; u < header.processes.size(); u++) {
    Process& process = header.processes[u];
    const uint32_t size = uint32_t(memories[u].size() / kPageBytes);
    process.firstSlot = uint32_t(pages);
    process.zero.resize(size);
    for (uint32_t page = 0; page < size; page++) process.zero[page] = isZero(&memories[u][size_t(page) * kPageBytes]);
    pages += size, tables += tablePagesOf(size), words += (size + 31) / 32;
  }
  if (base::Status status = checkLimits(header, pages, tables); !status) return status.error();
  header.headerPages = uint32_t((words + kPageWords - 1) / kPageWords);
  return Builder(header, (size_t(header.headerPages) + header.slots) * kPageBytes).run(memories);
}

}  // namespace cvmimage
