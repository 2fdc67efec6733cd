// A console made of strings.
#pragma once

#include <string>

#include "vm/devices/console.h"

namespace devices {

class TextConsole : public Console {
 public:
  std::string output, input;
  void put(uint8_t byte) override { output += char(byte); }
  int get() override {
    if (input.empty()) return -1;
    auto byte = uint8_t(input[0]);
    input.erase(0, 1);
    return byte;
  }
  bool available() override { return !input.empty(); }
};

}  // namespace devices
