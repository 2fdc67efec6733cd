#include "vm/consis/image.h"

#include <gtest/gtest.h>

#include "test/unit/consis/hand_made.h"

namespace consis {
namespace {

using test::HandMade;

// Loads the image and returns "id: place: text" of the error, or "" if there is none.
std::string errorOf(HandMade& made) {
  auto image = Image::load(made.elf());
  if (image) return "";
  return image.error().id + ": " + image.error().place + ": " + image.error().text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }
#define EXPECT_CONTAINS(text, part) EXPECT_PRED2(contains, text, part)

TEST(Image, LoadsTheHandMadeProgram) {
  HandMade made;
  auto image = Image::load(made.elf());
  ASSERT_TRUE(image) << image.error().text;
  EXPECT_EQ(image->gp, test::kGlobals);
  EXPECT_EQ(image->heap.begin, test::kHeap);
  EXPECT_EQ(image->stack.end, test::kStackTop);
  uint32_t main = *image->program().findFunction("main");
  EXPECT_EQ(image->function(main).frameSize, 8u);
  EXPECT_EQ(image->entries({main, 5}), std::vector<uint32_t>{made.address("main.5")});
  EXPECT_EQ(image->returnPoint({main, 4}), made.address("main.4.return"));
  EXPECT_EQ(image->returnPoint({main, 5}), std::nullopt);
  EXPECT_EQ(image->globalAddress(*image->program().findGlobal("list")), test::kGlobals + 8);
}

TEST(Image, FindsCodeByAddress) {
  HandMade made;
  auto image = Image::load(made.elf());
  ASSERT_TRUE(image) << image.error().text;
  uint32_t main = *image->program().findFunction("main"), twice = *image->program().findFunction("twice");
  EXPECT_EQ(image->statementAt(made.address("main.5") + 8), (StatementId{main, 5}));
  EXPECT_EQ(image->statementAt(made.address("main.4.return")), (StatementId{main, 4}));
  EXPECT_EQ(image->statementAt(made.address("main")), std::nullopt)
      << "a prologue belongs to no statement of its function";
  EXPECT_EQ(image->statementAt(made.address("start")), std::nullopt);
  EXPECT_EQ(image->functionAt(made.address("twice.end") - 4), twice);
  EXPECT_EQ(image->functionAt(made.address("put_char")), std::nullopt);
  EXPECT_EQ(image->symbolAt(made.address("put_char") + 8), "put_char+0x8");
  EXPECT_TRUE(image->isEntry(made.address("main.5")));
  EXPECT_FALSE(image->isEntry(made.address("main.5") + 4));
  EXPECT_FALSE(image->isEntry(0xFFFFFFF0));
}

TEST(Image, RejectsMapsThatDisagreeWithTheCore) {
  auto mismatch = [](auto&& change) {
    HandMade made;
    change(made);
    std::string error = errorOf(made);
    EXPECT_CONTAINS(error, "map-core-mismatch");
    return error;
  };
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[0].frameSize = 16; }),
                  "function twice: map and core disagree: the frame size");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[0].variables[1].offset = 4; }), "'a' and variable 'r' overlap");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[0].variables[1].offset = 12; }), "'r' lies outside the frame");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[0].returnAddressOffset = 8; }), "overlap");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[0].variables[1].offset = 7; }), "not aligned");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[1].variables.clear(); }), "function main");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[1].statements.pop_back(); }),
                  "the number of statements is 10 in the map, 11");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[1].statements[3].position.line = 13; }),
                  "function main, statement 3");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[1].calls.pop_back(); }), "the call has no return point");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[1].calls[0].statement = 3; }), "no call");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[1].statements[10].emits = false; }), "without instructions");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map[0].name = "main"; }), "'main' is in the map twice");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map.push_back(m.map[0]), m.map[2].name = "start"; }),
                  "'start' is not in the core");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.map.pop_back(); }), "function 'main' is not in the map");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { m.mapGlobals.pop_back(); }), "global 'list' is not in the map");
  EXPECT_CONTAINS(mismatch([](HandMade& m) { std::swap(m.mapGlobals[0], m.mapGlobals[1]); }),
                  "global 'g' is called 'c'");
}

TEST(Image, AcceptsFunctionsInAnyOrder) {
  HandMade made;
  std::swap(made.map[0], made.map[1]);
  EXPECT_EQ(errorOf(made), "");
}

TEST(Image, RejectsMapsThatDisagreeWithTheCode) {
  HandMade entry;
  entry.map[1].statements[5].entries[0] = 4 * (entry.labels["main.4.return"] - 1 - entry.labels["main"]);
  EXPECT_CONTAINS(errorOf(entry), "map-code-mismatch: function main");
  EXPECT_CONTAINS(errorOf(entry), "delay slot");
  HandMade call;
  call.map[1].calls[0].returnPoint += 4;
  EXPECT_CONTAINS(errorOf(call), "a return point is not behind a call");
  HandMade check;
  check.map[1].checks = {{8, object::Fault::NullDereference, {0, 11, 3}}};
  EXPECT_CONTAINS(errorOf(check), "a check is not behind a call");
}

TEST(Image, RejectsOtherText) {
  HandMade made;
  made.wrongHash = true;
  EXPECT_CONTAINS(errorOf(made), "text-hash: .text");
}

TEST(Image, RejectsMissingPieces) {
  for (const char* name : {".text", ".note.vamp", ".c0core", ".c0map"}) {
    HandMade made;
    object::Object object = made.build();
    std::erase_if(object.sections, [&](const object::Section& s) { return s.name == name; });
    for (auto& symbol : object.symbols) symbol.section = object::kAbsolute;
    auto image = Image::load(object::writeElf(object));
    ASSERT_FALSE(image) << name;
    EXPECT_EQ(image.error().id, "missing-section") << name;
  }
  HandMade made;
  made.symbols.erase("__heap_end");
  EXPECT_CONTAINS(errorOf(made), "missing-symbol: symbol table: the image does not define __heap_end");
}

TEST(Image, RejectsImpossibleLayouts) {
  HandMade heap;
  heap.symbols["__heap_start"] = test::kGlobals + 8;
  EXPECT_CONTAINS(errorOf(heap), "global 'list' reaches into the heap");
  HandMade text;
  text.symbols["__text_end"] = test::kGlobals + 1;
  EXPECT_CONTAINS(errorOf(text), "global 'g' overlaps");
  HandMade stack;
  stack.symbols["__stack_top"] = 0x80001000;
  EXPECT_CONTAINS(errorOf(stack), "beyond 2 GiB");
  HandMade functions;
  functions.map[0].size += 4;
  EXPECT_CONTAINS(errorOf(functions), "functions overlap");
}

// Damaged files give an error or a valid image, never a crash: every byte of the file is changed once.
TEST(Image, SurvivesDamage) {
  HandMade made;
  const std::vector<uint8_t> elf = made.elf();
  size_t rejected = 0;
  for (size_t at = 0; at < elf.size(); ++at) {
    auto damaged = elf;
    damaged[at] ^= uint8_t(1u << at % 8);
    if (!Image::load(damaged)) ++rejected;
  }
  EXPECT_GT(rejected, elf.size() / 4);
  for (size_t size = 0; size < elf.size(); size += 7) {
    auto image = Image::load(std::span(elf).first(size));
    EXPECT_FALSE(image) << size;
  }
}

}  // namespace
}  // namespace consis
