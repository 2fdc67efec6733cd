// A device whose state was saved at any time and loaded into another goes on as the first.
#include <gtest/gtest.h>

#include <random>

#include "test/unit/devices/text_console.h"
#include "vm/devices/system_bus.h"

namespace devices {
namespace {

std::vector<uint8_t> saved(const Device& device) {
  base::Writer to;
  device.save(to);
  return to.bytes;
}

bool load(Device& device, const std::vector<uint8_t>& bytes) {
  base::Reader from(bytes.data(), bytes.size());
  return device.load(from) && from.atEnd();
}

struct Board {
  TextConsole console;
  SystemBus bus{console, console, 4096, 5};
  Board() {
    bus.disk = std::make_unique<Disk>(std::make_shared<MemoryStorage>(8));
    bus.secondDisk = std::make_unique<Disk>(std::make_shared<MemoryStorage>(4));
  }
  std::vector<uint8_t> state() const {
    base::Writer to;
    bus.save(to);
    return to.bytes;
  }
};

// Accesses that make something of each device happen.
struct Access {
  unsigned device, port;
  bool write;
  uint32_t value;
  uint64_t time;
};
std::vector<Access> accesses(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Access> list;
  for (uint64_t time = 0; list.size() < 20000; time += random() % 300) {
    constexpr unsigned kDevices[] = {kDisk, kTimer, kSerial, kSecondDisk};
    constexpr uint32_t kCommands[] = {0x20, 0x30, 0xEC, 0xE7, 0x20, 0x77};
    const unsigned device = kDevices[random() % 4];
    Access access{device, unsigned(random() % 9), bool(random() % 2), uint32_t(random() % 16), time};
    if (device == kDisk || device == kSecondDisk) {
      if (access.port == 7 && access.write) access.value = kCommands[random() % 6];
      constexpr uint32_t kMask[] = {15, 15, 1, 7, 0, 0, 0, 0xFF, 2};
      access.value &= kMask[access.port];
      if (access.port == 6) access.value = 0xE0;
      if (access.port == 0)
        for (unsigned i = 0; i < 127; i++) list.push_back(access);
    }
    list.push_back(access);
  }
  return list;
}

uint32_t perform(SystemBus& bus, const Access& access) {
  if (access.write) bus.write(access.device, access.port, access.value, access.time);
  const uint32_t read = access.write ? 0 : bus.read(access.device, access.port, access.time);
  return read ^ bus.lines(access.time) ^ uint32_t(bus.nextEvent(access.time));
}

TEST(Saved, DevicesGoOnAsTheyWouldHave) {
  for (unsigned seed = 0; seed < 20; seed++) {
    const std::vector<Access> list = accesses(seed);
    Board first;
    first.console.input = std::string(1000, 'x');
    first.bus.disk->failTransfer(3, true);
    std::optional<Board> second;
    for (size_t i = 0; i < list.size(); i++) {
      if (i == list.size() / 20 * seed) {
        second.emplace();
        second->console.input = first.console.input;
        // What is on the disks is their owner's to keep.
        second->bus.disk->replaceStorage(std::make_shared<MemoryStorage>(static_cast<MemoryStorage&>(*first.bus.disk->storage())));
        second->bus.secondDisk->replaceStorage(std::make_shared<MemoryStorage>(static_cast<MemoryStorage&>(*first.bus.secondDisk->storage())));
        const std::vector<uint8_t> bytes = first.state();
        base::Reader from(bytes.data(), bytes.size());
        ASSERT_TRUE(second->bus.load(from));
        EXPECT_TRUE(from.atEnd());
        EXPECT_EQ(second->state(), bytes);
      }
      const uint32_t expected = perform(first.bus, list[i]);
      if (!second) continue;
      ASSERT_EQ(perform(second->bus, list[i]), expected) << "seed " << seed << ", access " << i;
    }
    EXPECT_EQ(second->state(), first.state());
    EXPECT_GT(first.bus.disk->transfers(), 3u);
  }
}

TEST(Saved, TheHostKnowsThatItStopped) {
  TextConsole console;
  Host first(console, 4096), second(console, 4096);
  first.write(0, 9, 0);
  ASSERT_TRUE(load(second, saved(first)));
  EXPECT_EQ(second.exitStatus(), 9u);
  EXPECT_FALSE(second.fault());
}

TEST(Saved, WhatIsNoStateIsRefused) {
  Board board;
  for (const Access& access : accesses(1)) perform(board.bus, access);
  const std::vector<uint8_t> bytes = board.state();
  for (size_t size = 0; size < bytes.size(); size++) {
    Board other;
    base::Reader from(bytes.data(), size);
    const auto status = other.bus.load(from);
    ASSERT_FALSE(status) << size;
    EXPECT_EQ(status.error().id, "bad-state");
  }
  Board fewer;
  fewer.bus.secondDisk = nullptr;
  base::Reader from(bytes.data(), bytes.size());
  const auto status = fewer.bus.load(from);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().text, "there is no such device");
  EXPECT_EQ(status.error().place, "device 5");
}

// Any bytes: refused, or a state in which the device can be used.
TEST(Saved, AnyBytesAreSurvived) {
  std::mt19937 random(1);
  Board board;
  const std::vector<Access> list = accesses(2);
  for (unsigned i = 0; i < 300; i++) perform(board.bus, list[i]);
  for (unsigned round = 0; round < 2000; round++) {
    std::vector<uint8_t> bytes = board.state();
    for (unsigned i = 0; i < 3; i++) bytes[random() % bytes.size()] = uint8_t(random());
    Board other;
    base::Reader from(bytes.data(), bytes.size());
    if (!other.bus.load(from)) continue;
    for (unsigned i = 300; i < 400; i++) perform(other.bus, list[i]);
  }
}

}  // namespace
}  // namespace devices
