// The abstract C0 machine (seed 003, 4.1; shared/spec/c0.md): configurations (pr, tt, ft, rd, lms, hm), one small step at a time.
// Depends on core only, does no I/O, never exits; faults are values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/core/core.h"

namespace interp {

using core::Fault;

// Memory frames by serial number: 0 is the global memory lms(0), kHeapFrame the heap hm, others local frames in order of creation
// (decisions.md, 11). After 2^32 - 2 calls the numbers start again.
constexpr uint32_t kGlobalFrame = 0, kHeapFrame = 0xFFFFFFFF;

// A simple value: undefined, the 32 bits of an elementary value, or a pointer (frame, variable, selector). An unknown one, which only
// configurations from outside have (Machine::restore), is told when it is first read (Primitives::known); till then it is copied as it is. The selector is kept as
// the index of the target's first simple value within its variable; with the pointer's static type it names one sub variable.
// An element pointer may also be `past` the end of the array that ends at `index`: it differs from a pointer to what follows the
// array (though == finds them equal within one variable, as on the machine).
struct Value {
  enum Kind : uint8_t { Undefined, Unknown, Number, Null, Pointer } kind = Undefined;
  bool past = false;      // Pointer
  union {
    uint32_t bits = 0;  // Number; Unknown, where all three belong to whoever made it
    uint32_t index;     // Pointer
  };
  uint32_t frame = 0;     // Pointer
  uint32_t variable = 0;  // Pointer

  static Value number(uint32_t bits) { return {Number, false, {bits}, 0, 0}; }
  static Value unknown(uint32_t bits, uint32_t frame, uint32_t variable) {
    return {Unknown, false, {bits}, frame, variable};
  }
  static Value null() { return {Null, false, {0}, 0, 0}; }
  static Value pointer(uint32_t frame, uint32_t variable, uint32_t index, bool past = false) {
    return {Pointer, past, {index}, frame, variable};
  }
  bool operator==(const Value& other) const {
    return kind == other.kind && past == other.past && bits == other.bits && frame == other.frame && variable == other.variable;
  }
};

// A sub variable, as a pointer names it, with its type.
struct SubVariable {
  uint32_t frame = 0;
  uint32_t variable = 0;
  uint32_t index = 0;
  core::TypeId type = 0;
  bool operator==(const SubVariable&) const = default;
};

// A sub variable that the last step wrote, with its simple values, in order; valid until the next step.
struct Write : SubVariable {
  const Value* content;
};

// m = (n, name, ty, ct) of the seed: variables and the flat sequence of simple values; ba[i] is variable i's abstract base address.
// A view: valid until the next step.
struct FrameView {
  uint32_t serial;
  uint32_t function;        // index into Program::functions; unused for globals and heap
  uint32_t variableCount;
  std::span<const Value> content;
};

struct FaultReport {
  Fault fault = Fault::None;
  core::Position position;
  uint32_t function = 0;
  std::string text;   // with the values involved: "index 10 is outside int[10]"
  bool elementPointer = false;  // only the abstract machine notices: compiled code has no check for it
};

// What executing an asm statement did (C0A; seed 003, 4.3): the words it stored to int and unsigned sub variables, in order.
struct AssemblyOutcome {
  struct Store {
    SubVariable target;
    uint32_t value;
  };
  std::vector<Store> stores = {};
  bool leaves = false;          // by an rfe to elsewhere: the program ends
  std::string violation = {};   // of a restriction of C0A: no semantics from here on
};

// What a primitive or an asm statement does; injected (decisions.md, 4). In lockstep the checker answers with what the machine
// did; without a machine an asm statement has no semantics.
class Primitives {
 public:
  virtual ~Primitives() = default;
  struct Outcome {
    uint32_t result = 0;
    bool exits = false;  // the program ends with `result` as status
  };
  virtual Outcome call(core::Primitive primitive, std::span<const Value> arguments) = 0;
  virtual AssemblyOutcome assembly(const core::Stmt&) {
    return {.violation = "an asm statement is executed by a machine, and there is none: run the program under consis"};
  }
  // What an unknown value of this type is; it is that from now on. An undefined one cannot be read.
  virtual Value known(const Value& /*unknown*/, core::TypeId /*type*/) { return {}; }
};

enum class Stop : uint8_t {
  Running,  // a step was made
  Ended,    // main returned, or exit was called: exitStatus()
  Faulted,  // no semantics from here on: fault()
};

// Names of the small-step rules, for traces.
enum class Rule : uint8_t { Skip, Assign, Call, Primitive, Return, IfTrue, IfFalse, WhileTrue, WhileFalse, Break, Continue, New, Asm, Fault };
std::string_view ruleName(Rule rule);

struct Limits {
  uint32_t heap;   // H, bytes
  uint32_t stack;  // S, bytes
};

// Simple values of all globals together; a program with more is refused rather than given more memory than a host has.
constexpr uint64_t kMaxGlobals = uint64_t(1) << 28;

// Why a program cannot be started: it has no `int main()` (a concrete kernel: no `int init2()`), needs what nobody defines, or its globals are too large.
std::optional<std::string> whyNotRunnable(const core::Program& program);
// The same of a program that begins by restart().
std::optional<std::string> whyIncomplete(const core::Program& program);

// Main: the first configuration is main called, pr = main's body, rd = 1. Nothing: rd = 0 and no program rest; restart() gives both.
// Restored: there is none until restore().
enum class Start : uint8_t { Main, Nothing, Restored };

struct Saved;

class Machine {
 public:
  // The program must be linked, verified and runnable (Start::Nothing: complete), and outlive the machine. A call is charged
  // layoutFrame's size, main too. Globals and heap take 16 bytes of memory a simple value.
  Machine(const core::Program& program, Primitives& primitives, Limits limits, Start start = Start::Main);
  Machine(const Machine& other);  // the same configuration, which then goes its own way
  ~Machine();

