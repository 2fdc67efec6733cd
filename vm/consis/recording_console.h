// The host device's console in a checked run: keeps what the program puts out and takes in, so that outputs can be
// compared and a second run gets the same input.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vm/devices/console.h"

namespace consis {

class RecordingConsole : public devices::Console {
 public:
  // `next` gives the next input byte or -1; empty: no input.
  explicit RecordingConsole(std::function<int()> next) : next_(std::move(next)) {}

  void put(uint8_t byte) override { output.push_back(char(byte)); }
  int get() override { return input.emplace_back(next_ ? next_() : -1); }
  bool available() override { return true; }

  std::string output;
  std::vector<int> input;  // -1 for the end

 private:
  std::function<int()> next_;
};

// The serial line of a checked run: nobody is there. One for all, without a state.
inline devices::Console& silence() {
  static class : public devices::Console {
    void put(uint8_t) override {}
    int get() override { return -1; }
    bool available() override { return false; }
  } silence;
  return silence;
}

}  // namespace consis
