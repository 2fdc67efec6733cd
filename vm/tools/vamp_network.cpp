#include "vm/tools/vamp_network.h"

#include <charconv>

#include "vm/network/user_network.h"

namespace vamp {
namespace {

base::Result<devices::Mac> parseMac(const std::string& text) {
  const base::Error bad{"expected six bytes, hexadecimal, with colons between them", "bad-argument", "--mac=" + text};
  devices::Mac mac{};
  if (text.size() != 17) return bad;
  for (size_t i = 0; i < mac.size(); ++i) {
    const char* begin = text.data() + 3 * i;
    if (std::from_chars(begin, begin + 2, mac[i], 16).ptr != begin + 2 || (i < 5 && begin[2] != ':')) return bad;
  }
  return mac;
}

// Meets the others, unless `replayed`; `to` is what they are then.
template <class Local, class Interface>
base::Result<network::Meeting> join(const std::string& argument, std::string option, bool replayed, std::unique_ptr<Interface>& to) {
  auto meeting = network::parseMeeting(argument, option.append(argument));
  if (!meeting || replayed) return meeting;
  auto mesh = network::Mesh::join(*meeting);
  if (!mesh) return mesh.error();
  to = std::make_unique<Local>(std::move(*mesh));
  return meeting;
}

}  // namespace

base::Status Links::attach(devices::SystemBus& to, timeline::Journal* journal, const NetworkArguments& arguments) {
  if (auto status = attachNetwork(to, journal, arguments); !status) return status;
  if (arguments.bus.empty()) return base::Ok{};
  auto meeting = join<network::LocalBus>(arguments.bus, "--bus=", arguments.replayed, bus_);
  if (!meeting) return meeting.error();
  to.busController = std::make_unique<devices::BusController>(journal ? journal->bus(bus_.get(), meeting->node, meeting->nodes) : *bus_);
  return base::Ok{};
}

base::Status Links::attachNetwork(devices::SystemBus& to, timeline::Journal* journal, const NetworkArguments& arguments) {
  devices::Mac mac{0x52, 0x54, 0, 0, 0, 0};
  if (arguments.net.empty()) {
    if (arguments.mac.empty() && arguments.capture.empty()) return base::Ok{};
    return base::Error{"it needs --net", "bad-argument", arguments.mac.empty() ? "--net-capture" : "--mac"};
  }
  if (arguments.net != "user") {
    auto meeting = join<network::LocalWire>(arguments.net, "--net=", arguments.replayed, wire_);
    if (!meeting) return meeting.error();
    mac[5] = uint8_t(meeting->node);
  } else if (!arguments.replayed) {
    auto wire = network::makeUserNetwork();
    if (!wire) return wire.error();
    wire_ = std::move(*wire);
  }
  if (!arguments.mac.empty()) {
    auto given = parseMac(arguments.mac);
    if (!given) return given.error();
    mac = *given;
  }
  devices::Wire* wire = journal ? &journal->wire(wire_.get()) : wire_.get();
  if (!arguments.capture.empty()) {
    auto capture = network::Capture::create(arguments.capture, *wire);
    if (!capture) return capture.error();
    wire = (capture_ = std::move(*capture)).get();
  }
  to.network = std::make_unique<devices::Network>(*wire, mac);
  return base::Ok{};
}

}  // namespace vamp
