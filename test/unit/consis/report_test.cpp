// What reports are made of: both states side by side, the last steps, the record of a run.
#include "vm/consis/report.h"

#include <gtest/gtest.h>

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "test/unit/consis/hand_made.h"
#include "vm/consis/html_report.h"
#include "vm/consis/state_text.h"

namespace consis {
namespace {

using isa::Op;
using test::HandMade;

// The hand-made program's steps stand in lockstep_test.cpp.
class Report : public ::testing::Test {
 protected:
  Outcome run() {
    auto loaded = Image::load(made.elf());
    EXPECT_TRUE(loaded) << loaded.error().text;
    image.emplace(std::move(*loaded));
    return consis::run(*image, options);
  }
  History history(const Outcome& outcome) { return lastSteps(*image, options, outcome); }
  void wrongSum() { made.patch("twice.0", 1, {.op = Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2}); }

  static const Row* find(const History::Step& step, const std::string& id) {
    for (const Row& row : step.rows)
      if (row.id == id) return &row;
    return nullptr;
  }

  HandMade made;
  Options options;
  std::optional<Image> image;
};

TEST_F(Report, HistoryHasEveryStepAndWhatItChanged) {
  const History all = history(run());
  // s(0), eleven steps that arrive, and the return, which ends the run.
  ASSERT_EQ(all.steps().size(), 13u);
  for (size_t i = 0; i < 13; ++i) {
    EXPECT_EQ(all.steps()[i].c0Step, i);
    EXPECT_EQ(all.steps()[i].arrived, i < 12);
  }
  const auto& steps = all.steps();
  EXPECT_EQ(text(find(steps[0], "f1.0")->abstract), "undefined");
  EXPECT_EQ(find(steps[0], "f1.0")->abstract[0].kind, Piece::Exempt);
  EXPECT_EQ(text(find(steps[1], "f1.0")->abstract), "21");
  EXPECT_FALSE(find(steps[1], "g0")) << "g did not change";
  EXPECT_EQ(text(find(steps[2], "g0")->concrete), "5");
  EXPECT_EQ(text(find(steps[3], "g1")->abstract), "122 'z'");
  EXPECT_EQ(text(find(steps[4], "h0")->abstract), "{value = 0, next = null}");
  EXPECT_EQ(text(find(steps[4], "g2")->concrete), "&heap#0");
  EXPECT_EQ(find(steps[4], "g2")->cells.at(0).concreteTarget, "h0");
  ASSERT_EQ(steps[5].frames.size(), 2u);
  EXPECT_EQ(steps[5].frames[0].depth, 2u);
  EXPECT_EQ(text(find(steps[5], "f2.0")->abstract), "21");
  EXPECT_EQ(steps[7].frames.size(), 1u);
  EXPECT_EQ(text(find(steps[8], "h0")->concrete), "{value = 42, next = null}");
  uint64_t instructions = steps[0].machineStep;
  for (const auto& step : steps) instructions += step.instructionCount;
  EXPECT_EQ(instructions, steps.back().machineStep);
  for (const auto& step : steps)
    for (const Row& row : step.rows) EXPECT_EQ(row.differing, 0u) << row.name;
}

TEST_F(Report, HistoryOfALongRunIsItsEnd) {
  options.maxSteps = 9;
  const Outcome outcome = run();
  ASSERT_EQ(outcome.verdict, Verdict::Limit);
  History end(9, {});
  EXPECT_EQ(end.first, 0u);
  EXPECT_EQ(History(100, {}).first, 100 - History::kSteps);
  EXPECT_EQ(history(outcome).steps().back().c0Step, 9u);
  EXPECT_TRUE(history(outcome).steps().back().arrived);
}

TEST_F(Report, HistoryMarksWhatDiffers) {
  wrongSum();
  const Outcome outcome = run();
  ASSERT_EQ(outcome.verdict, Verdict::Inconsistent);
  const History all = history(outcome);
  ASSERT_EQ(all.steps().back().c0Step, 6u);
  EXPECT_TRUE(all.steps().back().arrived);
  const Row* r = find(all.steps().back(), "f2.1");
  ASSERT_TRUE(r);
  EXPECT_EQ(r->name, "r");
  EXPECT_EQ(r->differing, 1u);
  EXPECT_EQ(r->abstract, (Pieces{{Piece::Differs, "42"}}));
  EXPECT_EQ(r->concrete, (Pieces{{Piece::Differs, "0"}}));
  EXPECT_EQ(all.steps().back().instructions.size(), 3u);
}

TEST_F(Report, PointersAreShownByTheInverseOfAba) {
  options.corruptions.push_back(*parseCorruption("8:mem=0xa008,value=0x1234"));
  const Outcome outcome = run();
  ASSERT_EQ(outcome.verdict, Verdict::Inconsistent);
  const History all = history(outcome);
  const Row* list = find(all.steps().back(), "g2");
  ASSERT_TRUE(list);
  EXPECT_EQ(text(list->concrete), "0x00001234 (no variable)");
  EXPECT_EQ(list->cells.at(0).abstractTarget, "h0");
  EXPECT_EQ(list->cells.at(0).concreteTarget, "0x00001234");
}

TEST_F(Report, TheRunThatDoesNotArriveIsShown) {
  options.limit = 1000;
  made.patch("main.5", 1, {.op = Op::J, .imm = -4});
  const Outcome outcome = run();
  ASSERT_EQ(outcome.verdict, Verdict::Inconsistent);
  const History all = history(outcome);
  EXPECT_FALSE(all.steps().back().arrived);
  EXPECT_EQ(all.steps().back().c0Step, outcome.failure->c0Step);
}

// Keeps the text of one step.
struct Shown : Spectator {
  explicit Shown(uint64_t step) : Spectator(step) {}
  void at(const Moment& moment) override {
    if (moment.c0Step == first) text = stateText(moment, false);
  }
  void ended(const Moment&) override {}
  std::string text;
};

TEST_F(Report, StateAsText) {
  wrongSum();
  const Outcome outcome = run();
  Shown shown(6);
  replay(*image, options, outcome.input, 6, shown);
  for (const char* part : {"C0 step 6, ", "in twice, depth 2, after `r = a + a;` at tiny.c0:6:3", "next is `return r;`",
                           ">   0x00011ff4  r int ", "twice, depth 2, frame at 0x", "main, depth 1", "return address ", "globals\n",
                           "0x0000a008  list struct node * ", "0x00010000  heap#0 struct node ",
                           "{value = 0, next = null}", "control\n", "registers in no relation"})
    EXPECT_NE(shown.text.find(part), std::string::npos) << part << "\n" << shown.text;
  EXPECT_EQ(shown.text.find("\n>"), shown.text.rfind("\n>")) << shown.text;
}

TEST_F(Report, PageHasTheReport) {
  wrongSum();
  const Outcome outcome = run();
  const std::string page = htmlReport(*image, outcome, {.inputs = {"<tiny>"}, .hash = "00ff"}, history(outcome));
  for (const char* part : {"&lt;tiny&gt;", "v-consis", "twice:r is 42 in the abstract machine and 0 in the VAMP",
                           "sub r2,r2,r2", "00ff", "id=\"data\"", "exempt: no value yet"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  EXPECT_EQ(page.find("<tiny>"), std::string::npos);
}

TEST_F(Report, SarifNamesConditionStatementAndWriter) {
  wrongSum();
  auto log = llvm::json::parse(sarifReport(*image, run(), "tiny"));
  ASSERT_TRUE(bool(log));
  const auto* result =
      (*(*log->getAsObject()->getArray("runs"))[0].getAsObject()->getArray("results"))[0].getAsObject();
  EXPECT_EQ(result->getString("ruleId")->str(), "v-consis/value");
  const auto* place = (*result->getArray("locations"))[0].getAsObject()->getObject("physicalLocation");
  EXPECT_EQ(place->getObject("artifactLocation")->getString("uri")->str(), "tiny.c0");
  EXPECT_EQ(place->getObject("region")->getInteger("startLine").getValueOr(0), 6);
  EXPECT_FALSE(place->getObject("region")->get("startColumn")) << "the source is not there to count in";
  EXPECT_EQ(result->getArray("relatedLocations")->size(), 1u);
}

// ---- the record of a run ----

std::string reportText(const RunRecord& record) {
  Outcome outcome;
  outcome.counters.c0Steps = 12;
  HandMade made;
  auto image = Image::load(made.elf());
  return jsonReport(*image, outcome, record);
}

base::Result<RecordedReport> read(std::string_view text) {
  return readReport({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

TEST(RunRecord, ComesBack) {
  RunRecord record{.inputs = {"a.c0", "b \"x\".c0"}, .hash = "ab12"};
  record.compiled = {"c0x", {"inc"}, {"N=1", "M"}, "64k", "", false};
  record.options.mode = Mode::Full, record.options.maxSteps = 77, record.options.limit = 5,
  record.options.checked = true;
  for (const char* text :
       {"7:reg=29,value=0x00000010", "1:mem=0x00009000,value=0xffffffff", "2:byte=0x00009001,value=0x000000ff",
        "3:dpc=0x00008010", "4:pc=0x00008014", "5:spr=PTL,value=0x00000003"}) {
    record.options.corruptions.push_back(*parseCorruption(text));
    EXPECT_EQ(printCorruption(record.options.corruptions.back()), text);
  }
  record.input = {0, 255, 'x', 10, -1, -1};
  auto back = read(reportText(record));
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(back->record.inputs, record.inputs);
  EXPECT_EQ(back->record.hash, "ab12");
  EXPECT_EQ(back->record.compiled->defines, record.compiled->defines);
  EXPECT_EQ(back->record.compiled->heap, "64k");
  EXPECT_FALSE(back->record.compiled->checks);
  EXPECT_EQ(back->record.options.mode, Mode::Full);
  EXPECT_EQ(back->record.options.maxSteps, 77u);
  EXPECT_EQ(back->record.options.limit, 5u);
  EXPECT_TRUE(back->record.options.checked);
  ASSERT_EQ(back->record.options.corruptions.size(), 6u);
  EXPECT_EQ(printCorruption(back->record.options.corruptions[2]), "2:byte=0x00009001,value=0x000000ff");
  EXPECT_EQ(back->record.input, (std::vector<int>{0, 255, 'x', 10}));
  EXPECT_EQ(back->c0Steps, 12u);
  EXPECT_EQ(back->verdict, "consistent");
  record.compiled.reset(), record.options.maxSteps = UINT64_MAX;
  back = read(reportText(record));
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->record.compiled);
  EXPECT_EQ(back->record.options.maxSteps, UINT64_MAX);
}

// Every member that is needed, missing or of another kind, is named.
TEST(RunRecord, WrongReportsAreErrors) {
  EXPECT_EQ(read("").error().id, "bad-report");
  EXPECT_EQ(read("[1]").error().text, "the report is no object");
  EXPECT_NE(read("{}").error().text.find("no member 'run'"), std::string::npos);
  auto whole = llvm::json::parse(reportText({.inputs = {"a.elf"}, .hash = "ab"}));
  ASSERT_TRUE(bool(whole));
  ASSERT_TRUE(read(llvm::formatv("{0}", *whole).str()));
  for (const char* name : {"inputs", "sha256", "limit", "checked", "corrupt", "input"})
    for (llvm::json::Value wrong : {llvm::json::Value(nullptr), llvm::json::Value(-1), llvm::json::Value("\nx"),
                                    llvm::json::Value(llvm::json::Array{1}), llvm::json::Value(true)}) {
      llvm::json::Value damaged = *whole;
      (*damaged.getAsObject()->getObject("run"))[name] = wrong;
      auto result = read(llvm::formatv("{0}", damaged).str());
      const bool fits = std::string_view(name) == "sha256"
                            ? wrong.getAsString().hasValue()
                            : std::string_view(name) == "checked" && wrong.getAsBoolean();
      EXPECT_EQ(bool(result), fits) << name;
      if (!result) {
        EXPECT_NE(result.error().text.find(std::string("run.") + name), std::string::npos) << result.error().text;
      }
    }
}

}  // namespace
}  // namespace consis
