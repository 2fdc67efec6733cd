// Where bytes of the guest go to and come from; the tool connects it with a terminal, a test with strings.
#pragma once

#include <cstdint>

namespace devices {

class Console {
 public:
  virtual ~Console() = default;
  virtual void put(uint8_t byte) = 0;
  virtual int get() = 0;         // the next byte, waiting for it; -1 at the end
  virtual bool available() = 0;  // get() would give a byte without waiting
};

}  // namespace devices
