#include "vm/consis/shard.h"

#include <gtest/gtest.h>

#include "llvm/Support/JSON.h"
#include "test/unit/consis/hand_made.h"

namespace consis {
namespace {

using test::HandMade;

std::span<const uint8_t> bytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

class Shards : public testing::Test {
 protected:
  Shards() { options.mode = Mode::Parallel, options.segment = 5, options.jobs = 2, options.memory = 1 << 20; }

  void load() {
    elf = made.elf();
    image.emplace(std::move(*Image::load(elf)));
  }
  Shard check(uint32_t index, uint32_t count) {
    Shard shard = checkShard(*image, options, index, count);
    shard.record = {.inputs = {"tiny.elf"}, .hash = hashOf(elf), .options = options};
    return shard;
  }
  // Through their files.
  std::vector<Shard> checkAll(uint32_t count) {
    std::vector<Shard> shards;
    for (uint32_t i = count; i > 0; --i) {
      auto back = readShard(bytesOf(shardText(check(i, count))));
      EXPECT_TRUE(back) << back.error().text;
      shards.push_back(std::move(*back));
    }
    return shards;
  }
  void expectSame(const Outcome& merged, const Outcome& whole) {
    EXPECT_EQ(merged.verdict, whole.verdict);
    EXPECT_EQ(merged.exitStatus, whole.exitStatus);
    EXPECT_EQ(merged.output, whole.output);
    EXPECT_EQ(merged.counters.c0Steps, whole.counters.c0Steps);
    EXPECT_EQ(merged.counters.instructions, whole.counters.instructions);
    EXPECT_EQ(merged.failure.has_value(), whole.failure.has_value());
    if (!merged.failure || !whole.failure) return;
    EXPECT_EQ(merged.failure->c0Step, whole.failure->c0Step);
    EXPECT_EQ(merged.failure->violations[0].text, whole.failure->violations[0].text);
    EXPECT_EQ(merged.failure->instructions.size(), whole.failure->instructions.size());
  }

