// The commands of `c0i --interactive` (docs/abstract-machine.md): a line in, text out. A wrong command is answered,
// never fatal.
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/debug/breakpoints.h"
#include "compiler/debug/session.h"

namespace debug {

class Prompt {
 public:
  // `write` gets the answers. `interrupted`, if given, ends a run when it is set (by a signal). Runs end after
  // `maxSteps` steps.
  Prompt(Session& session, std::function<void(std::string_view)> write, uint64_t maxSteps = UINT64_MAX,
         volatile std::sig_atomic_t* interrupted = nullptr);

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

  using Arguments = std::string_view;
  void step(Arguments text);
  void next(Arguments text);
  void finish(Arguments text);
  void advance(Arguments text);
  void stepi(Arguments text);
  void back(Arguments text);
  void backi(Arguments text);
  void goTo(Arguments text);
  void breakAt(Arguments text);
  void watch(Arguments text);
  void remove(Arguments text);
  void info(Arguments text);
  void print(Arguments text);
  void set(Arguments text);
  void where(Arguments text);
  void frame(Arguments text);
  void up(Arguments text);
  void down(Arguments text);
  void list(Arguments text);
  void heap(Arguments text);
  void rest(Arguments text);
  void dump(Arguments text);
  void trace(Arguments text);
  void help(Arguments text);
  void quit(Arguments text);

  // ---- running ----
  enum class Pause { Done, Other };  // Other: the user has been told why
  // Steps until `done` holds after a step.
  Pause run(const std::function<bool()>& done);
  bool running();
  void ended();
  void statements(std::string_view arguments, bool over);
  void went();  // after going back
  // The number that a command takes; nothing after a message.
  std::optional<uint64_t> count(std::string_view text, uint64_t otherwise);

  void say(std::string_view text) { write_(text); }

  // ---- showing (prompt_show.cpp) ----
  void showPlace();
  void showLine(core::Position at, bool current);
  void showVariables(uint32_t depth);
  std::string called(uint32_t depth) const;
  bool choose(uint32_t depth);
  const interp::Machine& machine() const { return session_.machine(); }
  const core::Program& program() const { return session_.program(); }

  Session& session_;
  Breakpoints breakpoints_;
  std::function<void(std::string_view)> write_;
  const uint64_t maxSteps_;
  volatile std::sig_atomic_t* interrupted_;
  uint32_t depth_ = 0;  // the chosen frame
  bool tracing_ = false, quit_ = false;
};

}  // namespace debug
