#include <gtest/gtest.h>

#include "test/unit/core/builder.h"

namespace core::test {
namespace {

TEST(Types, SimpleTypes) {
  TypeTable types;
  const uint32_t bytes[] = {0, 1, 1, 4, 4};
  for (TypeId id = 0; id <= TypeTable::kUnsigned; id++) {
    EXPECT_EQ(types[id].asize, bytes[id]);
    EXPECT_EQ(types[id].size, id == 0 ? 0u : 1u);
  }
  EXPECT_EQ(types[types.pointer(0)].asize, 4u);
}

TEST(Types, AreInterned) {
  TypeTable types;
  EXPECT_EQ(types.pointer(kInt), types.pointer(kInt));
  EXPECT_NE(types.pointer(kInt), types.pointer(kChar));
  EXPECT_EQ(types.array(kInt, 3), types.array(kInt, 3));
  EXPECT_NE(types.array(kInt, 3), types.array(kInt, 4));
  EXPECT_NE(types.declareStruct("s"), types.declareStruct("s"));
}

// The compiler's own layout is the second source: i386 and x86-64 agree on these members.
TEST(Types, StructsAreLaidOutAsInC) {
  struct Inner { char a; int b; char c; };
  struct Outer { char a; bool b; Inner in[3]; char d; unsigned e; char f; };
  TypeTable types;
  TypeId inner = types.declareStruct("inner"), outer = types.declareStruct("outer");
  ASSERT_TRUE(types.completeStruct(inner, {{"a", kChar}, {"b", kInt}, {"c", kChar}}));
  ASSERT_TRUE(types.completeStruct(
      outer, {{"a", kChar}, {"b", kBool}, {"in", *types.array(inner, 3)}, {"d", kChar}, {"e", TypeTable::kUnsigned}, {"f", kChar}}));
  EXPECT_EQ(types[inner].asize, sizeof(Inner));
  EXPECT_EQ(types[outer].asize, sizeof(Outer));
  const auto& fields = types[outer].fields;
  EXPECT_EQ(fields[1].offset, offsetof(Outer, b));
  EXPECT_EQ(fields[2].offset, offsetof(Outer, in));
  EXPECT_EQ(fields[3].offset, offsetof(Outer, d));
  EXPECT_EQ(fields[4].offset, offsetof(Outer, e));
  EXPECT_EQ(fields[5].offset, offsetof(Outer, f));
  EXPECT_EQ(types[outer].size, 14u);
  EXPECT_EQ(fields[3].index, 11u);
}

TEST(Types, SizesStayBelowTwoGigabytes) {
  TypeTable types;
  EXPECT_TRUE(types.array(kChar, 0x7FFFFFFF));
  EXPECT_FALSE(types.array(kChar, 0x80000000));
  EXPECT_FALSE(types.array(kInt, 0x20000000));
  EXPECT_FALSE(types.array(kInt, 0));
  EXPECT_FALSE(types.array(kInt, UINT64_MAX));
  EXPECT_FALSE(types.array(TypeTable::kVoid, 1));
  TypeId half = *types.array(kChar, 0x40000000);
  EXPECT_FALSE(types.completeStruct(types.declareStruct("s"), {{"a", half}, {"b", half}}));
  TypeId s = types.declareStruct("s");
  EXPECT_FALSE(types.array(s, 2));
  EXPECT_FALSE(types.completeStruct(s, {}));
  EXPECT_FALSE(types.completeStruct(s, {{"self", s}}));
  EXPECT_FALSE(types.completeStruct(kInt, {{"a", kInt}}));
  EXPECT_TRUE(types.completeStruct(s, {{"a", half}, {"self", types.pointer(s)}}));
  EXPECT_FALSE(types.completeStruct(s, {{"a", kInt}}));
}

TEST(Types, ArePrintedAsDeclarations) {
  TypeTable types;
  TypeId node = types.declareStruct("node");
  TypeId link = types.pointer(node);
  EXPECT_EQ(types.print(link), "struct node *");
  EXPECT_EQ(types.print(*types.array(kInt, 4)), "int[4]");
  TypeId matrix = *types.array(*types.array(kInt, 3), 2);
  EXPECT_EQ(types.declare(matrix, "m"), "int m[2][3]");
  EXPECT_EQ(types.declare(types.pointer(matrix), "p"), "int (*p)[2][3]");
  EXPECT_EQ(types.declare(*types.array(types.pointer(link), 5), "t"), "struct node **t[5]");
  EXPECT_EQ(types.declare(*types.array(types.pointer(*types.array(kInt, 2)), 3), "t"), "int (*t[3])[2]");
}

TEST(Types, PrimitivesAreFoundByName) {
  EXPECT_EQ(findPrimitive("exit"), Primitive::Exit);
  EXPECT_EQ(findPrimitive("main"), std::nullopt);
  EXPECT_EQ(primitiveName(Primitive::PutChar), "put_char");
  EXPECT_EQ(primitiveSignature(Primitive::PutChar), (std::vector<TypeId>{kInt, kChar}));
}

}  // namespace
}  // namespace core::test
