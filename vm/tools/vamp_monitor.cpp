#include "vm/tools/vamp_monitor.h"

#include <unistd.h>

#include "assembler/base/line_editor.h"
#include "vm/monitor/monitor.h"
#include "vm/tools/vamp_report.h"

namespace vamp {
namespace {

constexpr const char* kPrompt = "(vamp) ";

}  // namespace

void runMonitor(machine::Machine& machine, devices::SystemBus& bus, timeline::Journal& journal, const object::Object* image, Terminal& console,
                Terminal& commands, volatile std::sig_atomic_t& interrupted) {
  timeline::Timeline timeline(machine, bus, journal);
  timeline.interrupt = [&] { return interrupted != 0; };
  monitor::Monitor monitor(
      machine, bus, timeline, image ? monitor::Image(*image) : monitor::Image(), [&](std::string_view text) { console.answer(text); },
      [&](uint32_t address) { return faultMessage(image, address); });
  monitor.begin();

  if (::isatty(STDIN_FILENO) && ::isatty(STDOUT_FILENO)) {
    base::LineEditor editor("vamp", kPrompt, [&](std::string_view line) { return monitor.complete(line); });
    console.flush();
    std::string last;
    while (std::optional<std::string> line = editor.read()) {
      if (line->empty()) line = last;  // again
      interrupted = 0;
      if (!monitor.execute(*line)) return;
      console.answer("");
      console.flush();
      last = *line;
    }
    return console.answer("\n");
  }
  for (bool more = true; more;) {
    std::string line;
    int byte;
    while ((byte = commands.get()) >= 0 && byte != '\n') line += char(byte);
    if (byte < 0 && line.empty()) return;
    console.answer(kPrompt + line + '\n');
    more = monitor.execute(line);
  }
}

}  // namespace vamp
