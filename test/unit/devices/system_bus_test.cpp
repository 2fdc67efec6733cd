// The devices as a program sees them.
#include "vm/devices/system_bus.h"

#include <gtest/gtest.h>

#include "test/unit/devices/text_console.h"

namespace devices {
namespace {

using isa::Op;

uint32_t encode(Op op, unsigned rd, unsigned rs1, int32_t imm, unsigned sa = 0) {
  isa::Instruction in;
  in.op = op, in.rd = uint8_t(rd), in.rs1 = uint8_t(rs1), in.imm = imm, in.sa = uint8_t(sa);
  return isa::encode(in);
}

struct SystemBusTest : testing::Test {
  static constexpr uint32_t kMemory = 16 * 4096;
  TextConsole host, serial;
  SystemBus bus{host, serial, kMemory, 5};
  machine::Machine machine{kMemory, &bus};

  void put(uint32_t address, std::vector<uint32_t> words) {
    machine.write(address, words.data(), uint32_t(4 * words.size()));
  }
};

TEST_F(SystemBusTest, DevicesAreWhereTheyBelong) {
  bus.write(kHost, 1, 'h', 0);
  bus.write(kSerial, 0, 's', 0);
  EXPECT_EQ(host.output, "h");
  EXPECT_EQ(serial.output, "s");
  EXPECT_EQ(bus.read(kHost, 2, 0), kMemory);
  EXPECT_EQ(bus.read(kHost, 3, 0), 5u);
  EXPECT_EQ(bus.read(kTimer, 4, 42), 42u);
  for (unsigned device : {0u, 3u, 4u, 5u, 7u})
    for (unsigned port : {0u, 7u, 1023u}) {
      bus.write(device, port, 0xFFFFFFFF, 0);
      EXPECT_EQ(bus.read(device, port, 0), 0u);
    }
  EXPECT_EQ(bus.lines(0), 0u);
}

TEST_F(SystemBusTest, LinesAreOfTheirDevices) {
  bus.disk = std::make_unique<Disk>(std::make_unique<MemoryStorage>(4));
  bus.secondDisk = std::make_unique<Disk>(std::make_unique<MemoryStorage>(4));
  bus.write(kDisk, 7, 0xE7, 0);
  EXPECT_EQ(bus.nextEvent(0), Disk::kLatency);
  EXPECT_EQ(bus.lines(Disk::kLatency), 1u << 13);
  bus.read(kDisk, 7, Disk::kLatency);
  bus.write(kSecondDisk, 7, 0xE7, 0);
  EXPECT_EQ(bus.lines(Disk::kLatency), 1u << 18);
  bus.write(kTimer, 1, 10, 0);
  bus.write(kTimer, 0, 3, 0);
  EXPECT_EQ(bus.nextEvent(0), 10u);
  EXPECT_EQ(bus.lines(2000), 1u << 18 | 1u << 14);
  bus.write(kSerial, 1, 2, 0);
  EXPECT_EQ(bus.lines(2000), 1u << 18 | 1u << 15 | 1u << 14);
}

// Counts ten timer interrupts while a loop runs, then stops: the state depends on the number of instructions alone.
TEST_F(SystemBusTest, TimerInterruptsAProgram) {
  put(0, {encode(Op::Addi, 10, 10, 1), encode(Op::Sw, 0, 20, 12), encode(Op::Slsi, 1, 10, 10),
          encode(Op::Beqz, 0, 1, 8), isa::kNop, encode(Op::Rfe, 0, 0, 0), encode(Op::Sw, 10, 21, 0)});
  put(0x1000, {encode(Op::Addi, 2, 0, 1000), encode(Op::Sw, 2, 20, 4), encode(Op::Addi, 2, 0, 7),
               encode(Op::Sw, 2, 20, 0), encode(Op::Addi, 2, 0, 0x4000), encode(Op::Movi2s, 0, 2, 0, isa::SR),
               encode(Op::Addi, 3, 3, 1), encode(Op::J, 0, 0, -8), isa::kNop});
  machine.state.gpr[20] = 0xFFFF9000, machine.state.gpr[21] = 0xFFFFE000;
  machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
  EXPECT_EQ(machine.run(100000), machine::Stop::Host);
  EXPECT_EQ(bus.host.exitStatus(), 10u);
  // Enabled by instruction 3: the line rises at 1003, 2003, ..; instruction 10003 completes, six of the handler follow.
  EXPECT_EQ(machine.state.steps, 10003u + 1 + 6);
  EXPECT_EQ(machine.interrupts()[14], 10u);
  // Of the 10004 instructions up to the last interrupt, 6 came before the loop of three and 9 * 6 were handlers.
  EXPECT_EQ(machine.state.gpr[3], (10004u - 6 - 54 + 2) / 3);
}

}  // namespace
}  // namespace devices
