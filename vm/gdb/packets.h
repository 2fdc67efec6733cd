// GDB's remote serial protocol (Debugging with GDB, appendix E), its outer layer: `$payload#checksum`, acknowledgements, and the byte 3
// that interrupts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vm/gdb/connection.h"

namespace gdb {

class Packets {
 public:
  explicit Packets(Connection& connection) : connection_(connection) {}

  // The next packet's payload without escapes; "\3" for an interrupt; nothing at the end of the connection.
  std::optional<std::string> receive();
  void send(std::string_view payload);
  // Takes an interrupt that waits; true also at the end of the connection.
  bool interrupted();
  void stopAcknowledging() { acknowledges_ = false; }

 private:
  Connection& connection_;
  bool acknowledges_ = true;
};

// Two digits a byte.
std::string toHex(std::string_view bytes);
std::optional<std::string> fromHex(std::string_view digits);
std::string hexNumber(uint64_t value);  // without leading zeros
// Reads hexadecimal digits and removes them; nothing if there are none, or more than 64 bits.
std::optional<uint64_t> takeNumber(std::string_view& text);
bool take(std::string_view& text, std::string_view prefix);

}  // namespace gdb
