// The list of external events of a run (eevs of seed 003, 5.2): everything that its devices do not determine. Recorded, a run can be
// repeated exactly. As text, a line an event:
//
//   cvm-events 1
//   <time> serial <byte>          the serial line has the byte from this time on
//   <time> host <byte>            the host device's port 4 gives it
//   <time> line <device>          the device's line is up from this time on until a port of the device is written
//   <time> lost <user> <page>     the page is lost, for the step of the user at this time or the next primitive that touches it
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "assembler/base/result.h"

namespace cvm {

struct Event {
  uint64_t time = 0;
  enum Kind : uint8_t { Serial, Host, Line, Lost } kind = Line;
  uint32_t a = 0;  // byte, device, user
  uint32_t b = 0;  // page
  bool operator==(const Event&) const = default;
};

// Errors [bad-events] with the line. Times must not fall.
base::Result<std::deque<Event>> parseEvents(std::string_view text);
std::string printEvents(const std::deque<Event>& events);

}  // namespace cvm
