// `info`: devices, counts, where to stop.
#include "vm/machine/causes.h"
#include "vm/monitor/monitor.h"

namespace monitor {

void Monitor::info(Arguments arguments) {
  struct Part {
    std::string_view name;
    void (Monitor::*show)();
  };
  // VAMP has no TLB: what a translation is, is what the table says.
  static const Part kParts[] = {{"reg", &Monitor::infoRegisters},   {"fpr", &Monitor::infoFloating},     {"spr", &Monitor::infoSpecial},
                                {"tlb", &Monitor::infoTable},       {"pt", &Monitor::infoTable},         {"irq", &Monitor::infoInterrupts},
                                {"disk", &Monitor::infoDisks},      {"net", &Monitor::infoNetwork},      {"stats", &Monitor::infoStatistics},
                                {"breakpoints", &Monitor::infoStops}};
  if (!arguments.empty())
    for (const Part& part : kParts)
      if (part.name.starts_with(arguments[0])) return (this->*part.show)();
  say("info wants one of:");
  for (const Part& part : kParts) say(" %s", std::string(part.name).c_str());
  say("\n");
}

void Monitor::infoDisks() {
  for (const unsigned number : {devices::kDisk, devices::kSecondDisk}) {
    auto* disk = static_cast<devices::Disk*>(bus_.device(number));
    const std::string name(devices::deviceName(number));
    if (!disk) {
      say("%s: none\n", name.c_str());
      continue;
    }
    const auto port = [&](unsigned which) { return disk->read(which, state().steps); };  // these do not change anything
    constexpr unsigned kAlternateStatus = 8;
    say("%s: %u sectors; read %llu, written %llu; status 0x%x, error 0x%x, count %u, LBA 0x%x, busy until %lld\n", name.c_str(),
        disk->storage()->sectors(), wide(disk->sectorsRead()), wide(disk->sectorsWritten()), port(kAlternateStatus), port(1), port(2),
        port(3) | port(4) << 8 | port(5) << 16 | (port(6) & 0xF) << 24, static_cast<long long>(disk->nextEvent(state().steps)));
  }
}

void Monitor::infoNetwork() {
  if (const auto& network = bus_.network) {
    const auto& mac = network->mac();
    say("network: %02x:%02x:%02x:%02x:%02x:%02x; frames sent %llu, received %llu", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
        wide(network->framesSent()), wide(network->framesReceived()));
    if (network->waiting()) say("; one of %zu bytes waits", network->waiting());
    say("\n");
  } else {
    say("network: none\n");
  }
  if (const auto& bus = bus_.busController)
    say("bus: node %u of %u; %s, slots %llu\n", bus->link().node(), bus->link().nodes(), bus->running() ? "running" : "not started", wide(bus->slots()));
  else
    say("bus: none\n");
}

void Monitor::infoStatistics() {
  say("instructions %llu, reached %llu\n", wide(timeline_.now()), wide(timeline_.last()));
  const auto& interrupts = machine_.interrupts();
  for (unsigned i = 0; i < interrupts.size(); i++)
    if (interrupts[i]) say("interrupt %u %llu %s\n", i, wide(interrupts[i]), std::string(machine::causeText(i)).c_str());
  say("snapshots %zu, %llu instructions apart, %llu KiB\n", timeline_.snapshots(), wide(timeline_.interval()), wide(timeline_.bytes() / 1024));
}

void Monitor::infoStops() {
  for (const Stop& stop : stops_) say("%u  %s  %s\n", stop.number, stop.store ? "watch" : "breakpoint", stop.text.c_str());
  if (stops_.empty()) say("there are none\n");
}

}  // namespace monitor
