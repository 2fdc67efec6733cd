#include <cerrno>
#include <cstring>

#include "assembler/base/bytes.h"
#include "vm/network/links.h"

namespace network {
namespace {

// Blocks of pcapng: type, length, body, length again.
class Block {
 public:
  explicit Block(uint32_t type) { word(type), word(0); }
  Block& word(uint32_t value) {
    for (unsigned i = 0; i < 4; i++) bytes_.push_back(uint8_t(value >> 8 * i));
    return *this;
  }
  Block& halves(uint16_t first, uint16_t second) { return word(first | uint32_t(second) << 16); }
  Block& data(std::span<const uint8_t> data) {
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    bytes_.resize((bytes_.size() + 3) & ~size_t(3));
    return *this;
  }
  void write(FILE* file) {
    const auto length = uint32_t(bytes_.size() + 4);
    word(length);
    base::store(&bytes_[4], length);
    std::fwrite(bytes_.data(), 1, bytes_.size(), file);
  }

 private:
  std::vector<uint8_t> bytes_;
};

constexpr uint32_t kSection = 0x0A0D0D0A, kInterface = 1, kEnhancedPacket = 6;
constexpr uint32_t kByteOrder = 0x1A2B3C4D;
constexpr uint16_t kEthernet = 1;                                 // LINKTYPE
constexpr uint16_t kTimeUnit = 9, kFlags = 2;                     // if_tsresol, epb_flags
constexpr uint32_t kInbound = 1, kOutbound = 2;

}  // namespace

base::Result<std::unique_ptr<Capture>> Capture::create(const std::string& path, devices::Wire& wire) {
  FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) return base::Error{std::strerror(errno), "cannot-write", path};
  Block(kSection).word(kByteOrder).halves(1, 0).word(~0u).word(~0u).write(file);
  Block(kInterface).halves(kEthernet, 0).word(0).halves(kTimeUnit, 1).word(6).word(0).write(file);
  return std::unique_ptr<Capture>(new Capture(file, wire));
}

void Capture::keep(std::span<const uint8_t> frame, uint64_t now, uint32_t direction) {
  const auto length = uint32_t(frame.size());
  Block block(kEnhancedPacket);
  block.word(0).word(uint32_t(now >> 32)).word(uint32_t(now)).word(length).word(length).data(frame);
  block.halves(kFlags, 4).word(direction).word(0).write(file_.get());
}

void Capture::send(std::span<const uint8_t> frame, uint64_t now) {
  keep(frame, now, kOutbound);
  wire_.send(frame, now);
}

bool Capture::receive(devices::Frame& frame, uint64_t now) {
  if (!wire_.receive(frame, now)) return false;
  keep(frame, now, kInbound);
  return true;
}

}  // namespace network
