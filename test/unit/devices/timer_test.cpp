#include "vm/devices/timer.h"

#include <gtest/gtest.h>

namespace devices {
namespace {

constexpr uint64_t kNever = UINT64_MAX;

TEST(Timer, ExpiresOnceWithoutReload) {
  Timer timer;
  EXPECT_EQ(timer.nextEvent(5), kNever);
  timer.write(1, 100, 10);
  EXPECT_EQ(timer.nextEvent(10), kNever);  // not enabled
  timer.write(0, 3, 20);
  EXPECT_EQ(timer.nextEvent(20), 120u);
  EXPECT_EQ(timer.read(2, 50), 70u);
  EXPECT_FALSE(timer.line(119));
  EXPECT_EQ(timer.read(3, 119), 0u);
  EXPECT_TRUE(timer.line(120));
  EXPECT_EQ(timer.read(3, 121), 1u);
  EXPECT_EQ(timer.read(0, 121), 2u);  // it has disabled itself
  EXPECT_EQ(timer.read(2, 121), 0u);
  EXPECT_EQ(timer.nextEvent(121), kNever);
  timer.write(3, 0, 130);
  EXPECT_FALSE(timer.line(131));
}

TEST(Timer, ReloadsWithoutDrift) {
  Timer timer;
  timer.write(1, 100, 0);
  timer.write(0, 7, 0);
  EXPECT_TRUE(timer.line(100));
  timer.write(3, 0, 150);
  EXPECT_FALSE(timer.line(199));
  EXPECT_EQ(timer.nextEvent(199), 200u);
  EXPECT_TRUE(timer.line(750));  // some were missed: one interrupt, the next at 800
  EXPECT_EQ(timer.nextEvent(750), 800u);
  timer.write(3, 0, 750);
  EXPECT_FALSE(timer.line(799));
}

TEST(Timer, InterruptEnableOnlyGatesTheLine) {
  Timer timer;
  timer.write(1, 10, 0);
  timer.write(0, 1, 0);
  EXPECT_FALSE(timer.line(20));
  EXPECT_EQ(timer.read(3, 20), 1u);
  timer.write(0, 2, 20);
  EXPECT_TRUE(timer.line(20));
}

TEST(Timer, PeriodZeroNeverExpiresAndClockIsReadable) {
  Timer timer;
  timer.write(0, 7, 0);
  EXPECT_EQ(timer.nextEvent(0), kNever);
  EXPECT_EQ(timer.read(4, 0x123456789Au), 0x3456789Au);
  EXPECT_EQ(timer.read(5, 0x123456789Au), 0x12u);
  timer.write(1, 50, 1000);  // a new period starts at once
  EXPECT_EQ(timer.nextEvent(1000), 1050u);
  timer.write(0, 0, 1001);
  EXPECT_EQ(timer.nextEvent(1001), kNever);
}

}  // namespace
}  // namespace devices
