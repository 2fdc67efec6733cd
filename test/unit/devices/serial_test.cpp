#include "vm/devices/serial.h"

#include <gtest/gtest.h>

#include "test/unit/devices/text_console.h"

namespace devices {
namespace {

struct SerialTest : testing::Test {
  TextConsole console;
  Serial serial{console};
};

TEST_F(SerialTest, SendsAndReceives) {
  EXPECT_EQ(serial.read(5, 0), 0x60u);
  serial.write(0, 'x', 0);
  EXPECT_EQ(console.output, "x");
  console.input = "ab";
  EXPECT_EQ(serial.read(5, 0), 0x61u);
  EXPECT_EQ(serial.read(0, 0), uint32_t('a'));
  EXPECT_EQ(serial.read(0, 0), uint32_t('b'));
  EXPECT_EQ(serial.read(5, 0), 0x60u);
  EXPECT_EQ(serial.read(0, 0), 0u);
}

TEST_F(SerialTest, DivisorLatchAndScratch) {
  serial.write(3, 0x83, 0);
  serial.write(0, 12, 0), serial.write(1, 34, 0);
  EXPECT_EQ(serial.read(0, 0), 12u);
  EXPECT_EQ(serial.read(1, 0), 34u);
  serial.write(3, 0x03, 0);
  EXPECT_EQ(serial.read(1, 0), 0u);
  EXPECT_EQ(console.output, "");
  serial.write(7, 0x5A, 0);
  EXPECT_EQ(serial.read(7, 0), 0x5Au);
  EXPECT_EQ(serial.read(6, 0), 0xB0u);
}

TEST_F(SerialTest, ReceiveInterrupt) {
  EXPECT_FALSE(serial.line(0));
  EXPECT_EQ(serial.nextEvent(0), UINT64_MAX);
  serial.write(1, 1, 0);
  EXPECT_FALSE(serial.line(100));
  EXPECT_EQ(serial.nextEvent(100), Serial::kPollPeriod);
  console.input = "q";
  EXPECT_FALSE(serial.line(101));  // the host is not asked before its time
  EXPECT_TRUE(serial.line(Serial::kPollPeriod));
  EXPECT_EQ(serial.read(2, 0), 0x04u);
  EXPECT_EQ(serial.nextEvent(20000), UINT64_MAX);
  EXPECT_EQ(serial.read(0, 0), uint32_t('q'));
  EXPECT_FALSE(serial.line(20001));
  EXPECT_EQ(serial.read(2, 0), 0x01u);
}

TEST_F(SerialTest, TransmitInterrupt) {
  serial.write(1, 2, 0);
  EXPECT_TRUE(serial.line(0));
  EXPECT_EQ(serial.read(2, 0), 0x02u);  // which acknowledges it
  EXPECT_FALSE(serial.line(0));
  serial.write(0, 'z', 0);
  EXPECT_TRUE(serial.line(0));
}

TEST_F(SerialTest, FifoTriggerAndTimeout) {
  serial.write(2, 0x41, 0);  // enable, trigger 4
  serial.write(1, 1, 0);
  console.input = "abc";
  EXPECT_EQ(serial.read(2, 0), 0xCCu);  // fewer than 4: timeout
  console.input = "d";
  EXPECT_EQ(serial.read(2, 0), 0xC4u);
  serial.write(2, 0x43, 0);  // clears the FIFO
  EXPECT_EQ(serial.read(5, 0), 0x60u);
  console.input = std::string(20, 'x');
  serial.read(5, 0);
  EXPECT_EQ(console.input.size(), 4u);  // sixteen have room
}

TEST_F(SerialTest, Loop) {
  serial.write(4, 0x1F, 0);
  EXPECT_EQ(serial.read(6, 0), 0xF0u);
  serial.write(0, 'a', 0);
  serial.write(0, 'b', 0);  // no room: overrun
  EXPECT_EQ(console.output, "");
  serial.write(1, 4, 0);
  EXPECT_EQ(serial.read(2, 0), 0x06u);
  EXPECT_EQ(serial.read(5, 0), 0x63u);
  EXPECT_EQ(serial.read(5, 0), 0x61u);
  EXPECT_EQ(serial.read(0, 0), uint32_t('a'));
}

}  // namespace
}  // namespace devices
