#include "assembler/object/map.h"

#include <gtest/gtest.h>

#include <random>

namespace object {
namespace {

MapFunction sampleFunction() {
  MapFunction f;
  f.name = "main";
  f.size = 64, f.frameSize = 24, f.returnAddressOffset = 20;
  f.variables = {{MapVariable::Frame, 0}, {MapVariable::Frame, 4000}};
  f.statements = {
      {{0, 10, 3}, true, {0}}, {{1, 2, 1}, true, {8, 60}}, {{0, 9, 5}, false, {64}}, {{0, 100000, 300}, true, {60}}};
  f.calls = {{0, 16}, {3, 8}};
  f.checks = {{12, Fault::NullDereference, {0, 10, 7}}, {64, Fault::MissingReturn, {1, 12, 1}}};
  f.asms = {{1, 20, 28}};
  return f;
}

std::vector<uint8_t> sampleUnit(std::string_view name, std::vector<MapRelocation>& relocations) {
  MapWriter writer(name);
  EXPECT_EQ(writer.file("a.c0"), 0u);
  EXPECT_EQ(writer.file("b.h"), 1u);
  EXPECT_EQ(writer.file("a.c0"), 0u);
  writer.global("counter");
  writer.function(sampleFunction());
  writer.global("table");
  MapFunction empty;
  empty.name = "empty";
  writer.function(empty);
  return writer.finish(relocations);
}

void expectSample(const MapFunction& f) {
  MapFunction wanted = sampleFunction();
  EXPECT_EQ(f.name, wanted.name);
  EXPECT_EQ(f.size, wanted.size);
  EXPECT_EQ(f.frameSize, wanted.frameSize);
  EXPECT_EQ(f.returnAddressOffset, wanted.returnAddressOffset);
  ASSERT_EQ(f.variables.size(), 2u);
  EXPECT_EQ(f.variables[1].offset, 4000u);
  ASSERT_EQ(f.statements.size(), wanted.statements.size());
  for (size_t i = 0; i < f.statements.size(); i++) {
    EXPECT_EQ(f.statements[i].position, wanted.statements[i].position) << i;
    EXPECT_EQ(f.statements[i].emits, wanted.statements[i].emits) << i;
    EXPECT_EQ(f.statements[i].entries, wanted.statements[i].entries) << i;
  }
  ASSERT_EQ(f.calls.size(), 2u);
  EXPECT_EQ(f.calls[1].statement, 3u);
  EXPECT_EQ(f.calls[1].returnPoint, 8u);
  ASSERT_EQ(f.checks.size(), 2u);
  EXPECT_EQ(f.checks[1].returnAddress, 64u);
  EXPECT_EQ(f.checks[1].fault, Fault::MissingReturn);
  EXPECT_EQ(f.checks[1].position, (MapPosition{1, 12, 1}));
  ASSERT_EQ(f.asms.size(), 1u);
  EXPECT_EQ(f.asms[0].statement, 1u);
  EXPECT_EQ(f.asms[0].begin, 20u);
  EXPECT_EQ(f.asms[0].end, 28u);
}

TEST(Map, RoundTripWithRelocatedAddresses) {
  std::vector<MapRelocation> relocations;
  std::vector<uint8_t> bytes = sampleUnit("unit", relocations);
  ASSERT_EQ(relocations.size(), 4u);
  EXPECT_EQ(relocations[0].symbol, "counter");
  EXPECT_EQ(relocations[1].symbol, "table");
  EXPECT_EQ(relocations[2].symbol, "main");
  EXPECT_EQ(relocations[3].symbol, "empty");
  for (size_t i = 0; i < relocations.size(); i++) base::store(&bytes[relocations[i].offset], uint32_t(0x8000 + i));
  base::Result<std::vector<MapUnit>> units = readMap(bytes);
  ASSERT_TRUE(units) << units.error().text << " at " << units.error().place;
  ASSERT_EQ(units->size(), 1u);
  const MapUnit& unit = (*units)[0];
  EXPECT_EQ(unit.name, "unit");
  EXPECT_EQ(unit.files, (std::vector<std::string>{"a.c0", "b.h"}));
  ASSERT_EQ(unit.globals.size(), 2u);
  EXPECT_EQ(unit.globals[1].name, "table");
  EXPECT_EQ(unit.globals[1].address, 0x8001u);
  ASSERT_EQ(unit.functions.size(), 2u);
  EXPECT_EQ(unit.functions[0].address, 0x8002u);
  EXPECT_EQ(unit.functions[1].name, "empty");
  expectSample(unit.functions[0]);
}

TEST(Map, ConcatenationMerges) {
  std::vector<MapRelocation> relocations;
  std::vector<uint8_t> bytes = sampleUnit("first", relocations), second = sampleUnit("second", relocations);
  bytes.insert(bytes.end(), second.begin(), second.end());
  base::Result<std::vector<MapUnit>> units = readMap(bytes);
  ASSERT_TRUE(units);
  ASSERT_EQ(units->size(), 2u);
  EXPECT_EQ((*units)[1].name, "second");
  expectSample((*units)[1].functions[0]);
  EXPECT_TRUE(readMap({}));
  EXPECT_TRUE((*readMap({})).empty());
}

TEST(Map, ImpossibleContentsAreNamed) {
  auto expectError = [](void (*change)(MapFunction&), const char* text) {
    MapWriter writer("unit");
    writer.file("a.c0"), writer.file("b.h");
    MapFunction function = sampleFunction();
    change(function);
    writer.function(function);
    std::vector<MapRelocation> relocations;
    base::Result<std::vector<MapUnit>> units = readMap(writer.finish(relocations));
    ASSERT_FALSE(units) << text;
    EXPECT_EQ(units.error().id, "bad-map");
    EXPECT_EQ(units.error().text, text);
    EXPECT_EQ(units.error().place.substr(0, 30), "unit 'unit', function 'main', ");
  };
  expectError([](MapFunction& f) { f.statements[1].entries[1] = 64; },
              "the statement's entry lies outside the function");
  expectError([](MapFunction& f) { f.statements[1].position.file = 2; }, "the position's file does not exist");
  expectError([](MapFunction& f) { f.calls[1] = f.calls[0]; }, "the calls are not in ascending order");
  expectError([](MapFunction& f) { f.calls[1].statement = 4; }, "the call's statement does not exist");
  expectError([](MapFunction& f) { f.calls[0].returnPoint = 68; }, "the call's return point lies outside the function");
  expectError([](MapFunction& f) { f.checks[0].returnAddress = 64; }, "the checks are not in ascending order");
  expectError([](MapFunction& f) { f.checks[0].fault = Fault(99); }, "unknown fault code");
  expectError([](MapFunction& f) { f.asms[0].statement = 4; }, "the asm block's statement does not exist");
  expectError([](MapFunction& f) { f.asms[0].end = 68; }, "the asm block lies outside the function");
  expectError([](MapFunction& f) { f.variables[0].kind = MapVariable::Kind(7); }, "unknown kind of location");
}

TEST(Map, TruncationsAreErrors) {
  std::vector<MapRelocation> relocations;
  std::vector<uint8_t> bytes = sampleUnit("unit", relocations);
  for (size_t size = 1; size < bytes.size(); size++) {
    base::Result<std::vector<MapUnit>> units = readMap(std::span(bytes).first(size));
    ASSERT_FALSE(units) << size;
    ASSERT_EQ(units.error().id, "bad-map");
    // Also when the unit's size says that this is all there is.
    if (size < 8) continue;
    std::vector<uint8_t> shorter(bytes.begin(), bytes.begin() + long(size));
    base::store(&shorter[4], uint32_t(size - 8));
    ASSERT_FALSE(readMap(shorter)) << size;
  }
}

TEST(Map, MutationsStayInside) {
  std::vector<MapRelocation> relocations;
  const std::vector<uint8_t> good = sampleUnit("unit", relocations);
  std::mt19937 random(5);
  size_t accepted = 0, rejected = 0;
  for (int round = 0; round < 50000; round++) {
    std::vector<uint8_t> bytes = good;
    for (unsigned n = 1 + random() % 3; n; n--) bytes[8 + random() % (bytes.size() - 8)] = uint8_t(random());
    base::Result<std::vector<MapUnit>> units = readMap(bytes);
    units ? accepted++ : rejected++;
    if (!units) {
      ASSERT_EQ(units.error().id, "bad-map");
      continue;
    }
    for (const MapUnit& unit : *units)
      for (const MapFunction& function : unit.functions)
        for (const MapStatement& statement : function.statements)
          for (uint32_t entry : statement.entries) ASSERT_LE(entry, function.size);
  }
  EXPECT_GT(accepted, 1000u);
  EXPECT_GT(rejected, 1000u);
}

}  // namespace
}  // namespace object
