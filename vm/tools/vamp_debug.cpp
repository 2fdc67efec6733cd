#include "vm/tools/vamp_debug.h"

#include <cstdio>
#include <utility>

#include "vm/monitor/monitor.h"
#include "vm/tools/vamp_report.h"

namespace vamp {

base::Status debug(const std::string& where, machine::Machine& machine, devices::SystemBus& bus, timeline::Journal& journal,
                   const object::Object* image, gdb::Output* output) {
  auto connection = gdb::Connection::open(where, [](const std::string& place) { std::fprintf(stderr, "vamp: a debugger is expected at %s\n", place.c_str()); });
  if (!connection) return connection.error();
  timeline::Timeline timeline(machine, bus, journal);
  std::string answer;
  const auto fault = [image](uint32_t returnAddress) { return faultMessage(image, returnAddress); };
  monitor::Monitor monitor(
      machine, bus, timeline, image ? monitor::Image(*image) : monitor::Image(), [&](std::string_view text) { answer += text; }, fault);
  gdb::Packets packets(**connection);
  gdb::Stub stub(packets, {.timeline = timeline,
                           .machine = machine,
                           .bus = bus,
                           .image = image,
                           .output = output,
                           .fault = fault,
                           .monitor =
                               [&](const std::string& line) {
                                 monitor.execute(line);
                                 return std::exchange(answer, {});
                               },
                           .attached = where != "-"});
  if (stub.serve() == gdb::End::Detached && !output) {
    timeline.stopAt({}, {});
    timeline.interrupt = {};
    timeline.run();
  }
  return base::Ok{};
}

}  // namespace vamp
