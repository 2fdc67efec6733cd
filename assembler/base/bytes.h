// Little-endian access to bytes, and LEB128 numbers: the primitives of every binary format here.
// Standard library only.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace base {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the host must be little endian");

template <class T>
T load(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class T>
void store(void* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

// Appends to a byte vector.
class Writer {
 public:
  std::vector<uint8_t> bytes;

  void u8(uint8_t value) { bytes.push_back(value); }
  void u32(uint32_t value) {
    size_t at = bytes.size();
    bytes.resize(at + 4);
    store(bytes.data() + at, value);
  }
  void unsignedNumber(uint64_t value) {  // ULEB128
    while (value >= 0x80) u8(uint8_t(value) | 0x80), value >>= 7;
    u8(uint8_t(value));
  }
  void signedNumber(int64_t value) {  // zigzag, then ULEB128
    unsignedNumber((uint64_t(value) << 1) ^ uint64_t(value >> 63));
  }
  void string(std::string_view text) {
    unsignedNumber(text.size());
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
};

// Reads what Writer wrote. Never leaves its bounds: past the end every read gives 0 and ok() turns false.
class Reader {
 public:
  Reader(const uint8_t* data, size_t size) : begin_(data), at_(data), end_(data + size) {}

  bool ok() const { return ok_; }
  bool atEnd() const { return at_ == end_; }
  size_t offset() const { return size_t(at_ - begin_); }
  size_t failedAt() const { return failedAt_; }  // the offset at which ok() turned false
  size_t remaining() const { return size_t(end_ - at_); }
  void fail() {
    if (ok_) failedAt_ = offset();
    ok_ = false, at_ = end_;
  }

  uint8_t u8() { return need(1) ? *at_++ : 0; }
  uint32_t u32() {
    if (!need(4)) return 0;
    at_ += 4;
    return load<uint32_t>(at_ - 4);
  }
  uint64_t unsignedNumber() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      uint8_t byte = u8();
      value |= uint64_t(byte & 0x7F) << shift;
      if (!(byte & 0x80)) return value;
    }
    fail();
    return 0;
  }
  // A ULEB128 number that must fit 32 bits.
  uint32_t number() {
    uint64_t value = unsignedNumber();
    if (value > UINT32_MAX) fail();
    return ok_ ? uint32_t(value) : 0;
  }
  // A count of things of which each takes at least one byte: bounded by what is left, so that a
  // damaged file cannot make us allocate.
  uint32_t count() {
    uint32_t value = number();
    if (value > remaining()) fail();
    return ok_ ? value : 0;
  }
  int64_t signedNumber() {
    uint64_t value = unsignedNumber();
    return int64_t(value >> 1) ^ -int64_t(value & 1);
  }
  std::string string() {
    uint32_t size = count();
    if (!need(size)) return {};
    at_ += size;
    return {reinterpret_cast<const char*>(at_ - size), size};
  }
  // A reader of the next `size` bytes, which this one skips.
  Reader slice(size_t size) {
    if (!need(size)) return {end_, 0};
    at_ += size;
    return {at_ - size, size};
  }

 private:
  bool need(size_t size) {
    if (remaining() < size) fail();
    return ok_;
  }
  const uint8_t* begin_;
  const uint8_t* at_;
  const uint8_t* end_;
  size_t failedAt_ = 0;
  bool ok_ = true;
};

}  // namespace base
