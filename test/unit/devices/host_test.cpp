#include "vm/devices/host.h"

#include <gtest/gtest.h>

#include "test/unit/devices/text_console.h"

namespace devices {
namespace {

TEST(Host, ConsoleAndConstants) {
  TextConsole console;
  console.input = "a\xFF";
  Host host(console, 0x4000000, 77);
  host.write(1, 'H', 0);
  host.write(1, 0x100 + 'i', 0);
  EXPECT_EQ(console.output, "Hi");
  EXPECT_EQ(host.read(2, 0), 0x4000000u);
  EXPECT_EQ(host.read(3, 0), 77u);
  EXPECT_EQ(host.read(4, 0), uint32_t('a'));
  EXPECT_EQ(host.read(4, 0), 0xFFu);  // a byte, not the end
  EXPECT_EQ(host.read(4, 0), 0xFFFFFFFFu);
  for (unsigned port : {0u, 1u, 5u, 6u, 1023u}) EXPECT_EQ(host.read(port, 0), 0u);
  host.write(2, 1, 0), host.write(1023, 1, 0);
  EXPECT_FALSE(host.stopped());
}

TEST(Host, Stops) {
  TextConsole console;
  Host exits(console, 4096), faults(console, 4096);
  exits.write(0, 300, 0);
  EXPECT_TRUE(exits.stopped());
  EXPECT_EQ(exits.exitStatus(), 300u);
  EXPECT_FALSE(exits.fault());
  faults.write(5, 0x8010, 0);
  EXPECT_TRUE(faults.stopped());
  EXPECT_EQ(faults.fault(), 0x8010u);
  EXPECT_FALSE(faults.exitStatus());
}

}  // namespace
}  // namespace devices
