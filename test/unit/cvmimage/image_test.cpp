// Disk images: what is built is read back; every word that is wrong is found at its place; any bytes are survived.
#include <gtest/gtest.h>

#include <random>

#include "assembler/base/bytes.h"
#include "vm/cvmimage/cvmimage.h"

namespace cvmimage {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes pages(std::initializer_list<int> fill) {
  Bytes bytes;
  for (int each : fill) bytes.insert(bytes.end(), kPageBytes, uint8_t(each));
  return bytes;
}

Header twoProcesses() {
  Header header;
  header.slots = 10, header.tablePages = 3, header.frames = 2;
  header.processes.push_back({.name = "init", .mask = 0x8000, .dpc = 8, .pc = 12});
  header.processes.push_back({.name = "shell"});
  header.processes[1].gpr[31] = 7;
  return header;
}
Bytes good() {
  auto image = build(twoProcesses(), {pages({1, 0, 2}), pages({0, 0, 3, 0})});
  EXPECT_TRUE(image) << image.error().text;
  return *image;
}

// Changes a word and keeps the checksum right.
void set(Bytes& image, uint32_t word, uint32_t value) {
  const uint32_t old = base::load<uint32_t>(&image[4 * word]), sum = base::load<uint32_t>(&image[4 * kChecksumWord]);
  base::store(&image[4 * word], value);
  if (word != kChecksumWord) base::store(&image[4 * kChecksumWord], sum + old - value);
}
std::string firstError(const Bytes& image) {
  Header header;
  const std::vector<base::Error> errors = check(image, header);
  return errors.empty() ? "" : errors.front().place + ": " + errors.front().text;
}

TEST(Image, IsReadAsItWasBuilt) {
  const Bytes image = good();
  ASSERT_EQ(image.size(), (2 + 10) * kPageBytes);
  const auto header = read(image);
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(header->headerPages, 2u);
  EXPECT_EQ(header->slots, 10u);
  EXPECT_EQ(header->tablePages, 3u);
  EXPECT_EQ(header->frames, 2u);
  ASSERT_EQ(header->processes.size(), 2u);
  const Process &init = header->processes[0], &shell = header->processes[1];
  EXPECT_EQ(init.name, "init");
  EXPECT_EQ(init.mask, 0x8000u);
  EXPECT_EQ(init.dpc, 8u);
  EXPECT_EQ(init.pc, 12u);
  EXPECT_EQ(init.zero, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(shell.firstSlot, 3u);
  EXPECT_EQ(shell.gpr[31], 7u);
  EXPECT_EQ(memory(image, *header, init), pages({1, 0, 2}));
  EXPECT_EQ(memory(image, *header, shell), pages({0, 0, 3, 0}));
}

TEST(Image, WhatIsInTheSlotOfAZeroPageDoesNotMatter) {
  Bytes image = good();
  image[3 * kPageBytes] = 9;
  const auto header = read(image);
  ASSERT_TRUE(header);
  EXPECT_EQ(memory(image, *header, header->processes[0]), pages({1, 0, 2}));
}

TEST(Image, ManyPages) {
  Header header;
  header.slots = 1100, header.tablePages = 2;
  header.processes.push_back({.name = "large"});
  Bytes large(1025 * kPageBytes);
  for (uint32_t page = 0; page < 1025; page += 3) large[page * kPageBytes + 5] = uint8_t(page | 1);
  auto image = build(header, {large});
  ASSERT_TRUE(image) << image.error().text;
  const auto back = read(*image);
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(memory(*image, *back, back->processes[0]), large);
  header.tablePages = 1;
  image = build(header, {large});
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().text, "the processes need 2 table pages, but there are 1");
}

TEST(Image, WrongWordsAreFound) {
  const uint32_t first = kPageWords, second = kPageWords + kDescriptorWords;
  const struct {
    uint32_t word, value;
    const char* error;
  } cases[] = {
      {kMagicWord, 1, "header, word 0 (magic): this is no disk image of CVM: 0x00000001 instead of 0x314d5643"},
      {kVersionWord, 2, "header, word 1 (version): version 2, but only 1 is known"},
      {kHeaderPagesWord, 0, "header, word 2 (header pages): 0 header pages, but the file has 12 pages"},
      {kHeaderPagesWord, 13, "header, word 2 (header pages): 13 header pages, but the file has 12 pages"},
      {kSlotsWord, 11, "header, word 3 (slots): 11 slots behind 2 header pages, but the file has 12 pages"},
      {kSlotsWord, 0, "header, word 3 (slots): 0 slots, outside 1..65536"},
      {kTablePagesWord, 257, "header, word 4 (table pages): 257 table pages, more than 256"},
      {kTablePagesWord, 1, "header, word 4 (table pages): the processes need 2 table pages, but there are 1"},
      {kProcessesWord, 129, "header, word 5 (processes): 129 processes, more than 128"},
      {kDescriptorsWord, 8192, "header, word 6 (descriptors): the descriptors begin at byte 8192 instead of 4096"},
      {kChecksumWord, 5, "header, word 7 (checksum): the words of the header sum up to "},
      {kFramesWord, 1, "header, word 8 (frames): one frame: two are the fewest with which every instruction gets on"},
      {20, 3, "header, word 20: is 0x00000003, but nothing is there: 0"},
      {first + kSizeWord, 4, "descriptor of process 2, word 4 (first slot): slot 3 belongs to process 1, too"},
      {first + kSizeWord, 11, "descriptor of process 1, word 0 (size): 11 pages, but there are 10 slots"},
      {second + kFirstSlotWord, 7, "descriptor of process 2, word 4 (first slot): slots 7..10, but there are 10"},
      {second + kBitmapWord, 4096, "descriptor of process 2, word 5 (bitmap): lies among the descriptors, which end at byte 4608"},
      {second + kBitmapWord, 4608, "descriptor of process "},
      {second + kBitmapWord, 4610, "descriptor of process 2, word 5 (bitmap): byte 4610 is no word's address"},
      {second + kBitmapWord, 8192, "descriptor of process 2, word 5 (bitmap): bytes 8192..8196 are not inside the header"},
      {4608 / 4, 8 + 2, "descriptor of process 1, word 5 (bitmap): bit 3 is set, but the process has 3 pages"},
      {second + kNameWord, 0, "descriptor of process 2, word 6: the name is empty"},
      {second + kNameWord, 0x01010101, "descriptor of process 2, word 6: the name has characters that cannot be printed"},
      {second + kNameWord + 4, 1, "descriptor of process 2, word 6: bytes other than 0 follow the name"},
      {second + 63, 1, "descriptor of process 2, word 63: is 0x00000001, but nothing is there: 0"},
  };
  for (const auto& each : cases) {
    Bytes image = good();
    set(image, each.word, each.value);
    EXPECT_EQ(firstError(image).substr(0, std::string(each.error).size()), each.error) << each.word;
  }
}

TEST(Image, OtherBitsOfTheMaskAndRegister0AreIgnored) {
  Bytes image = good();
  set(image, kPageWords + kMaskWord, 0xFFFFFFFF);
  set(image, kPageWords + kGprWord, 5);
  const auto header = read(image);
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(header->processes[0].mask, kMaskBits);
  EXPECT_EQ(header->processes[0].gpr[0], 0u);
}

TEST(Image, SizeOfTheFile) {
  Bytes image = good();
  image.pop_back();
  EXPECT_EQ(firstError(image), ": the file's size, 49151 bytes, is not a multiple of 4096");
  image.resize(100);
  EXPECT_EQ(firstError(image), ": the file has 100 bytes, less than a header of one page");
  EXPECT_NE(firstError({}), "");
}

TEST(Image, WhatCannotBeBuilt) {
  const auto error = [](const Header& header, const std::vector<Bytes>& memories) {
    auto image = build(header, memories);
    return image ? "" : image.error().place + ": " + image.error().text;
  };
  Header header = twoProcesses();
  const std::vector<Bytes> memories = {pages({1}), pages({2})};
  header.slots = 1;
  EXPECT_EQ(error(header, memories), ": the processes have 2 pages, but there are 1 slots");
  header.slots = 65537;
  EXPECT_EQ(error(header, memories), ": 65537 slots, outside 1..65536");
  header = twoProcesses(), header.frames = 1;
  EXPECT_EQ(error(header, memories), ": one frame: two are the fewest with which every instruction gets on");
  header = twoProcesses(), header.processes[1].name = "init";
  EXPECT_EQ(error(header, memories), "init: two processes have this name");
  header.processes[1].name = std::string(41, 'x');
  EXPECT_EQ(error(header, memories), std::string(41, 'x') + ": a name has 1 to 40 printable characters");
  header = {}, header.slots = 200;
  for (int i = 0; i < 129; i++) header.processes.push_back({.name = std::to_string(i)});
  EXPECT_EQ(error(header, std::vector<Bytes>(129)), ": 129 processes, but there can be 128");
}

// Whatever the bytes: an answer, and if it is "good", memory() stays inside.
TEST(Image, SurvivesAnyBytes) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; round++) {
    Bytes image = good();
    for (unsigned changes = 1 + random() % 4; changes; changes--) {
      const uint32_t word = random() % 2 ? random() % kHeaderWordsEnd : random() % (2 * kPageWords);
      const uint32_t value = random() % 3 == 0 ? random() : random() % 3 == 0 ? 0xFFFFFFFF - random() % 8 : random() % 8200;
      if (random() % 8) set(image, word, value);
      else base::store(&image[4 * word], value);
    }
    Header header;
    if (!check(image, header).empty()) continue;
    for (const Process& process : header.processes)
      ASSERT_EQ(memory(image, header, process).size(), size_t(process.pages()) * kPageBytes);
  }
}

}  // namespace
}  // namespace cvmimage
