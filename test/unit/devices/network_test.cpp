#include "vm/devices/network.h"

#include <gtest/gtest.h>

#include <deque>

#include "vm/devices/ports.h"

namespace devices {
namespace {

struct FakeWire : Wire {
  std::deque<Frame> sent, waiting;
  void send(std::span<const uint8_t> frame, uint64_t) override { sent.emplace_back(frame.begin(), frame.end()); }
  bool receive(Frame& frame, uint64_t) override {
    if (waiting.empty()) return false;
    frame = waiting.front();
    waiting.pop_front();
    return true;
  }
};

Frame frame(size_t length, uint8_t first) {
  Frame result(length);
  for (size_t i = 0; i < length; ++i) result[i] = uint8_t(first + i);
  return result;
}

struct NetworkTest : testing::Test {
  FakeWire wire;
  Network network{wire, {1, 2, 3, 4, 5, 6}};
  uint32_t read(unsigned port, uint64_t now = 0) { return network.read(port, now); }
  void write(unsigned port, uint32_t value, uint64_t now = 0) { network.write(port, value, now); }
};

TEST_F(NetworkTest, HasItsAddress) {
  EXPECT_EQ(read(network::kMacLow), 0x04030201u);
  EXPECT_EQ(read(network::kMacHigh), 0x0605u);
}

TEST_F(NetworkTest, SendsWhatWasWritten) {
  write(network::kSendLength, 15);
  for (uint32_t word : {0x03020100u, 0x07060504u, 0x0B0A0908u, 0xFF0E0D0Cu, 0xFFFFFFFFu}) write(network::kSendData, word);
  write(network::kStatus, 1);
  ASSERT_EQ(wire.sent.size(), 1u);
  EXPECT_EQ(wire.sent[0], frame(15, 0));
  EXPECT_EQ(read(network::kStatus), 2u);
  EXPECT_EQ(network.framesSent(), 1u);
}

TEST_F(NetworkTest, RefusesWrongLengths) {
  for (uint32_t length : {0u, 13u, 1515u, 0xFFFFFFFFu}) {
    write(network::kSendLength, length);
    write(network::kStatus, 1);
    EXPECT_EQ(read(network::kStatus), 6u) << length;
  }
  EXPECT_TRUE(wire.sent.empty());
  write(network::kSendLength, 1514);
  write(network::kStatus, 1);
  EXPECT_EQ(read(network::kStatus), 2u);
  EXPECT_EQ(wire.sent.size(), 1u);
}

TEST_F(NetworkTest, KeepsAFrameUntilItIsDropped) {
  wire.waiting = {frame(10, 0), frame(17, 1), frame(14, 2)};  // the first one is no frame
  EXPECT_EQ(read(network::kStatus), 3u);
  EXPECT_EQ(read(network::kReceiveLength), 17u);
  EXPECT_EQ(read(network::kReceiveData), 0x04030201u);
  for (int i = 0; i < 3; ++i) read(network::kReceiveData);
  EXPECT_EQ(read(network::kReceiveData), 0x11u);  // the last byte
  EXPECT_EQ(read(network::kReceiveData), 0u);
  EXPECT_EQ(wire.waiting.size(), 1u);
  write(network::kStatus, 2);
  EXPECT_EQ(read(network::kReceiveLength), 14u);
  write(network::kStatus, 2);
  EXPECT_EQ(read(network::kStatus), 2u);
  EXPECT_EQ(network.framesReceived(), 2u);
}

TEST_F(NetworkTest, InterruptsWhenAFrameCame) {
  EXPECT_EQ(network.nextEvent(5), UINT64_MAX);
  wire.waiting = {frame(20, 0)};
  EXPECT_FALSE(network.line(5));  // not enabled: the wire is not asked
  EXPECT_EQ(wire.waiting.size(), 1u);
  write(network::kInterrupt, 1, 6);
  EXPECT_EQ(network.nextEvent(6), 7u);
  EXPECT_TRUE(network.line(7));
  EXPECT_EQ(read(network::kInterrupt, 8), 3u);
  write(network::kInterrupt, 3, 9);
  EXPECT_FALSE(network.line(10));  // acknowledged, and the frame still there
  EXPECT_EQ(network.nextEvent(10), UINT64_MAX);
  write(network::kStatus, 2, 11);
  EXPECT_FALSE(network.line(12));
  wire.waiting = {frame(20, 0)};
  EXPECT_FALSE(network.line(Network::kPollPeriod - 1));
  EXPECT_EQ(network.nextEvent(13), Network::kPollPeriod);
  EXPECT_TRUE(network.line(Network::kPollPeriod));
}

TEST_F(NetworkTest, Resets) {
  wire.waiting = {frame(20, 0)};
  write(network::kInterrupt, 1);
  write(network::kSendLength, 5);
  write(network::kStatus, 1);
  EXPECT_EQ(read(network::kStatus), 7u);
  write(network::kStatus, 3);
  EXPECT_EQ(read(network::kStatus), 2u);
  EXPECT_EQ(read(network::kSendLength), 0u);
  EXPECT_EQ(read(network::kInterrupt), 0u);
}

TEST_F(NetworkTest, GoesOnFromWhatItSaved) {
  wire.waiting = {frame(20, 0)};
  write(network::kInterrupt, 1, 6);
  EXPECT_TRUE(network.line(7));
  EXPECT_EQ(read(network::kReceiveData, 8), 0x03020100u);
  write(network::kSendLength, 20);
  write(network::kSendData, 0x01020304);
  base::Writer to;
  network.save(to);
  Network other(wire, {1, 2, 3, 4, 5, 6});
  base::Reader from(to.bytes.data(), to.bytes.size());
  ASSERT_TRUE(other.load(from) && from.atEnd());
  EXPECT_TRUE(other.line(9));
  EXPECT_EQ(other.read(network::kReceiveData, 9), 0x07060504u);
  other.write(network::kSendData, 0x05060708, 9);
  other.write(network::kStatus, 1, 10);
  EXPECT_EQ(wire.sent.at(0), (Frame{4, 3, 2, 1, 8, 7, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  for (size_t length = 0; length < to.bytes.size(); ++length) {
    base::Reader part(to.bytes.data(), length);
    EXPECT_FALSE(other.load(part)) << length;
  }
}

}  // namespace
}  // namespace devices
