#include <gtest/gtest.h>

#include "vm/relate/cvm/events.h"

namespace cvm {
namespace {

TEST(Events, RoundTrip) {
  const std::string text = "cvm-events 1\n5 serial 255\n5 host 10\n77 line 1\n18446744073709551615 lost 128 12\n";
  auto events = parseEvents(text);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 4u);
  EXPECT_EQ((*events)[3], (Event{UINT64_MAX, Event::Lost, 128, 12}));
  EXPECT_EQ(printEvents(*events), text);
  EXPECT_TRUE(parseEvents("cvm-events 1\n\n 5\tline   2 \r\n"));
  EXPECT_TRUE(parseEvents("cvm-events 1"));
}

TEST(Events, BadLists) {
  for (auto [text, line] : {std::pair{"", 1}, {"x", 1}, {"cvm-events 2\n", 1}, {"cvm-events 1\n5\n", 2}, {"cvm-events 1\n5 line\n", 2},
                            {"cvm-events 1\n5 line 0\n", 2}, {"cvm-events 1\n5 line 8\n", 2}, {"cvm-events 1\n5 serial 256\n", 2},
                            {"cvm-events 1\n5 serial -1\n", 2}, {"cvm-events 1\n5 lost 1\n", 2}, {"cvm-events 1\n5 lost 0 1\n", 2},
                            {"cvm-events 1\n5 line 1 1\n", 2}, {"cvm-events 1\n5 line 1\n4 line 1\n", 3},
                            {"cvm-events 1\n18446744073709551616 line 1\n", 2}, {"cvm-events 1\nx line 1\n", 2}}) {
    auto events = parseEvents(text);
    ASSERT_FALSE(events) << text;
    EXPECT_EQ(events.error().id, "bad-events");
    EXPECT_EQ(events.error().place, "line " + std::to_string(line)) << text;
  }
}

}  // namespace
}  // namespace cvm
