#include "vm/consis/chain.h"

#include <gtest/gtest.h>

namespace consis {
namespace {

using interp::SubVariable;
using interp::Value;

constexpr Place global(uint32_t index) { return {Part::Globals, index}; }
constexpr Place local(uint32_t index) { return {Part::Locals, index}; }

// The run has called eleven times; frames 1, 4, 9 are there.
Truth start() { return {.c0Steps = 100, .serials = {1, 4, 9}, .nextSerial = 12}; }
Link link() { return {.first = 3, .next = 4, .c0Steps = 50, .depth = 3, .serials = {1, 2, 3}, .nextSerial = 4}; }

TEST(Chain, WithoutDoubtsOnlyNumbersChange) {
  Link l = link();
  l.serials = {1, 2, 4, 6}, l.nextSerial = 7;  // frame 3 has ended, 4 .. 6 were called
  ASSERT_TRUE(holds(l, start()));
  const Truth end = follow(l, start());
  EXPECT_EQ(end.c0Steps, 150u);
  EXPECT_EQ(end.serials, (std::vector<uint32_t>{1, 4, 12, 14}));
  EXPECT_EQ(end.nextSerial, 15u);
  EXPECT_TRUE(end.exceptions.empty());
}

TEST(Chain, SerialNumbersBeginAgain) {
  Truth s = start();
  s.nextSerial = interp::kHeapFrame - 1;
  Link l = link();
  l.serials = {1, 4, 5}, l.nextSerial = 6;
  EXPECT_EQ(follow(l, s).serials, (std::vector<uint32_t>{1, interp::kHeapFrame - 1, 1}));
  EXPECT_EQ(follow(l, s).nextSerial, 2u);
}

TEST(Chain, WhatWasReadMustBeAsSuggested) {
  Link l = link();
  l.relied = {{global(5), 8}, {local(2), 3}};
  ASSERT_TRUE(holds(l, start()));
  for (Place place : {global(5), global(7), local(2)}) {
    Truth s = start();
    s.exceptions[place] = Value{};
    EXPECT_FALSE(holds(l, s)) << place.index;
  }
  Truth s = start();
  s.exceptions[global(8)] = s.exceptions[global(4)] = s.exceptions[local(5)] = Value{};
  EXPECT_TRUE(holds(l, s));
}

TEST(Chain, PastTheEndIsAnExceptionEvenIfSuggested) {
  Link l = link();
  l.reliedPast = {{local(7), Value::pointer(2, 1, 4, true)}};  // of frame 2, which is frame 4 of the run
  EXPECT_FALSE(holds(l, start()));
  Truth s = start();
  s.exceptions[local(7)] = Value::pointer(4, 1, 4, true);
  EXPECT_TRUE(holds(l, s));
  s.exceptions[local(7)] = Value::pointer(2, 1, 4, true);
  EXPECT_FALSE(holds(l, s));
}

TEST(Chain, DepthAndDestinationsMustAgree) {
  Link l = link();
  l.destinationsBefore[3] = {2, 5, 1, 3};
  EXPECT_FALSE(holds(l, start()));
  Truth s = start();
  s.destinations[3] = {4, 5, 1, 3};
  EXPECT_TRUE(holds(l, s));
  s.destinations[3].index = 2;
  EXPECT_FALSE(holds(l, s));
  s = start();
  s.serials.pop_back();
  EXPECT_FALSE(holds(link(), s));
}

TEST(Chain, ExceptionsStayMoveAndEnd) {
  Truth s = start();
  s.exceptions[global(1)] = Value{};
  s.exceptions[global(2)] = Value::pointer(4, 0, 3, true);
  s.exceptions[local(9)] = Value{};
  Link l = link();
  l.kept = {{global(0), 2}};                                           // global 2 and local 9 were written
  l.exceptions = {{global(6), global(2), std::nullopt},                // a copy of an exception
                  {global(7), global(3), std::nullopt},                // of what is as suggested
                  {global(8), global(3), Value::pointer(3, 0, 0)},     // likewise, but its target ended
                  {global(9), global(1), Value::pointer(3, 0, 0)},     // of an exception, whatever it suggests
                  {local(0), std::nullopt, Value::pointer(4, 1, 0)}};  // into the frame of a call that has ended
  const Truth end = follow(l, s);
  const std::map<Place, Value> expected = {{global(1), Value{}},
                                           {global(6), Value::pointer(4, 0, 3, true)},
                                           {global(8), Value::pointer(9, 0, 0)},
                                           {global(9), Value{}},
                                           {local(0), Value::pointer(12, 1, 0)}};
  EXPECT_EQ(end.exceptions, expected);
}

TEST(Chain, RangesOfPlaces) {
  std::vector<PlaceRange> ranges;
  addTo(ranges, global(3), false);
  addTo(ranges, global(5), true);  // what lies between is not asked for
  addTo(ranges, local(0), true);
  addTo(ranges, local(4), false);
  EXPECT_EQ(ranges, (std::vector<PlaceRange>{{global(3), 6}, {local(0), 1}, {local(4), 5}}));
  for (Place place : {global(3), global(5), local(0), local(4)}) EXPECT_TRUE(contains(ranges, place));
  for (Place place : {global(2), global(6), local(1), local(3), local(5), Place{Part::Heap, 4}})
    EXPECT_FALSE(contains(ranges, place));
}

}  // namespace
}  // namespace consis
