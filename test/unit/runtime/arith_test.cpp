// The multiply and divide routines of libc0.a, run on the emulator, against the host's arithmetic. Also their cost:
// executed instructions, which are exact, against the bounds of shared/measures.md.
#include <gtest/gtest.h>

#include <climits>
#include <fstream>
#include <random>

#include "assembler/link/link.h"
#include "vm/machine/machine.h"

namespace {

constexpr uint32_t kReturn = 0x100, kFault = 0x200, kMemory = 1 << 20;

class Arith : public testing::Test {
 protected:
  static std::vector<uint8_t> library() {
    std::ifstream in(C0_BINARY_DIR "/lib/libc0.a", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Arith() : machine_(kMemory) {
    // A caller's object: wants the routines, has a fault routine of its own.
    object::Object caller;
    for (const char* name : {"__mul", "__div", "__udiv"}) {
      object::Symbol symbol;
      symbol.name = name, symbol.global = true;
      caller.symbols.push_back(symbol);
    }
    object::Section vector;
    vector.name = ".vector", vector.flags = object::kAlloc | object::kExecute, vector.bytes.resize(0x300);
    caller.sections.push_back(vector);
    object::Symbol fault;
    fault.name = "__c0_fault", fault.global = true, fault.section = 0, fault.value = kFault;
    caller.symbols.push_back(fault);
    std::vector<uint8_t> bytes = object::writeElf(caller), archive = library();
    base::SourceManager sources;
    base::Diagnostics diagnostics(sources);
    linker::Options options;
    options.heapSize = options.stackSize = 4096;
    auto image = linker::link({{"caller.o", bytes}, {"libc0.a", archive}}, options, diagnostics);
    for (const base::Diagnostic& diagnostic : diagnostics.all()) ADD_FAILURE() << diagnostic.text;
    if (!image) std::abort();
    for (const object::Segment& segment : object::segments(*image))
      if (!segment.bytes.empty()) machine_.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
    for (const object::Symbol& symbol : image->symbols) {
      if (symbol.name == "__mul") mul_ = symbol.value;
      if (symbol.name == "__div") div_ = symbol.value;
      if (symbol.name == "__udiv") udiv_ = symbol.value;
    }
  }

  // Runs a routine to its return; registers that must survive are watched. Returns where it ended.
  uint32_t call(uint32_t routine, uint32_t a, uint32_t b) {
    machine::State& state = machine_.state;
    state = {};
    for (unsigned i = 1; i < 32; i++) state.gpr[i] = 0x1000 + i;
    state.gpr[11] = a, state.gpr[12] = b, state.gpr[31] = kReturn;
    state.dpc = routine, state.pc = routine + 4;
    while (state.dpc != kReturn && state.dpc != kFault && state.steps < 2000) machine_.step();
    for (unsigned i = 2; i < 31; i++) {
      if ((i >= 11 && i <= 18) || i == 20) continue;
      EXPECT_EQ(state.gpr[i], 0x1000 + i) << "r" << i;
    }
    worst_ = std::max(worst_, state.steps);
    total_ += state.steps;
    calls_++;
    return state.dpc;
  }
  uint32_t product() const { return machine_.state.gpr[20]; }
  uint32_t quotient() const { return machine_.state.gpr[20]; }
  uint32_t remainder() const { return machine_.state.gpr[11]; }

  void checkMultiply(uint32_t a, uint32_t b) {
    ASSERT_EQ(call(mul_, a, b), kReturn);
    ASSERT_EQ(product(), a * b) << a << " * " << b;
  }
  void checkDivide(uint32_t a, uint32_t b) {
    ASSERT_EQ(call(udiv_, a, b), kReturn) << a << " / " << b;
    ASSERT_EQ(quotient(), a / b) << a << " / " << b;
    ASSERT_EQ(remainder(), a % b) << a << " % " << b;
    int32_t x = int32_t(a), y = int32_t(b);
    bool overflow = x == INT_MIN && y == -1;
    ASSERT_EQ(call(div_, a, b), kReturn) << x << " / " << y;
    ASSERT_EQ(int32_t(quotient()), overflow ? INT_MIN : x / y) << x << " / " << y;
    ASSERT_EQ(int32_t(remainder()), overflow ? 0 : x % y) << x << " % " << y;
  }

  static std::vector<uint32_t> corners() {
    std::vector<uint32_t> list{0, 3, 5, 7, 10, 100, 1000, 0x55555555, 0xAAAAAAAA};
    for (unsigned i = 0; i < 32; i++)
      for (uint32_t near : {0u, 1u, ~0u}) list.push_back((1u << i) + near), list.push_back(0 - (1u << i) + near);
    return list;
  }

  double mean() const { return double(total_) / double(calls_); }
  void resetCost() { total_ = calls_ = worst_ = 0; }

  machine::Machine machine_;
  uint32_t mul_ = 0, div_ = 0, udiv_ = 0;
  uint64_t worst_ = 0, total_ = 0, calls_ = 0;
};

TEST_F(Arith, MultiplyCorners) {
  for (uint32_t a : corners())
    for (uint32_t b : corners()) checkMultiply(a, b);
}

TEST_F(Arith, DivideCorners) {
  for (uint32_t a : corners())
    for (uint32_t b : corners())
      if (b) checkDivide(a, b);
}

TEST_F(Arith, SmallExhaustive) {
  for (uint32_t a = 0; a < 300; a++)
    for (uint32_t b = 0; b < 70; b++) {
      checkMultiply(a, b);
      if (b) checkDivide(a, b);
    }
}

TEST_F(Arith, RandomOfAllSizes) {
  std::mt19937 random(1);
  for (int i = 0; i < 40000; i++) {
    uint32_t a = uint32_t(random()) >> random() % 32, b = uint32_t(random()) >> random() % 32;
    if (random() & 1) a = 0 - a;
    if (random() & 1) b = 0 - b;
    checkMultiply(a, b);
    if (b) checkDivide(a, b);
  }
}

// Zero divisors go to the fault routine with the return address as the check's key.
TEST_F(Arith, DivisionByZero) {
  for (uint32_t routine : {div_, udiv_})
    for (uint32_t a : corners()) {
      ASSERT_EQ(call(routine, a, 0), kFault) << a;
      ASSERT_EQ(machine_.state.gpr[31], kReturn);
    }
}

// With the call and the move of the result a program executes three instructions more.
TEST_F(Arith, Cost) {
  std::mt19937 random(2);
  for (int i = 0; i < 20000; i++) checkMultiply(random() & 0xFFF, random() & 0xFFF);
  RecordProperty("multiply_12_bits", std::to_string(mean()));
  EXPECT_LE(mean(), 35);
  resetCost();
  for (int i = 0; i < 20000; i++) checkMultiply(random() & 0xFFFF, random() & 0xFFFF);
  RecordProperty("multiply_16_bits", std::to_string(mean()));
  EXPECT_LE(mean(), 50);
  resetCost();
  for (int i = 0; i < 20000; i++) checkMultiply(uint32_t(random()), uint32_t(random()));
  RecordProperty("multiply_32_bits", std::to_string(mean()));
  EXPECT_LE(mean(), 80);
  EXPECT_LE(worst_, 100u);
  resetCost();
  for (int i = 0; i < 20000; i++) checkDivide(random() & 0xFFFF, 1 + (random() & 0xFF));
  RecordProperty("divide_16_by_8_bits", std::to_string(mean()));
  EXPECT_LE(mean(), 60);
  resetCost();
  for (int i = 0; i < 20000; i++) checkDivide(uint32_t(random()), 1 + (random() & 0xFFFF));
  RecordProperty("divide_32_by_16_bits", std::to_string(mean()));
  EXPECT_LE(mean(), 160);
}

}  // namespace
