// The run in the hands of a debugger (vamp --gdb, docs/debugging.md).
#pragma once

#include <string>

#include "assembler/base/result.h"
#include "assembler/object/elf.h"
#include "vm/devices/console.h"
#include "vm/gdb/stub.h"

namespace vamp {

// Of a program whose debugger has our standard input and output: it shows what the program writes. `input` may be null.
class DebuggerConsole : public devices::Console {
 public:
  explicit DebuggerConsole(devices::Console* input) : input_(input) {}
  void put(uint8_t byte) override { output.text += char(byte); }
  int get() override { return input_ ? input_->get() : -1; }
  bool available() override { return input_ && input_->available(); }

  gdb::Output output;

 private:
  devices::Console* input_;
};

// Waits for a debugger at `where`, "-" or what gdb::Listener takes, and serves it. When it leaves, the program goes on, but one that has no other input
// and output. The devices' consoles are the journal's. Errors [bad-connection].
base::Status debug(const std::string& where, machine::Machine& machine, devices::SystemBus& bus, timeline::Journal& journal,
                   const object::Object* image, gdb::Output* output);

}  // namespace vamp
