// What the map promises (decisions.md, 3), held against the code of the whole corpus.
#include <filesystem>
#include <set>

#include "assembler/isa/isa.h"
#include "test/unit/codegen/compiled.h"

namespace codegen::test {
namespace {

class Corpus : public testing::Test {
 protected:
  template <class Body>
  void forAll(Body body) {
    int programs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(C0_SOURCE_DIR "/test/programs")) {
      if (entry.path().extension() != ".c0") continue;
      SCOPED_TRACE(entry.path().string());
      object::Object unit = compile(readAll(entry.path()));
      auto map = object::readMap(unit.section(".c0map")->bytes);
      ASSERT_TRUE(map) << map.error().text;
      programs++;
      for (const object::MapFunction& function : (*map)[0].functions) {
        const object::Symbol* symbol = unit.symbol(function.name);
        ASSERT_TRUE(symbol) << function.name;
        ASSERT_EQ(symbol->size, function.size);
        code_.resize(function.size / 4);
        std::memcpy(code_.data(), unit.section(".text")->bytes.data() + symbol->value, function.size);
        SCOPED_TRACE(function.name);
        body(function);
      }
    }
    EXPECT_GT(programs, 40);
  }
  isa::Op at(uint32_t offset) const { return isa::decode(code_.at(offset / 4)).op; }
  std::vector<uint32_t> code_;
};

TEST_F(Corpus, NoEntryInADelaySlot) {
  forAll([&](const object::MapFunction& function) {
    for (const object::MapStatement& statement : function.statements) {
      ASSERT_FALSE(statement.entries.empty());
      for (uint32_t entry : statement.entries) {
        ASSERT_LE(entry, function.size);
        if (entry >= 4) {
          EXPECT_FALSE(isa::isControl(at(entry - 4))) << entry;
        }
      }
    }
  });
}

TEST_F(Corpus, ReturnPointsFollowTheJumpAndItsSlot) {
  forAll([&](const object::MapFunction& function) {
    for (const object::MapCall& call : function.calls) EXPECT_EQ(at(call.returnPoint - 8), isa::Op::Jal);
    std::set<uint32_t> keys;
    for (const object::MapCheck& check : function.checks) {
      EXPECT_EQ(at(check.returnAddress - 8), isa::Op::Jal);
      EXPECT_TRUE(keys.insert(check.returnAddress).second);
    }
  });
}

// Without calls, control stays in the function and no control instruction is in the slot of another.
TEST_F(Corpus, ControlIsWellFormed) {
  forAll([&](const object::MapFunction& function) {
    for (uint32_t i = 0; i < function.size; i += 4) {
      isa::Instruction in = isa::decode(code_[i / 4]);
      ASSERT_NE(in.op, isa::Op::Illegal);
      if (!isa::isControl(in.op)) continue;
      ASSERT_LT(i + 4, function.size);
      EXPECT_FALSE(isa::isControl(at(i + 4)));
      if (in.op != isa::Op::Beqz && in.op != isa::Op::Bnez) continue;
      uint32_t target = i + 4 + uint32_t(in.imm);
      EXPECT_LT(target, function.size);
      if (target >= 4) {
        EXPECT_FALSE(isa::isControl(at(target - 4)) && target - 4 != i);
      }
    }
  });
}

TEST(Map, WhileHasTwoEntriesAndIfElseAddsItsJump) {
  object::Object unit = compile(
      "int main() {\n int i;\n i = 0;\n while (i < 3) {\n  if (i == 1) { i = 2; } else { i = i + 1; }\n  ;\n }\n "
      "return i;\n}\n");
  auto map = object::readMap(unit.section(".c0map")->bytes);
  ASSERT_TRUE(map);
  const auto& statements = (*map)[0].functions[0].statements;
  ASSERT_EQ(statements.size(), 7u);             // i = 0, while, if, i = 2, i = i + 1, skip, return
  EXPECT_EQ(statements[1].entries.size(), 3u);  // start, test, the then-branch's jump
  EXPECT_FALSE(statements[5].emits);
  EXPECT_EQ(statements[5].entries.size(), 2u);
  EXPECT_EQ(statements[5].entries[0], statements[1].entries[1]);
  EXPECT_EQ(statements[5].entries[1], statements[1].entries[2]);
}

}  // namespace
}  // namespace codegen::test
