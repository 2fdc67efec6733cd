#include "vm/consis/allocation.h"

#include <gtest/gtest.h>

#include "test/unit/consis/hand_made.h"

namespace consis {
namespace {

using core::TypeTable;

// struct inner { char c; int i; }; struct outer { char a; struct inner in[2]; char z; }
struct Types {
  TypeTable table;
  core::TypeId inner, outer, rows;
  Types() {
    inner = table.declareStruct("inner");
    table.completeStruct(inner, {{"c", TypeTable::kChar}, {"i", TypeTable::kInt}});
    outer = table.declareStruct("outer");
    table.completeStruct(outer, {{"a", TypeTable::kChar}, {"in", *table.array(inner, 2)}, {"z", TypeTable::kChar}});
    rows = *table.array(outer, 3);
  }
};

TEST(ByteOffset, FollowsTheLayoutOfC) {
  Types t;
  // outer: a at 0, in[0].c 4, in[0].i 8, in[1].c 12, in[1].i 16, z 20, size 24.
  const uint32_t offsets[] = {0, 4, 8, 12, 16, 20};
  for (uint32_t row = 0; row < 3; ++row)
    for (uint32_t i = 0; i < 6; ++i)
      EXPECT_EQ(byteOffset(t.table, t.rows, 6 * row + i), 24 * row + offsets[i]) << row << i;
  EXPECT_EQ(byteOffset(t.table, t.rows, 18), 72u) << "one past the end";
}

TEST(LeafAt, IsTheInverseAndKnowsPadding) {
  Types t;
  unsigned padding = 0;
  for (uint32_t byte = 0; byte < 72; ++byte) {
    auto leaf = leafAt(t.table, t.rows, byte);
    if (!leaf) {
      ++padding;
      continue;
    }
    EXPECT_EQ(byteOffset(t.table, t.rows, leaf->index), leaf->offset);
    EXPECT_GE(byte, leaf->offset);
    EXPECT_LT(byte, leaf->offset + t.table[leaf->type].asize);
  }
  EXPECT_EQ(padding, 3 * (3 + 3 + 3 + 3u));
  EXPECT_FALSE(leafAt(t.table, t.rows, 72));
  EXPECT_EQ(leafAt(t.table, TypeTable::kInt, 3)->index, 0u);
}

TEST(Allocation, HeapRangesAreDisjointAlignedAndLive) {
  test::HandMade made;
  auto image = Image::load(made.elf());
  ASSERT_TRUE(image) << image.error().text;
  core::TypeId node = 0;
  for (core::TypeId id = 0; id < image->program().types.count(); ++id)
    if (image->program().types[id].kind == core::TypeKind::Struct) node = id;
  Allocation aba(*image);
  const Region live{test::kHeap, test::kHeap + 24};
  EXPECT_EQ(aba.whyNotHeap(0, node, 0, live), Condition::HeapRange) << "null";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 2, node, 0, live), Condition::HeapRange) << "misaligned";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 20, node, 0, live), Condition::HeapRange) << "beyond the heap's top";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap - 4, node, 0, live), Condition::HeapRange) << "before the heap";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 8, node, 0, live), std::nullopt);
  aba.addHeap(test::kHeap + 8, node, 0);
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 8, node, 0, live), Condition::HeapApart) << "twice";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 4, node, 0, live), Condition::HeapApart) << "overlaps from below";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 12, node, 0, live), Condition::HeapApart) << "overlaps from above";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 16, node, 0, live), std::nullopt);
  aba.addHeap(test::kHeap + 16, node, 0);
  EXPECT_EQ(aba.whyNotHeap(test::kHeap, node, 0, live), std::nullopt);
  aba.addHeap(test::kHeap, node, 0);
  EXPECT_EQ(aba.heapCount(), 3u);
  EXPECT_EQ(aba.aba(interp::kHeapFrame, 2, 1), test::kHeap + 4);
  EXPECT_EQ(aba.aba(interp::kHeapFrame, 3, 0), std::nullopt);
  auto found = aba.inverse(test::kHeap + 21);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->variable, 1u);
  EXPECT_EQ(found->index, 1u);
  EXPECT_FALSE(aba.inverse(test::kHeap + 24));
}

// new(node, 2), then new(int, 3).
TEST(Allocation, ArraysOfRunTimeLength) {
  test::HandMade made;
  auto image = Image::load(made.elf());
  ASSERT_TRUE(image) << image.error().text;
  core::TypeId node = 0;
  for (core::TypeId id = 0; id < image->program().types.count(); ++id)
    if (image->program().types[id].kind == core::TypeKind::Struct) node = id;
  Allocation aba(*image);
  const Region live{test::kHeap, test::kHeap + 28};
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 16, node, 2, live), Condition::HeapRange) << "beyond the heap's top";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap, node, 2, live), std::nullopt);
  aba.addHeap(test::kHeap, node, 2);
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 12, TypeTable::kInt, 3, live), Condition::HeapApart)
      << "overlaps the last element";
  EXPECT_EQ(aba.whyNotHeap(test::kHeap + 16, TypeTable::kInt, 3, live), std::nullopt);
  aba.addHeap(test::kHeap + 16, TypeTable::kInt, 3);
  EXPECT_EQ(aba.aba(interp::kHeapFrame, 0, 3), test::kHeap + 12);
  EXPECT_EQ(aba.aba(interp::kHeapFrame, 1, 2), test::kHeap + 24);
  using interp::Value;
  EXPECT_EQ(aba.aba(Value::pointer(interp::kHeapFrame, 1, 3, true), TypeTable::kInt), test::kHeap + 28);
  EXPECT_EQ(aba.aba(Value::pointer(interp::kHeapFrame, 0, 4, true), node), test::kHeap + 16);
  EXPECT_EQ(aba.aba(Value::pointer(7, 0, 1, true), TypeTable::kInt), std::nullopt) << "a frame that is gone";
  auto found = aba.inverse(test::kHeap + 13);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->variable, 0u);
  EXPECT_EQ(found->index, 3u);
  EXPECT_FALSE(aba.inverse(test::kHeap + 28));
}

TEST(Allocation, FindsGlobals) {
  test::HandMade made;
  auto image = Image::load(made.elf());
  ASSERT_TRUE(image) << image.error().text;
  Allocation aba(*image);
  uint32_t list = *image->program().findGlobal("list");
  auto found = aba.inverse(test::kGlobals + 9);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frame, interp::kGlobalFrame);
  EXPECT_EQ(found->variable, list);
  EXPECT_FALSE(aba.inverse(test::kGlobals + 5)) << "behind c there is padding";
  EXPECT_FALSE(aba.inverse(test::kText));
}

}  // namespace
}  // namespace consis
