#include "vm/devices/disk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace devices {
namespace {

constexpr uint32_t kSectors = 300;
constexpr uint32_t kBusy = 0x80, kDataRequest = 0x08, kError = 0x01;

struct DiskTest : testing::Test {
  Disk disk{std::make_unique<MemoryStorage>(kSectors)};
  uint64_t now = 0;

  void select(uint32_t lba, uint32_t count) {
    disk.write(2, count, now);
    disk.write(3, lba & 0xFF, now), disk.write(4, lba >> 8 & 0xFF, now), disk.write(5, lba >> 16 & 0xFF, now);
    disk.write(6, 0xE0 | lba >> 24, now);
  }
  // Waits as a driver that polls the alternate status would.
  uint32_t settle() {
    EXPECT_EQ(disk.read(8, now) & kBusy, kBusy);
    EXPECT_EQ(disk.nextEvent(now), now + Disk::kLatency);
    now += Disk::kLatency - 1;
    EXPECT_EQ(disk.read(8, now) & kBusy, kBusy);
    return disk.read(8, ++now);
  }
  void put(uint32_t first) {
    for (uint32_t i = 0; i < 128; i++) disk.write(0, first + i, now);
  }
};

TEST_F(DiskTest, WritesAndReadsBack) {
  select(7, 2);
  disk.write(7, 0x30, now);
  EXPECT_EQ(disk.read(8, now), 0x50 | kDataRequest);
  EXPECT_FALSE(disk.line(now));
  put(1000);
  EXPECT_EQ(settle(), 0x50 | kDataRequest);
  EXPECT_TRUE(disk.line(now));
  EXPECT_EQ(disk.read(7, now), 0x50 | kDataRequest);  // acknowledges
  EXPECT_FALSE(disk.line(now));
  put(2000);
  EXPECT_EQ(settle(), 0x50u);
  EXPECT_TRUE(disk.line(now));
  EXPECT_EQ(disk.sectorsWritten(), 2u);

  select(8, 1);
  disk.write(7, 0x20, now);
  EXPECT_FALSE(disk.line(now));
  EXPECT_EQ(settle(), 0x50 | kDataRequest);
  EXPECT_TRUE(disk.line(now));
  for (uint32_t i = 0; i < 128; i++) EXPECT_EQ(disk.read(0, now), 2000 + i);
  EXPECT_EQ(disk.read(8, now), 0x50u);
  EXPECT_EQ(disk.read(0, now), 0u);
  EXPECT_EQ(disk.sectorsRead(), 1u);
}

TEST_F(DiskTest, CountZeroIs256) {
  select(0, 0);
  disk.write(7, 0x20, now);
  for (unsigned sector = 0; sector < 256; sector++) {
    ASSERT_EQ(settle(), 0x50 | kDataRequest);
    for (unsigned i = 0; i < 128; i++) disk.read(0, now);
  }
  EXPECT_EQ(disk.read(8, now), 0x50u);
  EXPECT_EQ(disk.sectorsRead(), 256u);
}

TEST_F(DiskTest, PastTheEnd) {
  select(kSectors - 1, 2);
  disk.write(7, 0x20, now);
  EXPECT_EQ(settle(), 0x50 | kDataRequest);
  for (unsigned i = 0; i < 128; i++) disk.read(0, now);
  EXPECT_EQ(settle(), 0x50 | kError);
  EXPECT_EQ(disk.read(1, now), 0x10u);  // IDNF
  EXPECT_TRUE(disk.line(now));
  EXPECT_EQ(disk.read(3, now), kSectors & 0xFF);  // where it failed
  EXPECT_EQ(disk.read(4, now), kSectors >> 8);

  select(kSectors, 1);
  disk.write(7, 0x30, now);
  EXPECT_EQ(disk.read(7, now), 0x50 | kError);
  EXPECT_EQ(disk.read(1, now), 0x10u);
  select(0x0FFFFFFF, 1);
  disk.write(7, 0x20, now);
  EXPECT_EQ(settle(), 0x50 | kError);
}

TEST_F(DiskTest, InjectedFaults) {
  disk.injectFault(5);
  select(5, 1);
  disk.write(7, 0x20, now);
  EXPECT_EQ(settle(), 0x50 | kError);
  EXPECT_EQ(disk.read(1, now), 0x40u);  // UNC
  select(5, 1);
  disk.write(7, 0x30, now);
  put(1);
  EXPECT_EQ(settle(), 0x50 | kError);
  EXPECT_EQ(disk.read(1, now), 0x40u);
  select(6, 1);
  disk.write(7, 0x20, now);
  EXPECT_EQ(settle(), 0x50 | kDataRequest);
  EXPECT_EQ(disk.read(1, now), 0u);
}

TEST_F(DiskTest, TransferFailsOnceOrForGood) {
  for (bool stays : {false, true}) {
    disk.failTransfer(2, stays);
    for (uint32_t sector : {3u, 4u, 4u, 5u}) {
      const uint64_t before = disk.transfers();
      select(sector, 1);
      disk.write(7, 0x20, now);
      const bool fails = before % 4 == 1 || (stays && before % 4 == 2);
      EXPECT_EQ(settle(), fails ? 0x50 | kError : 0x50 | kDataRequest) << before;
      EXPECT_EQ(disk.transfers(), before + 1);
    }
  }
}

TEST_F(DiskTest, Identify) {
  disk.write(7, 0xEC, now);
  EXPECT_EQ(settle(), 0x50 | kDataRequest);
  uint32_t words[128];
  for (uint32_t& word : words) word = disk.read(0, now);
  EXPECT_EQ(words[24] >> 16 & 0x200, 0x200u);  // word 49: LBA
  EXPECT_EQ(words[30], kSectors);              // words 60, 61
  EXPECT_EQ(words[13] >> 16, uint32_t('V' << 8 | 'A'));
}

TEST_F(DiskTest, OtherCommands) {
  for (uint32_t command : {0x10u, 0x91u, 0xE7u}) {
    disk.write(7, command, now);
    EXPECT_EQ(settle(), 0x50u);
    EXPECT_TRUE(disk.line(now));
  }
  disk.write(7, 0x99, now);
  EXPECT_EQ(disk.read(7, now), 0x50 | kError);
  EXPECT_EQ(disk.read(1, now), 0x04u);  // ABRT
  disk.write(6, 0xA0, now);             // CHS is not supported
  disk.write(7, 0x20, now);
  EXPECT_EQ(disk.read(1, now), 0x04u);
}

TEST_F(DiskTest, InterruptsCanBeDisabledAndTheDriveReset) {
  disk.write(8, 0x02, now);
  select(0, 1);
  disk.write(7, 0x20, now);
  settle();
  EXPECT_FALSE(disk.line(now));
  disk.write(8, 0x00, now);
  EXPECT_TRUE(disk.line(now));
  disk.write(8, 0x04, now);
  EXPECT_EQ(disk.read(8, now), kBusy);
  disk.write(8, 0x00, now);
  EXPECT_EQ(disk.read(8, now), 0x50u);
  EXPECT_EQ(disk.read(1, now), 1u);
  EXPECT_FALSE(disk.line(now));
}

TEST_F(DiskTest, BusyRegistersAndTheMissingSecondDrive) {
  select(3, 1);
  disk.write(7, 0x20, now);
  disk.write(3, 99, now);  // ignored while busy
  settle();
  EXPECT_EQ(disk.read(3, now), 3u);
  disk.write(6, 0xF0, now);
  EXPECT_EQ(disk.read(7, now), 0u);
  EXPECT_FALSE(disk.line(now));
  EXPECT_EQ(disk.read(9, now), 0u);
}

TEST(DiskFile, KeepsSectors) {
  std::string path = testing::TempDir().append("disk-").append(std::to_string(::getpid()));
  std::ofstream(path) << std::string(1024, 'a');
  {
    auto storage = openDiskFile(path);
    ASSERT_TRUE(storage);
    EXPECT_EQ((*storage)->sectors(), 2u);
    uint8_t sector[kSectorBytes] = {'z'};
    EXPECT_TRUE((*storage)->write(1, sector));
    EXPECT_TRUE((*storage)->read(0, sector));
    EXPECT_EQ(sector[511], 'a');
  }
  std::ifstream file(path);
  std::string content(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(content.size(), 1024u);
  EXPECT_EQ(content[512], 'z');
  std::remove(path.c_str());
}

TEST(DiskFile, SnapshotLeavesItAsItIs) {
  std::string path = testing::TempDir().append("snapshot-").append(std::to_string(::getpid()));
  std::ofstream(path) << std::string(1024, 'a');
  auto storage = openDiskFile(path, true);
  ASSERT_TRUE(storage);
  uint8_t sector[kSectorBytes] = {'z'}, back[kSectorBytes] = {};
  EXPECT_TRUE((*storage)->write(1, sector));
  EXPECT_TRUE((*storage)->read(1, back));
  EXPECT_EQ(back[0], 'z');
  EXPECT_TRUE((*storage)->read(0, back));
  EXPECT_EQ(back[0], 'a');
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), std::string(1024, 'a'));
  std::remove(path.c_str());
}

TEST(DiskFile, BadFiles) {
  EXPECT_EQ(openDiskFile("/nonexistent/disk").error().id, "bad-disk");
  EXPECT_EQ(openDiskFile(testing::TempDir()).error().id, "bad-disk");
  std::string path = testing::TempDir().append("odd-").append(std::to_string(::getpid()));
  for (size_t size : {0u, 1u, 511u, 513u}) {
    std::ofstream(path) << std::string(size, 'a');
    auto storage = openDiskFile(path);
    ASSERT_FALSE(storage);
    EXPECT_NE(storage.error().text.find(std::to_string(size)), std::string::npos);
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace devices