  HandMade made;
  Options options;
  std::vector<uint8_t> elf;
  std::optional<Image> image;
};

TEST_F(Shards, TogetherAreTheRun) {
  load();
  const Outcome whole = run(*image, options);
  ASSERT_EQ(whole.verdict, Verdict::Consistent);
  for (uint32_t count : {1, 2, 3, 20}) {
    auto shards = checkAll(count);
    EXPECT_EQ(shards[0].segments, whole.parallel->segments);
    auto merged = mergeShards(*image, options, shards);
    ASSERT_TRUE(merged);
    expectSame(*merged, whole);
    EXPECT_EQ(merged->parallel->again, 0u);
  }
}

TEST_F(Shards, FindWhatTheRunFinds) {
  made.patch("twice.0", 1, {.op = isa::Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2});
  load();
  const Outcome whole = run(*image, options);
  ASSERT_EQ(whole.verdict, Verdict::Inconsistent);
  auto shards = checkAll(3);
  auto merged = mergeShards(*image, options, shards);
  ASSERT_TRUE(merged);
  expectSame(*merged, whole);
  EXPECT_EQ(merged->parallel->again, 1u);
}

// In the first segment too, which no checkpoint is before, and if it has a corruption.
TEST_F(Shards, FindWhatIsWrongAtOnce) {
  made.patch("main.0", 0, {.op = isa::Op::Addi, .rd = 2, .imm = 22});
  load();
  const Outcome wrong = run(*image, options);
  EXPECT_EQ(wrong.failure->c0Step, 1u);
  auto shards = checkAll(2);
  expectSame(*mergeShards(*image, options, shards), wrong);
  made = HandMade();
  load();
  options.corruptions.push_back(*parseCorruption("3:reg=28,value=4"));
  const Outcome corrupted = run(*image, options);
  EXPECT_EQ(corrupted.failure->c0Step, 3u);
  shards = checkAll(2);
  expectSame(*mergeShards(*image, options, shards), corrupted);
}

// What is not known of the run is found out by the merge.
TEST_F(Shards, AreMergedThoughTheyKnowNothing) {
  load();
  const Outcome whole = run(*image, options);
  auto shards = checkAll(2);
  for (Shard& shard : shards)
    for (auto& [number, result] : shard.results) result = {};
  auto merged = mergeShards(*image, options, shards);
  ASSERT_TRUE(merged);
  expectSame(*merged, whole);
  EXPECT_EQ(merged->parallel->again, whole.parallel->segments);
}

TEST_F(Shards, CannotSayWhatCannotBe) {
  load();
  auto shards = checkAll(1);
  auto& results = shards[0].results;
  results.at(1).link.serials.push_back(7);  // a frame that is not there
  results.at(2) = {};
  EXPECT_EQ(mergeShards(*image, options, shards).error().id, "bad-shard");
}

TEST_F(Shards, MustFitTogether) {
  load();
  const std::vector<Shard> good = checkAll(3);
  const std::vector<std::string> names{"3.json", "2.json", "1.json"};
  EXPECT_FALSE(whyNotTogether(good, names));
  auto why = [&](std::vector<Shard> shards) {
    auto found = whyNotTogether(shards, names);
    return found ? found->error.id + " " + found->file : "";
  };
  auto changed = [&](auto&& change) {
    std::vector<Shard> shards = good;
    change(shards[1]);
    return why(shards);
  };
  EXPECT_EQ(why({good[0], good[2]}), "missing-shard ");
  EXPECT_EQ(why({good[0], good[0], good[1]}), "duplicate-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.hash = "x"; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.diskHash = "x"; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.input = {7}; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.count = 4; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { ++shard.segments; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { ++shard.record.options.limit; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { ++shard.record.options.segment; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.options.until = 5; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.options.maxSteps = 5; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.options.checked = true; }), "stale-shard 2.json");
  EXPECT_EQ(changed([](Shard& shard) { shard.record.options.corruptions = {{}}; }), "stale-shard 2.json");
}

class ShardFiles : public Shards {
 protected:
  // The error of a shard in which one member has another value.
  std::string damaged(const std::string& name, llvm::json::Value value) {
    auto whole = llvm::json::parse(shardText(check(1, 2)));
    llvm::json::Object& shard = *whole->getAsObject()->getObject("shard");
    if (name.starts_with("0.")) (*(*shard.getArray("results"))[0].getAsObject())[name.substr(2)] = std::move(value);
    else shard[name] = std::move(value);
    const std::string text = llvm::formatv("{0}", llvm::json::Value(llvm::json::Object(shard))).str();
    auto back = readShard(bytesOf("{\"shard\": " + text + ", \"sha256\": \"" + hashOf(bytesOf(text)) + "\"}"));
    return back ? "" : back.error().id + ": " + back.error().text;
  }
};

TEST_F(ShardFiles, NameTheMemberThatIsWrong) {
  load();
  EXPECT_EQ(damaged("until", 70), "");
  EXPECT_EQ(damaged("index", 3), "bad-shard: shard.index is none of its shards");
  EXPECT_EQ(damaged("index", "1"), "bad-shard: shard.index is no number from 0 on");
  EXPECT_EQ(damaged("of", 0), "bad-shard: shard.index is none of its shards");
  EXPECT_EQ(damaged("segment", -1), "bad-shard: shard.segment is no number from 0 on");
  EXPECT_EQ(damaged("segments", 1), "bad-shard: shard.results[1].number is no segment of this shard");
  EXPECT_EQ(damaged("results", llvm::json::Array{}), "bad-shard: shard.results lacks some");
  EXPECT_EQ(damaged("results", llvm::json::Array{7}), "bad-shard: shard.results[0] is no object");
  EXPECT_EQ(damaged("run", 7), "bad-shard: shard.run is no object");
  EXPECT_EQ(damaged("0.number", 1), "bad-shard: shard.results[0].number is no segment of this shard");
  EXPECT_EQ(damaged("0.kind", "done"), "bad-shard: shard.results[0].kind is no kind of result");
  EXPECT_EQ(damaged("0.kind", "unsettled"), "bad-shard: shard.results[0].why is no string");
  EXPECT_EQ(damaged("0.data", llvm::json::Array{1, 2}), "bad-shard: shard.results[0].data is no link");
  EXPECT_EQ(damaged("0.data", llvm::json::Array{-1}), "bad-shard: shard.results[0].data is no list of numbers from 0 on");
  EXPECT_EQ(damaged("0.output", "4"), "bad-shard: shard.results[0].output is not hexadecimal");
  std::string text = shardText(check(1, 2));
  EXPECT_EQ(readShard(bytesOf("7")).error().text, "not a shard of consis: it has no member 'shard'");
  text[text.find("reached")] = 'R';
  EXPECT_EQ(readShard(bytesOf(text)).error().text, "damaged: its SHA-256 is another");
}

// Every kind of thing that a link may have.
TEST_F(ShardFiles, KeepLinks) {
  load();
  Shard shard = check(1, 1);
  Link& link = shard.results.at(1).link;
  link.relied = {{{Part::Globals, 1}, 4}, {{Part::Heap, 2}, 3}};
  link.reliedPast = {{{Part::Locals, 7}, interp::Value::pointer(2, 1, 4, true)}};
  link.destinationsBefore = {{2, {1, 2, 3, 4}}};
  link.destinationsAfter = {{2, {4, 3, 2, 1}}, {5, {}}};
  link.kept = {{{Part::Locals, 0}, 1}};
  link.exceptions = {{{Part::Heap, 1}, Place{Part::Locals, 3}, std::nullopt},
                     {{Part::Heap, 2}, std::nullopt, interp::Value{}},
                     {{Part::Heap, 3}, std::nullopt, interp::Value::null()}};
  auto back = readShard(bytesOf(shardText(shard)));
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(back->results.at(1).link, link);
  EXPECT_EQ(back->results.at(1).outcome.counters.control, shard.results.at(1).outcome.counters.control);
}

}  // namespace
}  // namespace consis
