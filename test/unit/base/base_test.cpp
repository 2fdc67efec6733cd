#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "assembler/base/bytes.h"
#include "assembler/base/diagnostics.h"
#include "assembler/base/html.h"
#include "assembler/base/source.h"
#include "assembler/base/tool.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace {

using base::Loc;

std::string text(const base::Diagnostics& diagnostics, base::DiagnosticFormat format = base::DiagnosticFormat::Text) {
  std::string result;
  llvm::raw_string_ostream out(result);
  diagnostics.print(out, format, false, "tool");
  return out.str();
}

// Line and column by counting from the start, as the definition says.
std::pair<uint32_t, uint32_t> count(std::string_view text, size_t offset) {
  uint32_t line = 1, column = 1;
  for (size_t i = 0; i < offset; ++i) text[i] == '\n' ? (++line, column = 1) : ++column;
  return {line, column};
}

TEST(SourceManager, PlacesAgreeWithCountingInAnyOrder) {
  base::SourceManager sources;
  std::string a = "one\n\ntwo three\nx", b = "\nalpha\nbeta\n";
  uint32_t first = *sources.addText("a", a), second = *sources.addText("b", b);
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    bool inFirst = random() % 2;
    const std::string& chosen = inFirst ? a : b;
    size_t offset = random() % (chosen.size() + 1);
    base::Place place = sources.place(sources.begin(inFirst ? first : second) + Loc(offset));
    auto [line, column] = count(chosen, offset);
    ASSERT_EQ(place.file, inFirst ? "a" : "b");
    ASSERT_EQ(place.line, line) << offset;
    ASSERT_EQ(place.column, column) << offset;
  }
}

TEST(SourceManager, NowhereHasNoLine) {
  base::SourceManager sources;
  EXPECT_EQ(sources.place(0).line, 0u);
  EXPECT_EQ(sources.place(77).line, 0u);
  EXPECT_EQ(sources.line(77), "");
}

TEST(SourceManager, LineMarkersRenameAndRenumber) {
  base::SourceManager sources;
  uint32_t file = *sources.addText("out.i", "# 1 \"m.c0\"\na\nb\n# 40 \"h.c0\"\nc\nd\n");
  Loc begin = sources.begin(file);
  sources.addLineMarker(begin + 11, "m.c0", 1);
  sources.addLineMarker(begin + 28, "h.c0", 40);
  EXPECT_EQ(sources.place(begin + 13).file, "m.c0");
  EXPECT_EQ(sources.place(begin + 13).line, 2u);
  EXPECT_EQ(sources.place(begin + 30).file, "h.c0");
  EXPECT_EQ(sources.place(begin + 30).line, 41u);
  EXPECT_EQ(sources.line(begin + 30), "d");
}

TEST(SourceManager, UnreadableFileIsAnError) {
  base::SourceManager sources;
  base::Result<uint32_t> file = sources.addFile("/nonexistent/file.c0");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().id, "cannot-read");
}

TEST(Diagnostics, ShowsCaretRangeNoteAndFixit) {
  base::SourceManager sources;
  Loc begin = sources.begin(*sources.addText("f.c0", "int x;\ny = lenght;\n"));
  base::Diagnostics diagnostics(sources);
  diagnostics.error("c0-undeclared", {begin + 11, begin + 17}, "'lenght' is not declared")
      .fixit({begin + 11, begin + 17}, "length")
      .note({begin + 4, begin + 5}, "'x' is declared here");
  EXPECT_EQ(text(diagnostics),
            "f.c0:2:5: error: 'lenght' is not declared [c0-undeclared]\n"
            "y = lenght;\n"
            "    ^~~~~~\n"
            "    length\n"
            "f.c0:1:5: note: 'x' is declared here\n"
            "int x;\n"
            "    ^\n"
            "1 error generated.\n");
}

TEST(Diagnostics, VeryLongLineIsCutAroundTheCaret) {
  base::SourceManager sources;
  std::string line = std::string(1'000'000, 'a') + "!" + std::string(1'000'000, 'b');
  Loc begin = sources.begin(*sources.addText("f.c0", line));
  base::Diagnostics diagnostics(sources);
  diagnostics.error("x", {begin + 1'000'000, begin + 1'000'001}, "here");
  std::string shown = text(diagnostics);
  EXPECT_LT(shown.size(), 600u);
  EXPECT_NE(shown.find("f.c0:1:1000001: error: here [x]\n"), std::string::npos);
  EXPECT_NE(shown.find("aaa!bbb"), std::string::npos);
  size_t mark = shown.find('!'), caret = shown.find('^');
  size_t lineStart = shown.rfind('\n', mark), caretStart = shown.rfind('\n', caret);
  EXPECT_EQ(mark - lineStart, caret - caretStart);
}

