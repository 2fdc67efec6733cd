// The emulator under the monitor's commands.
#pragma once

#include <csignal>

#include "assembler/object/elf.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"
#include "vm/timeline/journal.h"
#include "vm/tools/terminal.h"

namespace vamp {

// Commands from a person, if `commands` is a terminal, else a script, which is echoed; until `quit`, or the end. The program's output and the answers go
// to `console`. `interrupted` is set by ^C.
void runMonitor(machine::Machine& machine, devices::SystemBus& bus, timeline::Journal& journal, const object::Object* image, Terminal& console,
                Terminal& commands, volatile std::sig_atomic_t& interrupted);

}  // namespace vamp
