// The commands of `vamp --monitor` (docs/machine.md "Monitor"): a line in, text out; the same for a person, a script and other clients.
// A wrong command is answered, never fatal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"
#include "vm/monitor/image.h"
#include "vm/timeline/timeline.h"

namespace monitor {

// As printf wants it.
inline unsigned long long wide(uint64_t number) { return number; }

class Monitor {
 public:
  using Write = std::function<void(std::string_view)>;
  // `write` gets the answers, by whole lines. `faultText` says what the return address of a failed check means.
  Monitor(machine::Machine& machine, devices::SystemBus& bus, timeline::Timeline& timeline, Image image, Write write,
          std::function<std::string(uint32_t)> faultText);

  // Where the program stands, before the first command.
  void begin() { showPlace(); }
  // False: the command was `quit`.
  bool execute(std::string_view line);
  // How the last word of the line may go on: whole words.
  std::vector<std::string> complete(std::string_view line) const;

 private:
  struct Command;
  static const Command kCommands[];
  static const Command* find(std::string_view name);

  using Arguments = const std::vector<std::string_view>&;
#define COMMAND(handler, name, alias, usage, meaning) void handler(Arguments arguments);
#include "vm/monitor/commands.def"

  // ---- arguments (parse.cpp); nothing after a message ----
  std::optional<uint64_t> number(std::string_view text);
  std::optional<uint32_t> address(std::string_view text);  // a number, a symbol, with +N or -N
  std::optional<uint32_t> place(std::string_view text);    // an address or FILE:LINE
  std::optional<uint64_t> count(Arguments arguments, size_t index, uint64_t otherwise);
  // Physical, of memory: "ADDRESS [BYTES]", translated as a load of the present mode; a symbol has its size.
  std::optional<timeline::Range> range(Arguments arguments);

  // ---- moving (monitor.cpp) ----
  void went(timeline::Reason reason);
  struct Stop {
    uint32_t number;
    bool store;            // else a place
    timeline::Range at;    // address: virtual of a place, physical of a range
    std::string text;
  };
  void useStops();
  const Stop* stopHere(timeline::Reason reason) const;

  // ---- showing (show.cpp, show_devices.cpp, why.cpp) ----
  void showPlace();
  void showInstruction(uint32_t va);
  std::string at(uint32_t va) const;  // "0x8004 <main+4>"
  std::string storeText() const;      // what the next instruction does to memory
  void infoRegisters(), infoFloating(), infoSpecial(), infoTable(), infoInterrupts(), infoDisks(), infoNetwork(), infoStatistics(), infoStops();
  std::string explainTranslation(uint32_t va, bool asUser) const;

  struct Translated {
    std::optional<uint32_t> physical;
    std::string problem;  // why there is none
  };
  Translated translate(uint32_t va, bool asUser, bool write = false) const;
  std::optional<uint32_t> word(uint32_t va) const;  // in memory
  const machine::State& state() const { return machine_.state; }

  __attribute__((format(printf, 2, 3))) void say(const char* pattern, ...);

  machine::Machine& machine_;
  devices::SystemBus& bus_;
  timeline::Timeline& timeline_;
  const Image image_;
  Write write_;
  std::function<std::string(uint32_t)> faultText_;
  std::vector<Stop> stops_;
  uint32_t next_ = 1;
  uint32_t listed_ = 0;  // where `disas` goes on
  std::string line_;      // of the answer, not yet ended
  bool quit_ = false;
};

}  // namespace monitor