TEST(Diagnostics, ControlCharactersAreNotPrinted) {
  base::SourceManager sources;
  Loc begin = sources.begin(*sources.addText("f.c0", std::string("a\0\x1b[31mb", 8)));
  base::Diagnostics diagnostics(sources);
  diagnostics.error("x", {begin, begin}, "here");
  EXPECT_EQ(text(diagnostics).find('\x1b'), std::string::npos);
  EXPECT_NE(text(diagnostics).find("a??[31mb"), std::string::npos);
}

TEST(Diagnostics, NamesFromDamagedFilesStayOnOneLine) {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  diagnostics.error({"no '\x1B[31m\n'", "undefined", "a\nb.o"});
  EXPECT_EQ(text(diagnostics).substr(0, 44), "a?b.o: error: no '?[31m?' [undefined]\n1 erro");
}

TEST(Diagnostics, LimitCountsTheRestAndRepeatsAreDropped) {
  base::SourceManager sources;
  Loc begin = sources.begin(*sources.addText("f.c0", "0123456789"));
  base::Diagnostics diagnostics(sources);
  diagnostics.errorLimit = 3;
  for (Loc i = 0; i < 5; ++i)
    for (int twice = 0; twice < 2; ++twice) diagnostics.error("x", {begin + i, begin + i + 1}, "e");
  EXPECT_EQ(diagnostics.all().size(), 3u);
  EXPECT_TRUE(diagnostics.limitReached());
  EXPECT_NE(text(diagnostics).find("too many errors"), std::string::npos);
}

TEST(Diagnostics, WarningsBecomeErrorsOnRequest) {
  base::SourceManager sources;
  Loc begin = sources.begin(*sources.addText("f.c0", "x"));
  base::Diagnostics diagnostics(sources);
  diagnostics.warning("w", {begin, begin + 1}, "hm");
  EXPECT_EQ(diagnostics.errorCount(), 0u);
  diagnostics.warningsAreErrors = true;
  diagnostics.warning("v", {begin, begin + 1}, "hm");
  EXPECT_EQ(diagnostics.errorCount(), 1u);
}

TEST(Diagnostics, JsonAndSarifParse) {
  base::SourceManager sources;
  Loc begin = sources.begin(*sources.addText("f\xff.c0", "int \xff;"));
  base::Diagnostics diagnostics(sources);
  diagnostics.error("x", {begin + 4, begin + 5}, "bad byte \xff").note({begin, begin + 3}, "type");
  auto json = llvm::json::parse(text(diagnostics, base::DiagnosticFormat::Json));
  ASSERT_TRUE(bool(json));
  const llvm::json::Object* first = json->getAsArray()->front().getAsObject();
  EXPECT_EQ(first->getString("id")->str(), "x");
  EXPECT_EQ(first->getObject("caret")->getInteger("column").getValueOr(0), 5);
  auto sarif = llvm::json::parse(text(diagnostics, base::DiagnosticFormat::Sarif));
  ASSERT_TRUE(bool(sarif));
  EXPECT_EQ(sarif->getAsObject()->getString("version")->str(), "2.1.0");
}

TEST(Diagnostics, SarifCountsUtf16CodeUnits) {
  base::SourceManager sources;
  const std::string line = "/* \u00fc \U0001F600 */ x = y;";  // 2 and 4 bytes, 1 and 2 units
  Loc begin = sources.begin(*sources.addText("a b.c0", "\n" + line + "\n")) + 1;
  base::Diagnostics diagnostics(sources);
  const Loc at = begin + Loc(line.find('y'));
  diagnostics.error("x", {at, at + 1}, "no y");
  diagnostics.error(base::Error{"damaged", "bad-elf", "byte 7"}, "lib.a");
  auto sarif = llvm::json::parse(text(diagnostics, base::DiagnosticFormat::Sarif));
  ASSERT_TRUE(bool(sarif));
  const auto* run = sarif->getAsObject()->getArray("runs")->front().getAsObject();
  EXPECT_EQ(run->getString("columnKind")->str(), "utf16CodeUnits");
  EXPECT_EQ(run->getObject("tool")->getObject("driver")->getString("name")->str(), "tool");
  auto location = [&](size_t result) {
    return (*(*run->getArray("results"))[result].getAsObject()->getArray("locations"))[0].getAsObject();
  };
  const auto* physical = location(0)->getObject("physicalLocation");
  EXPECT_EQ(physical->getObject("artifactLocation")->getString("uri")->str(), "a%20b.c0");
  EXPECT_EQ(physical->getObject("region")->getInteger("startLine").getValueOr(0), 2);
  EXPECT_EQ(physical->getObject("region")->getInteger("startColumn").getValueOr(0), 16);
  EXPECT_EQ(physical->getObject("region")->getInteger("endColumn").getValueOr(0), 17);
  EXPECT_EQ((*location(1)->getArray("logicalLocations"))[0].getAsObject()->getString("fullyQualifiedName")->str(),
            "lib.a: byte 7");
}

