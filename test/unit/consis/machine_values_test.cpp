#include "vm/consis/machine_values.h"

#include <gtest/gtest.h>

#include "test/unit/consis/hand_made.h"
#include "vm/consis/checkpoint.h"

namespace consis {
namespace {

using core::Expr;
using core::ExprKind;
using core::Operator;
using core::TypeTable;

constexpr uint32_t kFrame = test::kStackTop - 8;  // main's

class MachineValue : public testing::Test {
 protected:
  MachineValue() : image(std::move(*Image::load(test::HandMade().elf()))), machine(1 << 20) {
    reset(machine, image);
    list = image.program().globals[2].type, node = image.program().types[list].element;
  }

  const Expr* make(Expr e) { return arena.make(e); }
  const Expr* literal(uint32_t value, core::TypeId type = TypeTable::kInt) {
    return make({ExprKind::Literal, Operator::None, type, {}, value});
  }
  const Expr* global(uint32_t number) {
    return make({ExprKind::Global, Operator::None, image.program().globals[number].type, {}, number});
  }
  const Expr* binary(Operator op, const Expr* left, const Expr* right, core::TypeId type = TypeTable::kInt) {
    return make({ExprKind::Binary, op, type, {}, 0, left, right});
  }
  const Expr* unary(ExprKind kind, Operator op, core::TypeId type, const Expr* operand) {
    return make({kind, op, type, {}, 0, operand});
  }
  // list->value, list->next
  const Expr* field(uint32_t number) {
    const Expr* target = unary(ExprKind::Deref, Operator::None, node, global(2));
    return make({ExprKind::Field, Operator::None, number ? list : core::TypeId(TypeTable::kInt), {}, number, target});
  }
  void store(uint32_t address, uint32_t word) { machine.write(address, &word, 4); }
  std::optional<uint32_t> value(const Expr* e) { 
    return MachineValues(image, machine, *image.program().findFunction("main"), kFrame).value(*e);
  }

