// Runs hand-made programs on the abstract machine.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "compiler/core/serialize.h"
#include "compiler/interp/interp.h"
#include "test/unit/core/builder.h"

namespace interp::test {

using namespace core::test;
using core::Operator;
using core::TypeId;
using core::TypeTable;

class Console : public Primitives {
 public:
  std::string input, output;
  std::function<AssemblyOutcome(const core::Stmt&)> machine;
  AssemblyOutcome assembly(const core::Stmt& stmt) override { return machine ? machine(stmt) : Primitives::assembly(stmt); }
  Outcome call(core::Primitive primitive, std::span<const Value> arguments) override {
    switch (primitive) {
      case core::Primitive::PutChar: output += char(arguments[0].bits); return {0};
      case core::Primitive::GetChar: {
        if (input.empty()) return {0xFFFFFFFF};
        const uint8_t c = uint8_t(input[0]);
        input.erase(0, 1);
        return {c};
      }
      case core::Primitive::Exit: return {arguments[0].bits, true};
      default: return {};
    }
  }
};

// A verified program and its machine.
struct Trial {
  Console console;
  core::Program& program;
  Machine machine;

  explicit Trial(Builder& builder, Limits limits = {1 << 20, 1 << 20})
      : program(builder.program), machine((verify(builder.program), builder.program), console, limits) {}

  Stop finish(uint64_t limit = 1000000) {
    Stop stop = Stop::Running;
    while (stop == Stop::Running && limit--) stop = machine.step();
    return stop;
  }
  Value global(uint32_t variable, uint32_t index = 0) const {
    return machine.frame(0).content[machine.variableBase(0, variable) + index];
  }
  Value local(uint32_t depth, uint32_t variable, uint32_t index = 0) const {
    return machine.frame(depth).content[machine.variableBase(depth, variable) + index];
  }

 private:
  static void verify(const core::Program& program) {
    base::Status status = core::verify(program);
    EXPECT_TRUE(status) << status.error().text << " at " << status.error().place;
    EXPECT_EQ(whyNotRunnable(program), std::nullopt);
  }
};

}  // namespace interp::test
