#include "vm/consis/lockstep.h"

#include <gtest/gtest.h>

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "test/unit/consis/hand_made.h"
#include "vm/consis/report.h"

namespace consis {
namespace {

using isa::Op;
using test::HandMade;

// Registers and memory of the hand-made program; its C0 steps are
// 1 x = 21, 2 g = 5, 3 c = 'z', 4 new, 5 call twice, 6 r = a + a, 7 return r, 8 list->value = x, 9 put_char, 10 if, 11
// g = 7, 12 return g.
constexpr uint32_t kMainFrame = test::kStackTop - 8, kTwiceFrame = kMainFrame - 12;

class Run : public ::testing::Test {
 protected:
  Outcome run() {
    auto loaded = Image::load(made.elf());
    EXPECT_TRUE(loaded) << loaded.error().text;
    image.emplace(std::move(*loaded));
    return consis::run(*image, options, makeFullCheckers());
  }
  // Runs and expects a failure.
  Failure fail() {
    Outcome outcome = run();
    EXPECT_EQ(outcome.verdict, Verdict::Inconsistent) << summary(outcome);
    if (!outcome.failure) {
      Failure none;
      none.violations.resize(1);
      none.culprits.resize(1);
      return none;
    }
    return *outcome.failure;
  }
  void expect(const Failure& failure, Condition condition, uint64_t step, const std::string& variable) {
    EXPECT_EQ(conditionName(failure.violations[0].condition), conditionName(condition)) << failure.violations[0].text;
    EXPECT_EQ(failure.c0Step, step);
    EXPECT_EQ(failure.violations[0].variable, variable);
  }
  void corrupt(const char* text) { options.corruptions.push_back(*parseCorruption(text)); }