  // The configuration by itself (saved.h), and another one in its place, at which the machine runs on: nothing, or why it is none of
  // this program's; the machine then stays as it was. Values must be of their variables' types.
  Saved save() const;
  std::optional<std::string> restore(Saved saved);

  // A step to Ended is made and counted (rd = 0 after main's return; exit leaves the frames); a step to Faulted is not made: the
  // configuration stays as it was, the head being the statement that has no semantics. Further calls do nothing.
  Stop step();

  // How a kernel starts afresh (seed 003, 5.2 and 6.3), whatever it was doing: all frames are dropped, then the call of a defined
  // function, with one argument for each parameter (of elementary type), is made and counted as a step; rd = 1. Its result goes to
  // the global `destination`, of the function's type and not constant. Its return ends the program. Faulted: the stack is too small.
  Stop restart(uint32_t function, std::span<const Value> arguments = {}, std::optional<uint32_t> destination = {});

  const core::Program& program() const;
  uint64_t steps() const;
  uint32_t exitStatus() const;
  const FaultReport& fault() const;
  Rule lastRule() const;

  // ---- the configuration -------------------------------------------------------------------------------------------
  // The head of the program rest; null when the program has ended.
  const core::Stmt* head() const { return front_.head; }
  uint32_t headFunction() const { return front_.headFunction; }  // the function whose frame is on top
  uint32_t rd() const { return front_.rd; }                      // recursion depth; main runs at 1
  // What the program rest holds for the function at depth 1..rd, next statement first; the whole program rest is rest(rd), ..,
  // rest(1). A `while` whose body is under way is in it, behind the rest of the body.
  std::vector<const core::Stmt*> rest(uint32_t depth) const;
  FrameView frame(uint32_t depth) const;  // depth 0: globals; 1..rd
  FrameView heap() const;
  // Of an array that new(T, n) made: T and n. Of another heap variable: its type and 0.
  core::TypeId heapType(uint32_t variable) const;
  uint32_t heapCount(uint32_t variable) const;
  uint32_t heapBase(uint32_t variable) const;   // index in heap().content
  uint32_t heapUsed() const { return front_.heapUsed; }  // bytes, as the allocator counts them
  uint32_t variableBase(uint32_t depth, uint32_t variable) const;  // ba: index in frame(depth).content
  // For depth 2..rd: the call statement in the frame below that waits for this frame, and where its result goes
  // (decisions.md, 2).
  const core::Stmt* pendingCall(uint32_t depth) const;
  std::optional<SubVariable> pendingDestination(uint32_t depth) const;

  uint32_t nextSerial() const;  // of the next call's frame

  // Sub variables that the last step wrote (simple values, or whole structs), oldest first.
  std::span<const Write> lastWrites() const { return {front_.writes.data(), front_.writeCount}; }
  // The heap variable that the last step created.
  std::optional<uint32_t> lastAllocation() const { return front_.allocation; }

  // Where the sub variable lies that a pointer to `target` leads to (past the end: the array's last element), and its array.
  // Nothing if the frame is gone or the value is no such pointer.
  std::optional<core::SubVariable> locate(const Value& pointer, core::TypeId target) const;

  // The simple values of the sub variable, in order, valid until the next step; null if it is gone.
  const Value* content(const SubVariable& target) const;

  // Gives a sub variable of simple type a value (stores of asm blocks; test corruption). False if there is no such sub variable, or
  // the value is none of its type.
  bool assign(const SubVariable& target, Value value);

  // The meaning of an expression over the configuration, its locals those of the frame at `depth` (0: it has none). All types in it
  // were in the program when the machine was made. Places of any type may be read, undefined or not; the machine stays as it was.
  struct Evaluation {
    std::vector<Value> values;         // simple values in order; empty after a fault
    std::optional<SubVariable> place;  // that the expression denotes
    FaultReport fault;
  };
  Evaluation evaluate(const core::Expr& e, uint32_t depth) const;

  // Bytes that a copy takes, about.
  uint64_t memory() const;

  // "g.list[3].next" of the globals; "main:i" of a function's topmost frame, "fib@3:n" at depth 3 otherwise; "heap#7.left".
  std::string name(const SubVariable& target) const;
  // Where a pointer of this type leads: "heap#7.left", "a[3] + 1".
  std::string name(const Value& pointer, core::TypeId type) const;
  // As text and JSON (docs/abstract-machine.md); equality of dumps is equality of configurations.
  std::string dumpText() const;
  std::string dumpJson() const;

 private:
  // What is asked at every step.
  struct Front {
    const core::Stmt* head = nullptr;
    uint32_t headFunction = 0, rd = 0, heapUsed = 0;
    std::vector<Write> writes;  // the first writeCount; the others are spare
    size_t writeCount = 0;
    std::optional<uint32_t> allocation;
  };
  struct Impl;
  std::unique_ptr<Impl> impl_;
  const Front& front_;  // of *impl_
};

}  // namespace interp
