#include "vm/devices/bus_controller.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "vm/devices/ports.h"

namespace devices {
namespace {

struct FakeLink : BusLink {
  struct Sent {
    uint64_t slot;
    bool sends;
    std::vector<uint8_t> message;
    bool operator==(const Sent&) const = default;
  };
  std::vector<Sent> sent;
  std::deque<BusSlot> others;  // what the others send in the next slots
  unsigned node() const override { return 2; }
  unsigned nodes() const override { return 4; }
  BusSlot meet(uint64_t slot, bool sends, std::span<const uint8_t> message) override {
    sent.push_back({slot, sends, {message.begin(), message.end()}});
    BusSlot heard;
    if (!others.empty()) heard = others.front(), others.pop_front();
    heard.senders += sends;
    return heard;
  }
};

struct BusControllerTest : testing::Test {
  FakeLink link;
  BusController controller{link};
  uint32_t read(unsigned port, uint64_t now) { return controller.read(port, now); }
  void write(unsigned port, uint32_t value, uint64_t now = 0) { controller.write(port, value, now); }
};

TEST_F(BusControllerTest, DoesNothingBeforeItsStart) {
  EXPECT_EQ(read(bus::kNode, 0), 0x402u);
  EXPECT_EQ(controller.nextEvent(1'000'000), UINT64_MAX);
  EXPECT_EQ(read(bus::kStatus, 1'000'000), 0u);
  EXPECT_TRUE(link.sent.empty());
}

TEST_F(BusControllerTest, SendsByItsSchedule) {
  write(bus::kSlotLength, 200);
  write(bus::kRound, 3);
  write(bus::kSchedule, 2);
  write(bus::kSendLength, 5);
  write(bus::kSendBuffer, 0x04030201);
  write(bus::kSendBuffer + 1, 5);
  write(bus::kStatus, 1, 1000);
  EXPECT_EQ(controller.nextEvent(1000), 1200u);
  EXPECT_EQ(read(bus::kSlot, 1199), 0u);
  EXPECT_EQ(read(bus::kSlot, 1200), 1u);
  EXPECT_EQ(read(bus::kStatus, 1400), 9u);  // running, has sent
  EXPECT_EQ(read(bus::kSlot, 2000), 5u);    // catches up
  const std::vector<uint8_t> message{1, 2, 3, 4, 5};
  ASSERT_EQ(link.sent.size(), 5u);
  for (uint64_t slot = 0; slot < 5; ++slot) EXPECT_EQ(link.sent[slot], (FakeLink::Sent{slot, slot % 3 == 1, message})) << slot;
}

TEST_F(BusControllerTest, ReceivesFromOneSenderOnly) {
  BusSlot one, two;
  one.senders = 1, one.sender = 3, one.length = 6, one.message = {9, 8, 7, 6, 5, 4};
  two.senders = 2;
  link.others = {one, two, {}, one};
  write(bus::kSlotLength, 100);
  write(bus::kRound, 4);
  write(bus::kSchedule, 8);
  write(bus::kStatus, 1);
  EXPECT_EQ(read(bus::kStatus, 100), 3u);
  EXPECT_EQ(read(bus::kReceiveLength, 100), 6u);
  EXPECT_EQ(read(bus::kSender, 100), 3u);
  EXPECT_EQ(read(bus::kReceiveBuffer, 100), 0x06070809u);
  EXPECT_EQ(read(bus::kReceiveBuffer + 1, 100), 0x0405u);
  EXPECT_EQ(read(bus::kStatus, 200), 5u);  // a collision of others
  EXPECT_EQ(read(bus::kReceiveBuffer, 200), 0u);
  EXPECT_EQ(read(bus::kStatus, 300), 1u);  // silence
  EXPECT_EQ(read(bus::kStatus, 400), 5u);  // one with this node
  EXPECT_EQ(read(bus::kReceiveLength, 400), 0u);
}

TEST_F(BusControllerTest, InterruptsAtTheEndOfASlot) {
  write(bus::kSlotLength, 100);
  write(bus::kInterrupt, 1);
  write(bus::kStatus, 1);
  EXPECT_FALSE(controller.line(99));
  EXPECT_TRUE(controller.line(100));
  EXPECT_EQ(read(bus::kInterrupt, 101), 3u);
  write(bus::kInterrupt, 3, 102);
  EXPECT_FALSE(controller.line(103));
  EXPECT_TRUE(controller.line(200));
}

TEST_F(BusControllerTest, LimitsWhatItIsTold) {
  write(bus::kSlotLength, 0);
  EXPECT_EQ(read(bus::kSlotLength, 0), 100u);
  write(bus::kRound, 0);
  EXPECT_EQ(read(bus::kRound, 0), 1u);
  write(bus::kRound, 33);
  EXPECT_EQ(read(bus::kRound, 0), 32u);
  write(bus::kSendLength, 257);
  EXPECT_EQ(read(bus::kSendLength, 0), 256u);
  write(bus::kStatus, 1);
  write(bus::kSlotLength, 500);
  EXPECT_EQ(read(bus::kSlotLength, 0), 100u);  // not while it runs
}

TEST_F(BusControllerTest, GoesOnFromWhatItSaved) {
  BusSlot one;
  one.senders = 1, one.sender = 3, one.length = 4, one.message = {9, 8, 7, 6};
  link.others = {one};
  write(bus::kSlotLength, 100);
  write(bus::kRound, 2);
  write(bus::kSchedule, 2);
  write(bus::kSendLength, 1);
  write(bus::kSendBuffer, 5);
  write(bus::kInterrupt, 1);
  write(bus::kStatus, 1);
  EXPECT_TRUE(controller.line(150));
  base::Writer to;
  controller.save(to);
  BusController other(link);
  base::Reader from(to.bytes.data(), to.bytes.size());
  ASSERT_TRUE(other.load(from) && from.atEnd());
  EXPECT_EQ(other.nextEvent(150), 200u);
  EXPECT_TRUE(other.line(150));
  EXPECT_EQ(other.read(bus::kStatus, 150), 3u);
  EXPECT_EQ(other.read(bus::kReceiveBuffer, 150), 0x06070809u);
  EXPECT_EQ(other.read(bus::kSlot, 200), 2u);
  EXPECT_EQ(link.sent.back(), (FakeLink::Sent{1, true, {5}}));
  for (size_t length = 0; length < to.bytes.size(); ++length) {
    base::Reader part(to.bytes.data(), length);
    EXPECT_FALSE(other.load(part)) << length;
  }
}

}  // namespace
}  // namespace devices