  Image image;
  machine::Machine machine;
  core::Program arena;
  core::TypeId list, node;
};

TEST_F(MachineValue, PlacesAreWhereTheMapHasThem) {
  store(test::kGlobals, uint32_t(-5)), store(test::kGlobals + 4, 0x1234'5690), store(test::kGlobals + 8, 0x10010);
  store(0x10010, 42), store(0x10014, 0x10020), store(kFrame + 4, 21);
  EXPECT_EQ(value(global(0)), uint32_t(-5));
  EXPECT_EQ(value(global(1)), uint32_t(-0x70));  // a char is signed
  EXPECT_EQ(value(make({ExprKind::Local, Operator::None, TypeTable::kInt, {}, 0})), 21u);
  EXPECT_EQ(value(field(0)), 42u);
  EXPECT_EQ(value(field(1)), 0x10020u);
  EXPECT_EQ(value(unary(ExprKind::AddressOf, Operator::None, list, field(1))), 0x10014u);
  const Expr* row = unary(ExprKind::Deref, Operator::None, node, global(2));
  EXPECT_EQ(value(make({ExprKind::Index, Operator::None, TypeTable::kInt, {}, 0, row, literal(1)})), 0x10020u);
  EXPECT_EQ(value(make({ExprKind::Null, Operator::None, list, {}})), 0u);
}

TEST_F(MachineValue, WhatLeavesMemoryHasNone) {
  for (uint32_t address : {0xFFFF'FFF0u, 1u << 20, (1u << 20) - 4}) {
    store(test::kGlobals + 8, address);
    EXPECT_EQ(value(field(1)), std::nullopt) << address;
    EXPECT_EQ(value(binary(Operator::Add, field(1), literal(1), list)), std::nullopt);
  }
  EXPECT_EQ(value(field(0)), 0u);  // the last word
}

TEST_F(MachineValue, OperatorsAreThoseOfTheirTypes) {
  constexpr uint32_t kMinusOne = UINT32_MAX, kLeast = 0x8000'0000;
  constexpr core::TypeId kInt = TypeTable::kInt, kUnsigned = TypeTable::kUnsigned;
  const struct {
    Operator op;
    core::TypeId type;
    uint32_t left, right;
    std::optional<uint32_t> result;
  } cases[] = {
      {Operator::Add, kInt, kMinusOne, 3, 2},
      {Operator::Sub, kInt, 3, 5, uint32_t(-2)},
      {Operator::Mul, kUnsigned, 0x10001, 0x10001, 0x20001},
      {Operator::Div, kInt, uint32_t(-7), 2, uint32_t(-3)},
      {Operator::Div, kUnsigned, uint32_t(-7), 2, 0x7FFF'FFFC},
      {Operator::Div, kInt, kLeast, kMinusOne, kLeast},
      {Operator::Div, kUnsigned, kLeast, kMinusOne, 0},
      {Operator::Div, kInt, 1, 0, std::nullopt},
      {Operator::Mod, kInt, uint32_t(-7), 2, kMinusOne},
      {Operator::Mod, kInt, kLeast, kMinusOne, 0},
      {Operator::Mod, kUnsigned, uint32_t(-7), 2, 1},
      {Operator::Mod, kUnsigned, 1, 0, std::nullopt},
      {Operator::And, kInt, 12, 10, 8},
      {Operator::Or, kInt, 12, 10, 14},
      {Operator::Xor, kInt, 12, 10, 6},
      {Operator::ShiftLeft, kInt, 3, 33, 6},
      {Operator::ShiftRight, kInt, kLeast, 31, kMinusOne},
      {Operator::ShiftRight, kUnsigned, kLeast, 31, 1},
      {Operator::Equal, kInt, 4, 4, 1},
      {Operator::NotEqual, kInt, 4, 4, 0},
      {Operator::Less, kInt, kMinusOne, 0, 1},
      {Operator::Less, kUnsigned, kMinusOne, 0, 0},
      {Operator::LessEqual, kInt, 0, 0, 1},
      {Operator::LessEqual, kUnsigned, kMinusOne, 0, 0},
      {Operator::Greater, kInt, 0, kMinusOne, 1},
      {Operator::Greater, kUnsigned, 0, kMinusOne, 0},
      {Operator::GreaterEqual, kInt, kMinusOne, 0, 0},
      {Operator::GreaterEqual, kUnsigned, kMinusOne, 0, 1},
  };
  for (const auto& each : cases)
    EXPECT_EQ(value(binary(each.op, literal(each.left, each.type), literal(each.right, each.type), each.type)), each.result)
        << core::spelling(each.op) << ' ' << each.left << ' ' << each.right << (each.type == kInt ? " signed" : " unsigned");
  EXPECT_EQ(value(unary(ExprKind::Unary, Operator::Negate, kInt, literal(5))), uint32_t(-5));
  EXPECT_EQ(value(unary(ExprKind::Unary, Operator::Complement, kInt, literal(5))), uint32_t(-6));
  EXPECT_EQ(value(unary(ExprKind::Unary, Operator::Not, TypeTable::kBool, literal(1, TypeTable::kBool))), 0u);
  EXPECT_EQ(value(unary(ExprKind::Cast, Operator::None, TypeTable::kUChar, literal(0x1FF))), 0xFFu);
  EXPECT_EQ(value(unary(ExprKind::Cast, Operator::None, TypeTable::kShort, literal(0x18000))), uint32_t(-0x8000));
}

TEST_F(MachineValue, LazyOperatorsLookAtTheRightSideOnlyIfNeeded) {
  const Expr* wrong = binary(Operator::Equal, binary(Operator::Div, literal(1), literal(0)), literal(0), TypeTable::kBool);
  const Expr *no = literal(0, TypeTable::kBool), *yes = literal(1, TypeTable::kBool);
  EXPECT_EQ(value(binary(Operator::LogicalAnd, no, wrong, TypeTable::kBool)), 0u);
  EXPECT_EQ(value(binary(Operator::LogicalAnd, yes, wrong, TypeTable::kBool)), std::nullopt);
  EXPECT_EQ(value(binary(Operator::LogicalAnd, yes, no, TypeTable::kBool)), 0u);
  EXPECT_EQ(value(binary(Operator::LogicalOr, yes, wrong, TypeTable::kBool)), 1u);
  EXPECT_EQ(value(binary(Operator::LogicalOr, no, wrong, TypeTable::kBool)), std::nullopt);
  EXPECT_EQ(value(binary(Operator::LogicalOr, no, yes, TypeTable::kBool)), 1u);
}

TEST_F(MachineValue, PointersCountElements) {
  store(test::kGlobals + 8, 0x10010);
  const Expr* moved = binary(Operator::Add, global(2), literal(3), list);
  EXPECT_EQ(value(moved), 0x10028u);  // a node has eight bytes
  EXPECT_EQ(value(binary(Operator::Sub, moved, literal(1), list)), 0x10020u);
  EXPECT_EQ(value(binary(Operator::Sub, moved, global(2))), 3u);
  EXPECT_EQ(value(binary(Operator::Sub, global(2), moved)), uint32_t(-3));
  EXPECT_EQ(value(binary(Operator::Less, global(2), moved, TypeTable::kBool)), 1u);
}

}  // namespace
}  // namespace consis
