// -S: the assembler makes the same object from what printAssembly writes.
#include <filesystem>
#include <map>

#include "assembler/asm/assembler.h"
#include "test/unit/codegen/compiled.h"

namespace codegen::test {
namespace {

using Relocations = std::multimap<uint32_t, std::tuple<object::Relocation, std::string, int32_t>>;

Relocations relocations(const object::Object& object, const object::Section& section) {
  Relocations all;
  for (const object::RelocationEntry& entry : section.relocations)
    all.emplace(entry.offset, std::tuple(entry.type, object.symbols[entry.symbol].name, entry.addend));
  return all;
}

void expectSame(const object::Object& compiled, const object::Object& assembled) {
  for (const object::Section& section : compiled.sections) {
    const object::Section* twin = assembled.section(section.name);
    ASSERT_TRUE(twin) << section.name;
    EXPECT_EQ(section.bytes, twin->bytes) << section.name;
    EXPECT_EQ(section.length(), twin->length()) << section.name;
    EXPECT_EQ(section.flags, twin->flags) << section.name;
    EXPECT_EQ(relocations(compiled, section), relocations(assembled, *twin)) << section.name;
  }
  for (const object::Symbol& symbol : compiled.symbols) {
    if (symbol.section == object::kUndefined) continue;
    const object::Symbol* twin = assembled.symbol(symbol.name);
    ASSERT_TRUE(twin) << symbol.name;
    EXPECT_EQ(symbol.value, twin->value) << symbol.name;
    EXPECT_EQ(symbol.size, twin->size) << symbol.name;
    EXPECT_EQ(symbol.global, twin->global) << symbol.name;
    EXPECT_EQ(symbol.kind, twin->kind) << symbol.name;
  }
}

TEST(Assembly, RoundTripOfTheCorpus) {
  for (const auto& entry : std::filesystem::directory_iterator(C0_SOURCE_DIR "/test/programs")) {
    if (entry.path().extension() != ".c0") continue;
    SCOPED_TRACE(entry.path().string());
    object::Object compiled = compile(readAll(entry.path()));
    base::SourceManager sources;
    base::Diagnostics diagnostics(sources);
    auto file = sources.addText("x.s", printAssembly(compiled, "x.c0"));
    auto assembled = assembler::assemble(*file, diagnostics);
    for (const base::Diagnostic& diagnostic : diagnostics.all())
      ADD_FAILURE() << sources.line(diagnostic.where.begin) << ": " << diagnostic.text;
    ASSERT_TRUE(assembled);
    expectSame(compiled, *assembled);
  }
}

}  // namespace
}  // namespace codegen::test
