// The emulator's network interface and bus controller, from its arguments.
#pragma once

#include <memory>
#include <string>

#include "assembler/base/result.h"
#include "vm/devices/system_bus.h"
#include "vm/network/links.h"
#include "vm/timeline/journal.h"

namespace vamp {

struct NetworkArguments {
  std::string net;      // PATH,NODE/NODES or user; empty: no interface
  std::string mac;      // 52:54:00:12:34:56; empty: ends in the node's number
  std::string capture;  // a file, or empty
  std::string bus;      // PATH,NODE/NODES; empty: no controller
  bool replayed;        // nobody else is there, all that comes from outside is in the journal
};

// What the devices are plugged into; must outlive the bus it was attached to.
class Links {
 public:
  // What passes goes through the journal, if there is one. Waits for the other nodes. Errors: [bad-argument], [network], [cannot-write], [no-user-network].
  base::Status attach(devices::SystemBus& to, timeline::Journal* journal, const NetworkArguments& arguments);
  bool flush() { return !capture_ || capture_->flush(); }  // false: the capture is not complete

 private:
  base::Status attachNetwork(devices::SystemBus& to, timeline::Journal* journal, const NetworkArguments& arguments);

  std::unique_ptr<devices::Wire> wire_;
  std::unique_ptr<network::Capture> capture_;
  std::unique_ptr<devices::BusLink> bus_;
};

}  // namespace vamp