TEST(Html, NothingOfATextIsMarkup) {
  EXPECT_EQ(base::html::escaped("<a b='c' d=\"e\">&amp;\x01\xff\n"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;?\xEF\xBF\xBD\n");
  EXPECT_EQ(base::html::element("p", "", "x"), "<p>x</p>");
  EXPECT_EQ(base::html::element("p", "a b", "x"), "<p class=\"a b\">x</p>");
  const std::string page = base::html::print({"<t>", "<main></main>", "{\"x\": \"</script><!--\"}", "run();"});
  EXPECT_NE(page.find("<title>&lt;t&gt;</title>"), std::string::npos);
  EXPECT_NE(page.find("{\"x\": \"\\u003c/script>\\u003c!--\"}"), std::string::npos);
  EXPECT_EQ(page.find("http"), page.find("http-equiv")) << "nothing comes from the network";
}

TEST(Bytes, NumbersComeBack) {
  std::mt19937_64 random(7);
  base::Writer writer;
  std::vector<uint64_t> numbers;
  for (int i = 0; i < 500; ++i) numbers.push_back(random() >> (random() % 64));
  for (uint64_t n : numbers) writer.unsignedNumber(n), writer.signedNumber(int64_t(n));
  writer.string("end");
  base::Reader reader(writer.bytes.data(), writer.bytes.size());
  for (uint64_t n : numbers) {
    ASSERT_EQ(reader.unsignedNumber(), n);
    ASSERT_EQ(reader.signedNumber(), int64_t(n));
  }
  EXPECT_EQ(reader.string(), "end");
  EXPECT_TRUE(reader.ok() && reader.atEnd());
}

TEST(Bytes, ReaderNeverLeavesItsBounds) {
  const uint8_t bytes[] = {0x83, 'a'};
  base::Reader string(bytes, 2);
  EXPECT_EQ(string.string(), "");
  EXPECT_FALSE(string.ok());
  EXPECT_EQ(string.failedAt(), 2u);
  base::Reader word(bytes, 2);
  EXPECT_EQ(word.u32(), 0u);
  EXPECT_FALSE(word.ok());
  const uint8_t endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1};
  base::Reader number(endless, sizeof endless);
  EXPECT_EQ(number.unsignedNumber(), 0u);
  EXPECT_FALSE(number.ok());
  const uint8_t many[] = {0xFF, 0xFF, 0x03, 0};
  base::Reader counted(many, sizeof many);
  EXPECT_EQ(counted.count(), 0u);
  EXPECT_FALSE(counted.ok());
}

TEST(Files, OutputAppearsWholeOrNotAtAll) {
  std::string path = testing::TempDir() + "c0-output";
  ASSERT_TRUE(bool(base::writeFile(path, "hello", 5)));
  EXPECT_EQ(base::readFile(path)->size(), 5u);
  EXPECT_FALSE(bool(base::writeFile("/nonexistent/dir/file", "x", 1)));
  EXPECT_FALSE(bool(base::readFile(path, 3)));
}

TEST(Files, OnlyFilesAreDiscarded) {
  std::string folder = testing::TempDir() + "c0-discard", path = folder + "/file", link = folder + "/null";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  ASSERT_TRUE(bool(base::writeFile(path, "hello", 5)));
  std::filesystem::create_symlink("/dev/null", link);
  for (const std::string& name : {path, link, folder, std::string("-")}) base::discardFile(name);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_TRUE(std::filesystem::is_directory(folder));
}

}  // namespace
