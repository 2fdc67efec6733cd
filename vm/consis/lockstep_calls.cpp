// Statements whose effect the abstract machine takes from the VAMP: calls of primitives, asm blocks, new.
#include "vm/consis/protocol.h"

namespace consis {

// A primitive: the whole call is the machine's step, and its result is taken from there (decisions.md, 4).
interp::Primitives::Outcome Lockstep::call(core::Primitive primitive, std::span<const interp::Value> arguments) {
  const interp::Primitives::Outcome ended{0, true};  // lets the abstract machine stop; over_ says why
  auto returnPoint = image_.returnPoint(*executed());
  uint32_t argument = arguments.empty() ? 0 : arguments[0].bits;
  returnPoint_ = *returnPoint;
  recorder_.aim({&returnPoint_, 1}, aba_.frameBase(aba_.depth()), &executed()->map->entries, current_);
  inStep_ = true;
  if (!runMachine(after(limit()))) return ended;
  if (bus_.host.exitStatus() && primitive != core::Primitive::Exit) {
    failHere(plain(Condition::End, "the VAMP ended inside " + std::string(core::primitiveName(primitive))));
    return ended;
  }
  std::string expected, found = console_.output.substr(put_);
  if (primitive == core::Primitive::PutChar) expected = std::string(1, char(argument));
  if (expected != found && fail(plain(Condition::Output, "the VAMP puts out other bytes than the abstract machine",
                                      quoted(expected), quoted(found))))
    return ended;
  if (primitive == core::Primitive::Exit) return {argument, true};
  concrete_.settle();
  uint32_t result = concrete_.state.gpr[isa::kResult];
  const std::span<const int> taken = std::span(console_.input).subspan(taken_);
  const size_t wanted = primitive == core::Primitive::GetChar;
  if ((taken.size() != wanted || (wanted && uint32_t(taken[0]) != result)) &&
      fail(plain(Condition::Input,
                 wanted ? "get_char does not return the byte that the host gave"
                        : "the VAMP takes in bytes, the abstract machine does not",
                 taken.empty() ? "one byte taken in" : std::to_string(taken.back()), std::to_string(int32_t(result)))))
    return ended;
  expectTraffic();
  return {result, false};
}

// An asm statement (C0A): what the machine did is what it means (seed 003, 4.3).
interp::AssemblyOutcome Lockstep::assembly(const core::Stmt&) {
  const interp::AssemblyOutcome ended{.leaves = true};  // lets the abstract machine stop; over_ says why
  const object::MapAsm* block = image_.asmBlock(*executed());
  const std::string* wrong = image_.wrongBlock(*executed());
  if (!block && !wrong) return {};
  if (!block) return failHere(plain(Condition::AsmCode, *wrong)), ended;
  ++outcome_.counters.blocks;
  inStep_ = true;
  recorder_.aim({}, 0, nullptr, current_);
  asm_.begin(*block, concrete_.state);
  recorder_.follow(&asm_);
  machine::Stop stop;
  const bool on = go(after(limit_), stop);
  recorder_.follow(nullptr);
  if (!on) return ended;
  if (!asm_.over() && bus_.host.exitStatus()) {
    failHere(plain(Condition::End, "the VAMP ended inside an asm block"));
    return ended;
  }
  interp::AssemblyOutcome outcome = asm_.take();
  outcome_.counters.mirrored += outcome.stores.size();
  if (!asm_.over() && !options_.dropped[Condition::RuleIV])
    outcome.violation = "restriction (iv): the block does not end within " + grouped(limit_) + " instructions";
  if (outcome.violation.empty() && wrong && fail(plain(Condition::AsmCode, *wrong))) return ended;
  outcome_.left = outcome.leaves;
  if (auto status = bus_.host.exitStatus(); status && outcome.violation.empty()) {  // its last instruction wrote it
    stopped_ = outcome.leaves = true;
    outcome_.exitStatus = *status;
  }
  expectTraffic();
  return outcome;
}

// aba of a new heap variable is the word that the allocator's result left in the destination (decisions.md, 10).
bool Lockstep::adoptAllocation() {
  auto variable = abstract_.lastAllocation();
  if (!variable) return true;
  Region live{image_.heap.begin, image_.heap.begin + abstract_.heapUsed()};
  for (const auto& written : abstract_.lastWrites()) {
    auto at = aba_.aba(written.frame, written.variable, written.index);
    const auto& types = image_.program().types;
    if (!at || types[written.type].kind != core::TypeKind::Pointer) continue;
    uint32_t address = 0;
    concrete_.read(*at, &address, 4);
    const core::TypeId type = abstract_.heapType(*variable);
    const uint32_t count = abstract_.heapCount(*variable);
    if (const auto why = aba_.whyNotHeap(address, type, count, live)) {
      std::string name = abstract_.name(written);
      Violation violation =
          plain(*why, name + " does not hold the address of a fresh heap variable",
                "a free place in " + hex(live.begin) + ".." + hex(live.end), address ? hex(address) : "null");
      violation.variable = name, violation.type = types.print(written.type);
      violation.depth = aba_.depthOf(written.frame), violation.address = *at, violation.size = 4;
      if (fail(std::move(violation))) return false;
    }
    aba_.addHeap(address, type, count);
    return true;
  }
  failHere(plain(Condition::HeapRange, "the new heap variable has no destination"));
  return false;
}

}  // namespace consis
