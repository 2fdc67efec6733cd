// What a disk keeps its sectors on.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "assembler/base/result.h"

namespace devices {

constexpr uint32_t kSectorBytes = 512;
constexpr uint32_t kMaxSectors = 1u << 28;  // 28-bit LBA

class Storage {
 public:
  virtual ~Storage() = default;
  virtual uint32_t sectors() const = 0;
  // False: the medium failed.
  virtual bool read(uint32_t sector, uint8_t* to) = 0;
  virtual bool write(uint32_t sector, const uint8_t* from) = 0;
};

class MemoryStorage : public Storage {
 public:
  explicit MemoryStorage(uint32_t sectors) : bytes_(size_t(sectors) * kSectorBytes) {}
  // Whole sectors; the rest of the last one is zero.
  explicit MemoryStorage(std::vector<uint8_t> bytes) : bytes_(std::move(bytes)) {
    bytes_.resize((bytes_.size() + kSectorBytes - 1) / kSectorBytes * kSectorBytes);
  }

  uint32_t sectors() const override { return uint32_t(bytes_.size() / kSectorBytes); }
  bool read(uint32_t sector, uint8_t* to) override;
  bool write(uint32_t sector, const uint8_t* from) override;

 private:
  std::vector<uint8_t> bytes_;
};

// What is written stays here, the storage below is as it was.
class Snapshot : public Storage {
 public:
  explicit Snapshot(std::unique_ptr<Storage> below) : below_(std::move(below)) {}

  uint32_t sectors() const override { return below_->sectors(); }
  bool read(uint32_t sector, uint8_t* to) override;
  bool write(uint32_t sector, const uint8_t* from) override;

 private:
  std::unique_ptr<Storage> below_;
  std::unordered_map<uint32_t, std::array<uint8_t, kSectorBytes>> written_;
};

// An image file whose size is a multiple of 512 bytes, read and written in place; or only read, and what is written is forgotten.
// Errors [bad-disk].
base::Result<std::unique_ptr<Storage>> openDiskFile(const std::string& path, bool snapshot = false);

}  // namespace devices
