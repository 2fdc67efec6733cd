#include <algorithm>
#include <cstring>

#include "assembler/base/bytes.h"
#include "vm/cvmimage/cvmimage.h"

namespace cvmimage {
namespace {

constexpr const char* kHeaderNames[] = {"magic",     "version",     "header pages", "slots", "table pages",
                                        "processes", "descriptors", "checksum",     "frames"};
constexpr const char* kDescriptorNames[] = {"size", "mask", "DPC", "PC", "first slot", "bitmap"};

std::string number(uint64_t value) { return std::to_string(value); }
std::string hex(uint32_t value) {
  char text[12];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

class Checker {
 public:
  Checker(std::span<const uint8_t> image, Header& header) : image_(image), header_(header) {}

  std::vector<base::Error> run() {
    header_ = {};
    if (page() && sizes()) {
      descriptors();
      slots();
      frames();
    }
    return std::move(errors_);
  }

 private:
  void fail(std::string place, std::string text) { errors_.push_back({std::move(text), "bad-image", std::move(place)}); }
  void headerFault(HeaderWord word, std::string text) {
    fail("header, word " + number(word) + " (" + kHeaderNames[word] + ")", std::move(text));
  }
  void processFault(DescriptorWord word, std::string text) {
    fail("descriptor of process " + number(process_) + ", word " + number(word) +
             (word < std::size(kDescriptorNames) ? std::string(" (") + kDescriptorNames[word] + ")" : ""),
         std::move(text));
  }
  uint32_t word(uint64_t index) const { return base::load<uint32_t>(image_.data() + 4 * index); }

  // What makes it an image at all; without it nothing else is looked at.
  bool page() {
    if (image_.size() < kPageBytes) {
      fail("", "the file has " + number(image_.size()) + " bytes, less than a header of one page");
    } else if (word(kMagicWord) != kMagic) {
      headerFault(kMagicWord, "this is no disk image of CVM: " + hex(word(kMagicWord)) + " instead of " + hex(kMagic));
    } else if (word(kVersionWord) != kVersion) {
      headerFault(kVersionWord, "version " + number(word(kVersionWord)) + ", but only 1 is known");
    }
    return errors_.empty();
  }

  bool sizes() {
    header_.headerPages = word(kHeaderPagesWord), header_.slots = word(kSlotsWord);
    header_.tablePages = word(kTablePagesWord), header_.frames = word(kFramesWord);
    processes_ = word(kProcessesWord);
    const uint64_t pages = image_.size() / kPageBytes;
    if (image_.size() % kPageBytes) fail("", "the file's size, " + number(image_.size()) + " bytes, is not a multiple of 4096");
    if (header_.slots == 0 || header_.slots > kMaxSlots)
      headerFault(kSlotsWord, number(header_.slots) + " slots, outside 1.." + number(kMaxSlots));
    if (header_.tablePages > kMaxTablePages)
      headerFault(kTablePagesWord, number(header_.tablePages) + " table pages, more than " + number(kMaxTablePages));
    if (processes_ > kMaxProcesses)
      headerFault(kProcessesWord, number(processes_) + " processes, more than " + number(kMaxProcesses));
    if (word(kDescriptorsWord) != kPageBytes)
      headerFault(kDescriptorsWord, "the descriptors begin at byte " + number(word(kDescriptorsWord)) + " instead of 4096");
    if (header_.headerPages == 0 || header_.headerPages > pages) {
      headerFault(kHeaderPagesWord, number(header_.headerPages) + " header pages, but the file has " + number(pages) + " pages");
      return false;
    }
    if (uint64_t(header_.headerPages) + header_.slots > pages)
      headerFault(kSlotsWord, number(header_.slots) + " slots behind " + number(header_.headerPages) + " header pages, but the file has " +
                                  number(pages) + " pages");
    checksum();
    if (processes_ <= kMaxProcesses && descriptorsEnd() > headerEnd())
      headerFault(kHeaderPagesWord, "the descriptors of " + number(processes_) + " processes do not fit " + number(header_.headerPages) +
                                        " header pages");
    return errors_.empty();
  }
  uint64_t headerEnd() const { return uint64_t(header_.headerPages) * kPageBytes; }
  uint64_t descriptorsEnd() const { return processes_ ? kPageBytes + uint64_t(processes_) * kDescriptorWords * 4 : kPageBytes; }

  void checksum() {
    uint32_t sum = 0;
    for (uint64_t i = 0; i < headerEnd() / 4; i++) sum += word(i);
    if (sum != 0) headerFault(kChecksumWord, "the words of the header sum up to " + hex(sum) + " instead of 0");
    for (uint64_t i = kHeaderWordsEnd; i < kPageWords; i++)
      if (word(i) != 0) return fail("header, word " + number(i), "is " + hex(word(i)) + ", but nothing is there: 0");
  }

  void descriptors() {
    bitmaps_.push_back({0, descriptorsEnd(), 0});
    for (process_ = 1; process_ <= processes_; process_++) {
      at_ = kPageWords + uint64_t(process_ - 1) * kDescriptorWords;
      header_.processes.push_back(descriptor());
    }
    std::sort(bitmaps_.begin(), bitmaps_.end());
    for (size_t i = 1; i < bitmaps_.size(); i++) {
      process_ = bitmaps_[i].process;
      if (bitmaps_[i].begin < bitmaps_[i - 1].end)
        processFault(kBitmapWord, bitmaps_[i - 1].process
                                      ? "overlaps the bitmap of process " + number(bitmaps_[i - 1].process)
                                      : std::string("lies among the descriptors, which end at byte ") + number(descriptorsEnd()));
    }
  }

  Process descriptor() {
    Process process;
    auto at = [&](uint32_t index) { return word(at_ + index); };
    process.mask = at(kMaskWord) & kMaskBits, process.dpc = at(kDpcWord), process.pc = at(kPcWord), process.firstSlot = at(kFirstSlotWord);
    for (uint32_t r = 1; r < 32; r++) process.gpr[r] = at(kGprWord + r);
    for (uint32_t i = kDescriptorWordsEnd; i < kDescriptorWords; i++)
      if (at(i) != 0) processFault(DescriptorWord(i), "is " + hex(at(i)) + ", but nothing is there: 0");
    name(process);
    size(process);
    return process;
  }

  void name(Process& process) {
    const uint8_t* begin = image_.data() + 4 * (at_ + kNameWord);
    const uint8_t* end = std::find(begin, begin + kNameBytes, 0);
    process.name.assign(begin, end);
    if (process.name.empty()) processFault(kNameWord, "the name is empty");
    if (std::any_of(end, begin + kNameBytes, [](uint8_t byte) { return byte != 0; }))
      processFault(kNameWord, "bytes other than 0 follow the name");
    if (std::any_of(begin, end, [](uint8_t byte) { return byte < 0x20 || byte >= 0x7F; }))
      processFault(kNameWord, "the name has characters that cannot be printed");
  }

  void size(Process& process) {
    const uint32_t pages = word(at_ + kSizeWord), bitmap = word(at_ + kBitmapWord);
    if (pages > header_.slots) return processFault(kSizeWord, number(pages) + " pages, but there are " + number(header_.slots) + " slots");
    const uint32_t bytes = (pages + 31) / 32 * 4;
    if (bitmap % 4 != 0) return processFault(kBitmapWord, "byte " + number(bitmap) + " is no word's address");
    if (uint64_t(bitmap) + bytes > headerEnd())
      return processFault(kBitmapWord, "bytes " + number(bitmap) + ".." + number(uint64_t(bitmap) + bytes) + " are not inside the header");
    if (bytes) bitmaps_.push_back({bitmap, uint64_t(bitmap) + bytes, process_});
    for (uint32_t page = 0; page < bytes * 8; page++) {
      const bool zero = word(bitmap / 4 + page / 32) >> (page % 32) & 1;
      if (page < pages) process.zero.push_back(zero);
      else if (zero) return processFault(kBitmapWord, "bit " + number(page) + " is set, but the process has " + number(pages) + " pages");
    }
  }

  // Slots belong to one page each, and ptspace must hold all tables.
  void slots() {
    std::vector<Range> ranges;
    uint64_t tables = 0;
    for (process_ = 1; process_ <= header_.processes.size(); process_++) {
      const Process& process = header_.processes[process_ - 1];
      tables += tablePagesOf(process.pages());
      if (process.pages() == 0) continue;
      const uint64_t end = uint64_t(process.firstSlot) + process.pages();
      if (end > header_.slots)
        processFault(kFirstSlotWord, "slots " + number(process.firstSlot) + ".." + number(end - 1) + ", but there are " +
                                         number(header_.slots));
      ranges.push_back({process.firstSlot, end, process_});
    }
    std::sort(ranges.begin(), ranges.end());
    for (size_t i = 1; i < ranges.size(); i++) {
      process_ = ranges[i].process;
      if (ranges[i].begin < ranges[i - 1].end)
        processFault(kFirstSlotWord, "slot " + number(ranges[i].begin) + " belongs to process " + number(ranges[i - 1].process) + ", too");
    }
    if (tables > header_.tablePages)
      headerFault(kTablePagesWord, "the processes need " + number(tables) + " table pages, but there are " + number(header_.tablePages));
  }

  void frames() {
    if (header_.frames == 1) headerFault(kFramesWord, "one frame: two are the fewest with which every instruction gets on");
  }

  struct Range {
    uint64_t begin, end;
    uint32_t process;
    bool operator<(const Range& other) const { return begin < other.begin; }
  };

  std::span<const uint8_t> image_;
  Header& header_;
  uint32_t processes_ = 0;
  uint32_t process_ = 0;  // whose descriptor is looked at
  uint64_t at_ = 0;       // the word at which it begins
  std::vector<Range> bitmaps_;  // bytes, with the descriptors as process 0
  std::vector<base::Error> errors_;
};

}  // namespace

std::vector<base::Error> check(std::span<const uint8_t> image, Header& header) { return Checker(image, header).run(); }

base::Result<Header> read(std::span<const uint8_t> image) {
  Header header;
  std::vector<base::Error> errors = check(image, header);
  if (!errors.empty()) return std::move(errors.front());
  return header;
}

std::vector<uint8_t> memory(std::span<const uint8_t> image, const Header& header, const Process& process) {
  std::vector<uint8_t> bytes(size_t(process.pages()) * kPageBytes);
  for (uint32_t page = 0; page < process.pages(); page++)
    if (!process.zero[page])
      std::memcpy(&bytes[size_t(page) * kPageBytes], &image[header.slotOffset(process.firstSlot + page)], kPageBytes);
  return bytes;
}

}  // namespace cvmimage
