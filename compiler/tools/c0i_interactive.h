// c0i --interactive: the debugger's prompt on the standard streams.
#pragma once

#include <memory>
#include <string>

#include "assembler/base/result.h"
#include "compiler/debug/prompt.h"

namespace c0i {

class Interactive {
 public:
  Interactive(core::Program& program, interp::Limits limits, uint64_t maxSteps);
  ~Interactive();

  // Commands of a file, until one is `quit`; each is shown before its answer.
  base::Status runFile(const std::string& name);
  // Commands of standard input: from a terminal with editing, history and completion, else as of a file. There the
  // program reads what follows the command that runs it.
  void runInput();

  const interp::Machine& machine() const;
  // The program's status if it has ended, 123 if it has faulted, else 0.
  int status() const;

 private:
  struct Streams;
  bool echoed(const std::string& line);
  std::unique_ptr<Streams> streams_;
  debug::Session session_;
  debug::Prompt prompt_;
  bool quit_ = false;
};

}  // namespace c0i
