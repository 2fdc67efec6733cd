// A program of C0X under the debugger.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "compiler/debug/prompt.h"
#include "compiler/debug/session.h"
#include "test/unit/sema/support.h"

namespace debug::test {

struct Memory : Console {
  std::string input, output;
  size_t taken = 0;
  uint32_t read() override { return taken < input.size() ? uint8_t(input[taken++]) : 0xFFFFFFFF; }
  void write(char c) override { output += c; }
};

struct Trial {
  core::Program program;
  Memory console;
  Session session;
  std::string said;
  Prompt prompt;

  explicit Trial(const std::string& text, std::string input = "", interp::Limits limits = {1 << 20, 1 << 20},
                 uint64_t maxSteps = 100000)
      : program(compile(text)),
        console(),
        session(program, console, limits),
        prompt(
            session, [this](std::string_view answer) { said += answer; }, maxSteps) {
    console.input = std::move(input);
    session.sources().supply(0, text);
  }

  const interp::Machine& machine() const { return session.machine(); }
  // The answer to a command.
  std::string operator()(std::string_view command) {
    said.clear();
    prompt.execute(command);
    return said;
  }
  uint32_t line() const { return machine().head() ? machine().head()->position.line : 0; }

  static core::Program compile(const std::string& text) {
    ::test::Analysis analysis = ::test::analyze(text, sema::Standard::C0X);
    EXPECT_EQ(analysis.messages, "");
    return std::move(*analysis.program);
  }
};

}  // namespace debug::test
