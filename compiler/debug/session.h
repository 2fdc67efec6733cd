// A run of the abstract machine that can go back: snapshots now and then, exact re-execution from the last one before.
// Input that the program has read is given to it again; output that it has made is not made again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/debug/source.h"
#include "compiler/interp/interp.h"

namespace debug {

// Where a program reads and writes for the first time.
class Console {
 public:
  virtual ~Console() = default;
  virtual uint32_t read() = 0;  // a byte, or -1
  virtual void write(char c) = 0;
};

class Session {
 public:
  // The program gets the pointer type to each of its types, for expressions; it outlives the session.
  Session(core::Program& program, Console& console, interp::Limits limits);
  ~Session();

  const interp::Machine& machine() const { return *machine_; }
  const core::Program& program() const { return program_; }
  Sources& sources() { return sources_; }
  interp::Stop stop() const { return stop_; }

  // One small step, as Machine::step.
  interp::Stop step();
  // To the configuration after `step` steps that lies behind, or is the present one.
  void goBack(uint64_t step);
  // To where the n-th last source statement began before this one, or as far as it goes. With `library`, also those of
  // the library's functions. False if the program's start is reached first.
  bool goBackStatements(uint64_t n, bool library);
  // Gives a simple sub variable a value; going back before it undoes it. False if that is not possible.
  bool assign(const interp::SubVariable& target, interp::Value value);

  // ---- the head of the program rest, as statements of the source
  // ------------------------------------------------------- It is another source statement than the last head in this
  // frame, or a loop has come round to it.
  bool beginsStatement() const { return beginsStatement_; }
  bool beginsLine() const { return beginsLine_; }
  // The last step called a function (at the start: main), whose first statement is the head.
  bool entered() const { return entered_; }
  bool inLibrary() const;

 private:
  class Replay;
  struct Snapshot;
  void restore(const Snapshot& snapshot);
  void takeSnapshot();
  void runTo(uint64_t step);
  void look();

  core::Program& program_;
  Sources sources_;
  std::unique_ptr<Replay> replay_;
  std::unique_ptr<interp::Machine> machine_;
  interp::Stop stop_ = interp::Stop::Running;

  std::vector<const core::Stmt*> heads_;  // by depth - 1: the last head in that frame
  bool beginsStatement_ = true, beginsLine_ = true, entered_ = true;

  struct Edit {
    uint64_t step;
    interp::SubVariable target;
    interp::Value value;
  };
  std::vector<Edit> edits_;                           // by step, rising
  std::vector<std::unique_ptr<Snapshot>> snapshots_;  // by step, rising; the first is the program's start
  uint64_t lastSnapshot_ = 0, interval_;
};

}  // namespace debug
