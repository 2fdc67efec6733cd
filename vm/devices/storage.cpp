#include "vm/devices/storage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace devices {
namespace {

class FileStorage : public Storage {
 public:
  FileStorage(int file, uint32_t sectors) : file_(file), sectors_(sectors) {}
  ~FileStorage() override { ::close(file_); }

  uint32_t sectors() const override { return sectors_; }
  bool read(uint32_t sector, uint8_t* to) override {
    return ::pread(file_, to, kSectorBytes, off_t(sector) * kSectorBytes) == ssize_t(kSectorBytes);
  }
  bool write(uint32_t sector, const uint8_t* from) override {
    return ::pwrite(file_, from, kSectorBytes, off_t(sector) * kSectorBytes) == ssize_t(kSectorBytes);
  }

 private:
  int file_;
  uint32_t sectors_;
};

}  // namespace

bool MemoryStorage::read(uint32_t sector, uint8_t* to) {
  std::memcpy(to, bytes_.data() + size_t(sector) * kSectorBytes, kSectorBytes);
  return true;
}

bool MemoryStorage::write(uint32_t sector, const uint8_t* from) {
  std::memcpy(bytes_.data() + size_t(sector) * kSectorBytes, from, kSectorBytes);
  return true;
}

bool Snapshot::read(uint32_t sector, uint8_t* to) {
  auto found = written_.find(sector);
  if (found == written_.end()) return below_->read(sector, to);
  std::memcpy(to, found->second.data(), kSectorBytes);
  return true;
}

bool Snapshot::write(uint32_t sector, const uint8_t* from) {
  std::memcpy(written_[sector].data(), from, kSectorBytes);
  return true;
}

base::Result<std::unique_ptr<Storage>> openDiskFile(const std::string& path, bool snapshot) {
  auto error = [&](const std::string& text) { return base::Error{text, "bad-disk", path}; };
  int file = ::open(path.c_str(), (snapshot ? O_RDONLY : O_RDWR) | O_CLOEXEC);
  if (file < 0) return error(std::string("cannot open the disk: ") + std::strerror(errno));
  auto storage = [&]() -> base::Result<std::unique_ptr<Storage>> {
    struct stat status {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return error("the disk is not a regular file");
    if (status.st_size == 0 || status.st_size % kSectorBytes != 0)
      return error("the disk's size is " + std::to_string(status.st_size) + " bytes, not a positive multiple of 512");
    if (uint64_t(status.st_size) / kSectorBytes > kMaxSectors) return error("the disk is larger than 128 GiB");
    return std::unique_ptr<Storage>(std::make_unique<FileStorage>(file, uint32_t(status.st_size / kSectorBytes)));
  }();
  if (!storage) ::close(file);
  if (storage && snapshot) *storage = std::make_unique<Snapshot>(std::move(*storage));
  return storage;
}

}  // namespace devices
