// The emulator's standard input and output as consoles of devices.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vm/devices/console.h"

namespace vamp {

// Output is kept until there is enough of it, the guest reads, or flush().
class Terminal : public devices::Console {
 public:
  // Input is read from this descriptor. While it waits for input, `interrupted`, if given, makes an end of the input.
  explicit Terminal(const volatile std::sig_atomic_t* interrupted = nullptr, int input = 0);
  void put(uint8_t byte) override;
  int get() override;
  bool available() override { return position_ < size_ || fill(); }  // waits

  bool ready();  // available() would not wait
  void print(std::string_view text);
  void answer(std::string_view text);  // which begins a line
  bool flush();  // false: some output was lost

 private:
  bool fill();

  std::vector<uint8_t> output_;
  uint8_t input_[4096];
  size_t position_ = 0, size_ = 0;
  const volatile std::sig_atomic_t* interrupted_;
  int inputFile_;
  bool midLine_ = false;
  bool interactive_;
  bool failed_ = false;
};

// The serial line on the same terminal; it never waits for input.
class SerialTerminal : public devices::Console {
 public:
  explicit SerialTerminal(Terminal& terminal) : terminal_(terminal) {}
  void put(uint8_t byte) override { terminal_.put(byte); }
  int get() override { return terminal_.get(); }
  bool available() override;

 private:
  Terminal& terminal_;
  bool ended_ = false;
};

// A line that nobody listens to.
class Silence : public devices::Console {
 public:
  void put(uint8_t) override {}
  int get() override { return -1; }
  bool available() override { return false; }
};

}  // namespace vamp
