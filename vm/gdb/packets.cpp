#include "vm/gdb/packets.h"

#include <charconv>

namespace gdb {
namespace {

constexpr char kEscape = '}', kEscapeBit = 0x20, kInterruptByte = 3;
constexpr char kDigits[] = "0123456789abcdef";

int digit(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::optional<std::string> Packets::receive() {
  while (true) {
    int c = connection_.get();
    while (c >= 0 && c != '$' && c != kInterruptByte) c = connection_.get();  // acknowledgements
    if (c < 0) return std::nullopt;
    if (c == kInterruptByte) return std::string(1, kInterruptByte);
    std::string payload;
    uint8_t sum = 0;
    while ((c = connection_.get()) >= 0 && c != '#') {
      sum = uint8_t(sum + c);
      if (c == kEscape) {
        c = connection_.get();
        sum = uint8_t(sum + c);
        c ^= kEscapeBit;
      }
      payload += char(c);
    }
    const int high = digit(connection_.get()), low = digit(connection_.get());
    if (high < 0 || low < 0 || c < 0) return std::nullopt;
    const bool good = !acknowledges_ || sum == high * 16 + low;
    if (acknowledges_) connection_.put(good ? "+" : "-");
    if (good) return payload;
  }
}

void Packets::send(std::string_view payload) {
  std::string text = "$";
  uint8_t sum = 0;
  auto add = [&](char c) { text += c, sum = uint8_t(sum + uint8_t(c)); };
  for (char c : payload) {
    const bool special = c == '$' || c == '#' || c == kEscape || c == '*';
    if (special) add(kEscape);
    add(special ? char(c ^ kEscapeBit) : c);
  }
  text += '#';
  text += {kDigits[sum >> 4], kDigits[sum & 15]};
  connection_.put(text);
}

bool Packets::interrupted() {
  while (connection_.ready()) {
    const int next = connection_.peek();
    if (next < 0) return true;
    if (next != kInterruptByte && next != '+') return false;
    connection_.get();
    if (next == kInterruptByte) return true;
  }
  return false;
}

std::string toHex(std::string_view bytes) {
  std::string text;
  for (char c : bytes) text += {kDigits[uint8_t(c) >> 4], kDigits[uint8_t(c) & 15]};
  return text;
}

std::optional<std::string> fromHex(std::string_view digits) {
  if (digits.size() % 2) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit(digits[i]), low = digit(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += char(high * 16 + low);
  }
  return bytes;
}

std::string hexNumber(uint64_t value) {
  char text[17];
  return {text, std::to_chars(text, text + sizeof text, value, 16).ptr};
}

std::optional<uint64_t> takeNumber(std::string_view& text) {
  uint64_t value = 0;
  auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (problem != std::errc()) return std::nullopt;
  text.remove_prefix(size_t(rest - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace gdb
