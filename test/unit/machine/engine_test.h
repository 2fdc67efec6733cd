// A small machine on which both executors run the same program, and a bus whose lines the test sets.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "vm/machine/causes.h"
#include "vm/machine/machine.h"

namespace machine {

class TestBus : public Bus {
 public:
  uint32_t up = 0;  // lines from time `from` on
  uint64_t from = 0;
  uint32_t value = 0x12345678;  // what reads give
  bool lowersOnRead = false;
  bool stop = false;
  std::vector<std::string> log;

  uint32_t read(unsigned device, unsigned port, uint64_t now) override {
    log.push_back("read " + std::to_string(device) + " " + std::to_string(port) + " at " + std::to_string(now));
    if (lowersOnRead) up = 0;
    return value;
  }
  void write(unsigned device, unsigned port, uint32_t word, uint64_t now) override {
    log.push_back("write " + std::to_string(device) + " " + std::to_string(port) + " = " + std::to_string(word) +
                  " at " + std::to_string(now));
    if (device == 6) stop = true;
  }
  uint32_t lines(uint64_t now) override { return now >= from ? up : 0; }
  uint64_t nextEvent(uint64_t now) override { return now < from ? from : kNever; }
  bool stopRequested() const override { return stop; }
};

inline uint32_t encode(isa::Op op, unsigned rd, unsigned rs1, int32_t imm, unsigned rs2 = 0, unsigned sa = 0) {
  isa::Instruction in;
  in.op = op, in.rd = uint8_t(rd), in.rs1 = uint8_t(rs1), in.rs2 = uint8_t(rs2), in.sa = uint8_t(sa), in.imm = imm;
  return isa::encode(in);
}

constexpr uint32_t kMemoryBytes = 64 * kPageSize;

enum class Engine { Reference, Careful, Fast };

inline std::string engineName(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::Reference ? "Reference" : info.param == Engine::Careful ? "Careful" : "Fast";
}

// Tests that every engine passes. At 0 there is a loop that does nothing, unless the test puts something else there: so
// that the fast engine, which needs some thousand steps to run at full speed, can go on after an interrupt without
// changing anything.
class EngineTest : public testing::TestWithParam<Engine> {
 protected:
  EngineTest() : machine(kMemoryBytes, &bus) {
    machine.state = resetState();
    put(0, {encode(isa::Op::J, 0, 0, -4), isa::kNop});
  }

  void put(uint32_t address, const std::vector<uint32_t>& words) {
    ASSERT_TRUE(machine.write(address, words.data(), uint32_t(4 * words.size())));
  }
  uint32_t word(uint32_t address) {
    uint32_t value = 0;
    EXPECT_TRUE(machine.read(address, &value, 4));
    return value;
  }
  void start(uint32_t dpc, uint32_t pc) { machine.state.dpc = dpc, machine.state.pc = pc; }
  void start(uint32_t dpc) { start(dpc, dpc + 4); }

  // User mode over a page table of 16 entries at page 32, all invalid at first.
  void user(uint32_t ptl = 15) {
    machine.state.spr[isa::MODE] = 1;
    machine.state.spr[isa::PTO] = 32;
    machine.state.spr[isa::PTL] = ptl;
  }
  static constexpr uint32_t kValid = 0x800, kProtected = 0x400;
  void map(uint32_t page, uint32_t frame, uint32_t flags = kValid) {
    put(32 * kPageSize + 4 * page, {frame << 12 | flags | 0x2A});
  }

  // Runs `steps` steps; the fast engine runs on for long, so what follows must be an idle loop.
  void run(uint64_t steps) {
    switch (GetParam()) {
      case Engine::Reference:
        for (uint64_t i = 0; i < steps && !bus.stop; i++) machine.step();
        break;
      case Engine::Careful: machine.run(steps); break;
      case Engine::Fast: machine.run(steps + 5000); break;
    }
  }

  // An interrupt took the machine to 0, and the state saved is this.
  void expectInterrupt(uint32_t eca, uint32_t edpc, uint32_t epc, uint32_t edata, uint32_t esr, uint32_t emode) {
    const auto& spr = machine.state.spr;
    EXPECT_EQ(spr[isa::ECA], eca);
    EXPECT_EQ(spr[isa::EDPC], edpc);
    EXPECT_EQ(spr[isa::EPC], epc);
    EXPECT_EQ(spr[isa::EDATA], edata);
    EXPECT_EQ(spr[isa::ESR], esr);
    EXPECT_EQ(spr[isa::EMODE], emode);
    EXPECT_EQ(spr[isa::SR], 0u);
    EXPECT_EQ(spr[isa::MODE], 0u);
    if (GetParam() == Engine::Fast) {
      EXPECT_LE(machine.state.dpc, 4u);
    } else {
      EXPECT_EQ(machine.state.dpc, 0u);
      EXPECT_EQ(machine.state.pc, 4u);
    }
  }

  TestBus bus;
  Machine machine;
};

#define ALL_ENGINES(suite)                                                                                    \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, testing::Values(Engine::Reference, Engine::Careful, Engine::Fast), \
                           engineName)

#define STEPPING_ENGINES(suite) \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, testing::Values(Engine::Reference, Engine::Careful), engineName)

}  // namespace machine
