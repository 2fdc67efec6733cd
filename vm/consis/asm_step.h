// An asm statement of C0A on the machine (seed 003, 4.3): the machine executes the block, word stores to sub variables
// of type int and unsigned are collected for the configuration, and every instruction is held against the restrictions
// (i)-(vi) (shared/spec/c0.md "Inline assembly"; decisions.md 15, 22). Addresses of stores are physical.
#pragma once

#include <string>

#include "compiler/interp/interp.h"
#include "vm/consis/mirror.h"
#include "vm/consis/condition.h"
#include "vm/consis/recorder.h"

namespace consis {

class AsmStep : public Follower {
 public:
  AsmStep(const Image& image, const Allocation& aba, const interp::Machine& abstract, const Dropped& dropped)
      : mirror_(image, aba, abstract), dropped_(dropped) {}

  // The machine stands at an entry of the statement: the block's start, or a connecting jump that leads there.
  void begin(const object::MapAsm& block, const machine::State& state);
  bool onStep(const machine::State& after, const machine::Event& event) override;

  // The block has been left, or a restriction broken; if not, it was still running when the machine stopped.
  bool over() const { return over_; }
  interp::AssemblyOutcome take() { return std::move(outcome_); }

 private:
  bool entered(const machine::State& state) const { return state.dpc == block_.begin && state.pc == block_.begin + 4; }
  void instruction(const machine::State& after, const machine::Event& event);
  void control(const machine::State& after, const machine::Event& event, isa::Op op);
  void violate(const machine::Event& event, Condition rule, const std::string& text);

  const Mirror mirror_;
  const Dropped& dropped_;
  object::MapAsm block_{};
  bool inside_ = false, over_ = false;
  interp::AssemblyOutcome outcome_;
};

}  // namespace consis