  HandMade made;
  Options options;
  std::optional<Image> image;
};

TEST_F(Run, CorrectProgramIsConsistent) {
  std::string shown;
  options.output = [&](std::string_view bytes) { shown += bytes; };
  Outcome outcome = run();
  ASSERT_EQ(outcome.verdict, Verdict::Consistent)
      << (outcome.failure ? outcome.failure->violations[0].text : summary(outcome));
  EXPECT_EQ(outcome.exitStatus, 7u);
  EXPECT_EQ(outcome.output, "A");
  EXPECT_EQ(shown, "A");
  const Counters& c = outcome.counters;
  EXPECT_EQ(c.c0Steps, 12u);
  // Checked at s(0)..s(11). x, g, c at each, a at s(5), s(6), r at s(6), the heap's value at s(4)..: by hand
  // v: g, c 12 each; x 11 (undefined at s(0)); a 2, r 1; node.value 8. p: list 12, node.next 8. Undefined: x at s(0), r
  // at s(5).
  EXPECT_EQ(c.values, 24u + 11 + 2 + 1 + 8);
  EXPECT_EQ(c.pointers, 12u + 8);
  EXPECT_EQ(c.undefined, 2u);
  EXPECT_EQ(c.dangling, 0u);
  // DPC, PC, r28, r29, r30, main's return address at each; twice's at s(5), s(6).
  EXPECT_EQ(c.control, 12u * 6 + 2);
  EXPECT_EQ(c.code, made.text.size() + 2);
  EXPECT_EQ(c.outputs, 1u);
  EXPECT_EQ(c.live(), c.comparable() + 2);
}

TEST_F(Run, LimitOfSteps) {
  options.maxSteps = 5;
  Outcome outcome = run();
  EXPECT_EQ(outcome.verdict, Verdict::Limit);
  EXPECT_EQ(outcome.counters.c0Steps, 5u);
}

// ---- wrong code
// ------------------------------------------------------------------------------------------------------

TEST_F(Run, WrongLocalIsNamedWithItsWriter) {
  made.patch("twice.0", 1, {.op = Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2});
  Failure failure = fail();
  expect(failure, Condition::Value, 6, "twice:r");
  EXPECT_EQ(failure.violations[0].expected, "42");
  EXPECT_EQ(failure.violations[0].found, "0");
  EXPECT_EQ(failure.violations[0].depth, 2u);
  EXPECT_EQ(failure.violations[0].address, kTwiceFrame + 8);
  ASSERT_TRUE(failure.culprits[0].writer);
  EXPECT_EQ(failure.culprits[0].writer->event.dpc, made.address("twice.0") + 8);
  EXPECT_EQ(failure.culprits[0].writer->c0Step, 6u);
  EXPECT_EQ(failure.instructions.back().machineStep, failure.machineStep - 1);
}

TEST_F(Run, StoreToTheWrongPlaceNamesTheVictim) {
  made.patch("main.2", 1, {.op = Op::Sb, .rd = 2, .rs1 = 28, .imm = 1});  // into g's second byte
  Failure failure = fail();
  expect(failure, Condition::Value, 3, "c");
  ASSERT_EQ(failure.violations.size(), 2u);
  EXPECT_EQ(failure.violations[0].expected, "122 'z'");
  EXPECT_FALSE(failure.culprits[0].writer) << "nobody wrote c";
  EXPECT_EQ(failure.violations[1].variable, "g");
  EXPECT_EQ(failure.culprits[1].writer->event.dpc, made.address("main.2") + 4);
  EXPECT_EQ(failure.violations[1].found, std::to_string(5 + 122 * 256));
}

TEST_F(Run, MissingStoreKeepsTheOldValue) {
  made.patch("main.8", 1, isa::decode(isa::kNop));
  Failure failure = fail();
  expect(failure, Condition::Value, 11, "g");
  ASSERT_TRUE(failure.culprits[0].writer);
  EXPECT_EQ(failure.culprits[0].writer->c0Step, 2u);
}

TEST_F(Run, WrongPointerIsShownByName) {
  made.patch("main.3", 2, {.op = Op::Sw, .rd = 28, .rs1 = 28, .imm = 8});  // list = &g, as it were
  expect(fail(), Condition::Pointer, 4, "list");
}

TEST_F(Run, DirtyHeapIsSeen) {
  made.patch("main.3", 1, {.op = Op::Sw, .rd = 28, .rs1 = 30, .imm = 4});
  Failure failure = fail();
  expect(failure, Condition::Pointer, 4, "heap#0.next");
  EXPECT_EQ(failure.violations[0].expected, "null");
  EXPECT_EQ(failure.violations[0].found, "&g") << "r28 points to the first global";
}

TEST_F(Run, HeapTopMustAdvance) {
  made.patch("main.3", 3, {.op = Op::Addi, .rd = 30, .rs1 = 30, .imm = 4});
  Failure failure = fail();
  expect(failure, Condition::Control, 4, "r30");
  EXPECT_EQ(failure.violations[0].expected, hex(test::kHeap + 8));
  ASSERT_TRUE(failure.culprits[0].writer);
  EXPECT_EQ(failure.culprits[0].writer->event.dpc, made.address("main.3") + 12);
}

TEST_F(Run, WrongBranchIsControl) {
  made.patch("main.7", 2, {.op = Op::Bnez, .rs1 = 2, .imm = 4 * 5});
  Failure failure = fail();
  expect(failure, Condition::Control, 10, "DPC");
  EXPECT_EQ(failure.violations[0].expected, "`g = 7;` at tiny.c0:19:3");
  ASSERT_TRUE(failure.culprits[0].writer);
  EXPECT_EQ(failure.culprits[0].writer->event.dpc, made.address("main.7") + 8);
}

TEST_F(Run, EndlessLoopDiverges) {
  options.limit = 1000;
  made.patch("main.5", 1, {.op = Op::J, .imm = -4});
  expect(fail(), Condition::Diverged, 8, "");
}

TEST_F(Run, WrongFrameSizeIsControl) {
  made.patch("main.4", 0, {.op = Op::Lw, .rd = 11, .rs1 = 29, .imm = 4});
  made.patch("twice.1", 3, {.op = Op::Addi, .rd = 29, .rs1 = 29, .imm = 8});
  Failure failure = fail();
  expect(failure, Condition::Control, 7, "r29");
  EXPECT_EQ(failure.violations[0].expected, hex(kMainFrame));
  EXPECT_EQ(failure.violations[0].found, hex(kMainFrame - 4));
  ASSERT_TRUE(failure.culprits[0].writer);
  EXPECT_EQ(failure.culprits[0].writer->event.dpc, made.address("twice.1") + 12);
}

TEST_F(Run, OverwrittenReturnAddressIsControl) {
  made.patch("twice.0", 2, {.op = Op::Sw, .rd = 2, .rs1 = 29, .imm = 0});
  Failure failure = fail();
  expect(failure, Condition::Value, 6, "twice:r");
  ASSERT_EQ(failure.violations.size(), 2u);
  EXPECT_EQ(failure.violations[1].variable, "return address of twice");
  EXPECT_EQ(failure.violations[1].expected, hex(made.address("main.4.return")));
  EXPECT_EQ(failure.violations[1].address, kTwiceFrame);
  EXPECT_EQ(failure.culprits[1].writer->event.dpc, made.address("twice.0") + 8);
}

TEST_F(Run, StoreIntoCodeIsCode) {
  made.patch("main.5", 2, {.op = Op::Sw, .rd = 3, .rs1 = 31, .imm = 0});  // r31: return point, behind us
  Failure failure = fail();
  expect(failure, Condition::Value, 8, "heap#0.value");
  ASSERT_EQ(failure.violations.size(), 2u);
  EXPECT_EQ(failure.violations[1].condition, Condition::Code);
  EXPECT_EQ(failure.violations[1].address, made.address("main.4.return"));
}

TEST_F(Run, WrongOutput) {
  made.patch("main.6", 0, {.op = Op::Addi, .rd = 11, .rs1 = 0, .imm = 'B'});
  Failure failure = fail();
  expect(failure, Condition::Output, 9, "");
  EXPECT_EQ(failure.violations[0].expected, "\"A\"");
  EXPECT_EQ(failure.violations[0].found, "\"B\"");
}

TEST_F(Run, WrongExitStatus) {
  made.patch("main.10", 0, {.op = Op::Addi, .rd = 20, .rs1 = 0, .imm = 8});
  Failure failure = fail();
  expect(failure, Condition::Exit, 12, "");
  EXPECT_EQ(failure.violations[0].expected, "7");
  EXPECT_EQ(failure.violations[0].found, "8");
}

TEST_F(Run, EarlyEnd) {
  int32_t back = int32_t(made.labels["exit"]) - int32_t(made.labels["main.5"] + 1);
  made.patch("main.5", 0, {.op = Op::J, .imm = 4 * back});
  expect(fail(), Condition::End, 8, "");
}

TEST_F(Run, NoEnd) {
  options.limit = 1000;
  made.patch("exit", 2, isa::decode(isa::kNop));
  expect(fail(), Condition::Diverged, 12, "");
}

TEST_F(Run, InterruptIsNamed) {
  made.patch("main.5", 2, {.op = Op::Sw, .rd = 3, .rs1 = 2, .imm = 2});
  Failure failure = fail();
  expect(failure, Condition::Diverged, 8, "");
  EXPECT_EQ(failure.violations[0].found, "misaligned access or bus error");
}

TEST_F(Run, MachineFaultAlone) {
  made.patch("put_char", 2, {.op = Op::Sw, .rd = 31, .rs1 = 1, .imm = 20});  // port 5
  Failure failure = fail();
  expect(failure, Condition::Fault, 9, "");
  EXPECT_EQ(failure.violations[0].expected, "no fault");
}

// ---- corruption from outside
// ---------------------------------------------------------------------------------------------

TEST_F(Run, CorruptedMemoryIsSeenAtItsStep) {
  corrupt(("6:mem=" + std::to_string(kTwiceFrame + 4) + ",value=3").c_str());
  Failure failure = fail();
  expect(failure, Condition::Value, 6, "twice:a");
  EXPECT_EQ(failure.violations[0].expected, "21");
  EXPECT_EQ(failure.violations[0].found, "3");
  EXPECT_EQ(failure.culprits[0].corruptedAt, 6u);
}

TEST_F(Run, CorruptedRegisters) {
  corrupt("3:reg=28,value=0x1234");
  Failure failure = fail();
  expect(failure, Condition::Control, 3, "r28");
  EXPECT_EQ(failure.violations[0].found, "0x00001234");
  EXPECT_EQ(failure.culprits[0].corruptedAt, 3u);
}

TEST_F(Run, CorruptedCounters) {
  corrupt(("8:dpc=" + std::to_string(made.address("main.10"))).c_str());
  expect(fail(), Condition::Control, 8, "DPC");
  options.corruptions.clear();
  corrupt(("8:pc=" + std::to_string(made.address("main.10"))).c_str());
  expect(fail(), Condition::Control, 8, "PC");
}

TEST_F(Run, CorruptedCode) {
  corrupt(("2:mem=" + std::to_string(made.address("main.10")) + ",value=0").c_str());
  expect(
      fail(), Condition::Code, 2, "main+0x" + [&] {
        char text[16];
        std::snprintf(text, sizeof text, "%x", made.address("main.10") - made.address("main"));
        return std::string(text);
      }());
}

TEST_F(Run, ScratchRegistersAndPaddingAreNobodys) {
  corrupt("3:reg=2,value=0x1234");
  corrupt(("3:byte=" + std::to_string(test::kGlobals + 5) + ",value=9").c_str());
  EXPECT_EQ(run().verdict, Verdict::Consistent);
}

// ---- reports
// -----------------------------------------------------------------------------------------------------------

TEST_F(Run, TextReportTellsWhereWhatAndWho) {
  made.patch("twice.0", 1, {.op = Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2});
  Failure failure = fail();
  std::string text;
  llvm::raw_string_ostream out(text);
  printFailure(out, *image, failure, "tiny", false);
  for (const char* part :
       {"tiny.c0:6:3: inconsistent: v-consis: twice:r is 42 in the abstract machine and 0 in the VAMP", "C0 step 6",
        "in twice, after `r = a + a;`", "expected        42", "found           0", "sw r2,8(r29)", "  >"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST_F(Run, JsonReportIsJson) {
  made.patch("twice.0", 1, {.op = Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2});
  Outcome outcome = run();
  std::string text = jsonReport(*image, outcome, {.inputs = {"tiny"}});
  auto parsed = llvm::json::parse(text);
  ASSERT_TRUE(bool(parsed)) << text;
  auto* failure = parsed->getAsObject()->getObject("failure");
  ASSERT_TRUE(failure);
  EXPECT_EQ(parsed->getAsObject()->getString("verdict"), llvm::StringRef("inconsistent"));
  EXPECT_EQ(failure->getString("condition"), llvm::StringRef("v-consis"));
  EXPECT_EQ(failure->getString("variable"), llvm::StringRef("twice:r"));
  EXPECT_EQ(failure->getObject("statement")->getInteger("line").getValueOr(0), 6);
  EXPECT_EQ(failure->getObject("writer")->getObject("statement")->getInteger("line").getValueOr(0), 6);
  EXPECT_FALSE(failure->getArray("instructions")->empty());
}

}  // namespace
}  // namespace consis
