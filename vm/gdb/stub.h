// A server of GDB's remote serial protocol on a timeline (docs/debugging.md): what a debugger on another machine needs to look at a run, change
// it, and go to and fro in it. It speaks as a PowerPC with VAMP's registers. Packets: Debugging with GDB, appendix E.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "assembler/object/elf.h"
#include "vm/gdb/packets.h"
#include "vm/gdb/processes.h"
#include "vm/timeline/timeline.h"

namespace gdb {

// The program's output on its way into packets.
struct Output {
  std::string text;
};

struct Host {
  timeline::Timeline& timeline;
  machine::Machine& machine;
  devices::SystemBus& bus;
  const object::Object* image = nullptr;                          // or null
  Output* output = nullptr;                                       // of the program, for the debugger to show; null: it goes elsewhere
  std::function<std::string(uint32_t returnAddress)> fault;       // what a failed run-time check is to be called
  std::function<std::string(const std::string& line)> monitor{};  // of `monitor LINE`, with newlines
  bool attached = true;                                           // the program goes on when the debugger leaves
};

enum class End : uint8_t { Detached, Killed, Closed };

class Stub {
 public:
  Stub(Packets& packets, Host host);
  // Until the debugger leaves.
  End serve();

 private:
  enum class Watched : uint8_t { Write = 2, Read = 3, Access = 4 };  // as in Z packets
  struct Watchpoint {
    Watched kind;
    uint32_t address;  // as the debugger names it
    timeline::Range range;
    bool operator==(const Watchpoint& other) const { return kind == other.kind && address == other.address && range.size == other.range.size; }
  };
  std::string answer(std::string_view packet);

  // stub_queries.cpp
  std::string query(std::string_view packet);
  std::string describeTarget(std::string_view rest);
  std::string disassemble(std::string_view rest);
  std::string command(std::string_view digits);
  std::string breakIn(std::string_view line);

  // stub.cpp: registers, memory, break and watchpoints
  std::string readRegisters();
  std::string writeRegisters(std::string_view digits);
  std::string readOne(std::string_view rest);
  std::string writeOne(std::string_view rest);
  std::string readBytes(std::string_view rest);
  std::string writeBytes(std::string_view rest, bool binary);
  bool skip(uint32_t to);
  std::string point(std::string_view rest, bool insert);
  std::string selectThread(std::string_view rest);

  // stub_run.cpp; each gives the stop's packet
  std::string resume(std::string_view actions);  // of vCont
  std::string proceed(bool back);
  std::optional<std::string> afterSkip(bool back);
  std::string step(bool back);
  std::string stepRange(uint64_t begin, uint64_t end);
  timeline::Reason forward();
  timeline::Reason backward();
  void arm();
  bool wanted(const machine::State& state) const;
  bool interrupted();
  const Watchpoint* loadsWatched(const machine::State& state) const;
  const Watchpoint* watchedBy(timeline::Range range, bool load) const;
  std::string stop(timeline::Reason reason, bool back);
  std::string ended();
  std::string signal(int number, const std::string& reasons = {});
  void flushOutput();

  Packets& packets_;
  Host host_;
  Processes processes_;
  unsigned thread_ = kProcessor;  // of registers and memory
  std::vector<uint32_t> breakpoints_;
  std::vector<Watchpoint> watchpoints_;
  enum class BreakIn : uint8_t { Anywhere, Kernel, Users } breakIn_ = BreakIn::Anywhere;
  std::optional<unsigned> breakProcess_;
  std::string lastStop_;
  bool over_ = false;  // the end has been reported
  // The instruction at the breakpoint at hand, which gdb takes for a trap and steps over by itself.
  struct Skip {
    uint64_t time;  // before it
    uint32_t to;    // where gdb believes to be
  };
  std::optional<Skip> skip_;
  std::optional<End> end_;
};

}  // namespace gdb
