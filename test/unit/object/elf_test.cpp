#include "assembler/object/elf.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "test/unit/object/samples.h"

namespace object {
namespace {

// What a reader gets back, in a form that compares; symbols by name, since ELF puts local ones first.
std::string describe(const Object& object) {
  std::string text = object.executable ? "image " : "object ";
  text += std::to_string(object.entry) + "\n";
  std::vector<std::string> symbols;
  for (const Symbol& s : object.symbols)
    symbols.push_back(s.name + " " + std::to_string(s.section) + " " + std::to_string(s.value) + " " +
                      std::to_string(s.size) + " " + std::to_string(s.global) + std::to_string(s.weak) +
                      std::to_string(s.kind) + "\n");
  for (const Section& s : object.sections) {
    text += s.name + " " + std::to_string(s.type) + " " + std::to_string(s.flags) + " " + std::to_string(s.align) +
            " " + std::to_string(s.address) + " " + std::to_string(s.length()) + "\n";
    for (uint8_t byte : s.bytes) text += std::to_string(byte) + ",";
    for (const RelocationEntry& r : s.relocations)
      text += " @" + std::to_string(r.offset) + " " + std::string(relocationName(r.type)) + " " + symbols[r.symbol] +
              "+" + std::to_string(r.addend);
  }
  std::sort(symbols.begin(), symbols.end());
  for (const std::string& symbol : symbols) text += symbol;
  return text;
}

TEST(Elf, ObjectAndImageRoundTrip) {
  for (const Object& object : {sampleObject(), sampleImage(), Object{}}) {
    std::vector<uint8_t> bytes = writeElf(object);
    base::Result<Object> read = readElf(bytes);
    ASSERT_TRUE(read) << read.error().place << ": " << read.error().text;
    EXPECT_EQ(describe(object), describe(*read));
  }
}

TEST(Elf, HeaderBytesFollowTheStandard) {
  std::vector<uint8_t> bytes = writeElf(sampleImage());
  const uint8_t expected[] = {0x7F, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xA0, 0xC0, 1, 0, 0, 0};
  ASSERT_GT(bytes.size(), sizeof expected);
  EXPECT_TRUE(std::equal(expected, expected + sizeof expected, bytes.begin()));
  EXPECT_EQ(base::load<uint32_t>(&bytes[24]), 0x8000u);  // e_entry
  EXPECT_EQ(base::load<uint16_t>(&bytes[44]), 3);        // e_phnum: .vector, .text, .bss
}

TEST(Elf, SegmentsAreTheAllocatedSectionsAscending) {
  Object image = sampleImage();
  std::swap(image.sections[0], image.sections[2]);
  std::vector<Segment> list = segments(image);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].address, 0u);
  EXPECT_EQ(list[1].address, 0x8000u);
  EXPECT_EQ(list[2].address, 0x9000u);
  EXPECT_EQ(list[2].memorySize, 100u);
  EXPECT_TRUE(list[2].bytes.empty());
}

TEST(Elf, LookupsFindDefinedOnes) {
  Object object = sampleObject();
  ASSERT_NE(object.symbol("soft"), nullptr);
  EXPECT_EQ(object.symbol("soft")->value, 8u);
  EXPECT_EQ(object.symbol("outside"), nullptr);
  EXPECT_EQ(object.section(".data")->bytes.size(), 12u);
  EXPECT_EQ(object.section(".dat"), nullptr);
}

TEST(Elf, NoteKeepsVersionAndHash) {
  Object image = sampleImage();
  std::optional<Note> note = readNote(image);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->isaVersion, 1u);
  // FNV-1a of 05 06 07 08, computed by hand with the published offset basis and prime.
  uint64_t hash = 0xCBF29CE484222325;
  for (unsigned byte : {5, 6, 7, 8}) hash = (hash ^ byte) * 1099511628211u;
  EXPECT_EQ(note->textHash, hash);
  EXPECT_EQ(hashText(std::vector<uint8_t>{'a'}), 0xAF63DC4C8601EC8Cu);  // published test vector
  image.sections.back().bytes[12] = 'W';
  EXPECT_FALSE(readNote(image));
}

// Patches a byte range and expects the reader to name the fault.
struct Damage {
  const char* what;
  size_t offset;
  uint32_t value;
  unsigned width;
  const char* expected;
};

TEST(Elf, DamagedHeadersAreNamed) {
  const std::vector<uint8_t> good = writeElf(sampleObject());
  const uint32_t table = base::load<uint32_t>(&good[32]);
  const Damage cases[] = {
      {"magic", 0, 0, 1, "not an ELF file"},
      {"class", 4, 2, 1, "not a 32-bit ELF file"},
      {"order", 5, 2, 1, "not a little-endian ELF file"},
      {"type", 16, 3, 2, "neither an object nor an image (e_type 3)"},
      {"machine", 18, 8, 2, "the file is for another machine (e_machine 8)"},
      {"section table", 32, 0xFFFFFFF0, 4, "the section headers lie outside the file"},
      {"section count", 48, 0, 2, "no section headers"},
      {"names", 50, 1, 2, "the section names are not in a string table"},
      {"program headers", 44, 1, 2, "an object with program headers"},
      {"first section", table + 4, 1, 4, "the first section is not the null section"},
      {"section name", table + 40, 0xFFFF, 4, "the name lies outside its string table"},
      {"section offset", table + 40 + 16, 0xFFFFFFFF, 4, "the section lies outside the file"},
      {"section size", table + 40 + 20, 0x7FFFFFFF, 4, "the section lies outside the file"},
      {"alignment", table + 40 + 32, 3, 4, "the alignment is no power of two"},
      {"overlap", table + 40 + 20, uint32_t(good.size() - 60), 4, "sections overlap in the file"},
  };
  for (const Damage& damage : cases) {
    std::vector<uint8_t> bytes = good;
    std::memcpy(&bytes[damage.offset], &damage.value, damage.width);
    base::Result<Object> read = readElf(bytes);
    ASSERT_FALSE(read) << damage.what;
    EXPECT_EQ(read.error().text, damage.expected) << damage.what;
    EXPECT_EQ(read.error().id, "bad-elf");
  }
}

// The same for what the object's own contents can do wrong; the writer writes it as it is told.
TEST(Elf, WrongReferencesAreNamed) {
  auto expectError = [](void (*change)(Object&), const char* place, const char* text) {
    Object object = sampleObject();
    change(object);
    base::Result<Object> read = readElf(writeElf(object));
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().text, text);
    EXPECT_EQ(read.error().place, place);
  };
  expectError([](Object& o) { o.sections[1].relocations[0].offset = 9; }, "section 6 (.rela.data), relocation 0",
              "the relocation lies outside its section");
  expectError([](Object& o) { o.sections[0].relocations[1].type = Relocation(9); },
              "section 5 (.rela.text), relocation 1", "unknown kind of relocation");
  expectError([](Object& o) { o.symbols[1].section = 99; }, "symbol 1 (local)", "the symbol's section does not exist");
  expectError([](Object& o) { o.symbols[1].value = 13; }, "symbol 1 (local)", "the symbol lies outside its section");
  expectError([](Object& o) { o.symbols[0].size = 17; }, "symbol 3 (main)", "the symbol reaches beyond its section");
}

TEST(Elf, ImagesWithOverlappingOrForeignSegmentsAreRejected) {
  Object image = sampleImage();
  image.sections[2].address = 0x8002;
  base::Result<Object> read = readElf(writeElf(image));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text, "segments overlap");

  std::vector<uint8_t> bytes = writeElf(sampleImage());
  bytes[52 + 12] = 4;  // physical address of the first segment
  read = readElf(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text, "the segments are not the allocated sections");
}

TEST(Elf, EveryTruncationIsAnError) {
  for (const Object& object : {sampleObject(), sampleImage()}) {
    std::vector<uint8_t> bytes = writeElf(object);
    for (size_t size = 0; size < bytes.size(); size++) {
      base::Result<Object> read = readElf(std::span(bytes).first(size));
      ASSERT_FALSE(read) << size;
      ASSERT_EQ(read.error().id, "bad-elf");
    }
  }
}

// Whatever the reader accepts of a damaged file must be consistent enough to be written and read again.
TEST(Elf, MutatedFilesAreRejectedOrConsistent) {
  std::mt19937 random(7);
  size_t accepted = 0, rejected = 0;
  for (const Object& object : {sampleObject(), sampleImage()}) {
    const std::vector<uint8_t> good = writeElf(object);
    for (int round = 0; round < 20000; round++) {
      std::vector<uint8_t> bytes = good;
      for (unsigned n = 1 + random() % 4; n; n--) {
        size_t at = random() % bytes.size();
        const uint8_t values[] = {
            0, 1, 0x7F, 0x80, 0xFF, uint8_t(random()), uint8_t(bytes[at] + 1), uint8_t(bytes[at] - 1)};
        bytes[at] = values[random() % 8];
      }
      if (random() % 4 == 0) bytes.resize(random() % bytes.size());
      base::Result<Object> read = readElf(bytes);
      if (!read) {
        rejected++;
        ASSERT_EQ(read.error().id, "bad-elf");
        ASSERT_FALSE(read.error().text.empty());
        continue;
      }
      accepted++;
      segments(*read), readNote(*read);
      ASSERT_TRUE(readElf(writeElf(*read)));
    }
  }
  EXPECT_GT(accepted, 1000u);
  EXPECT_GT(rejected, 1000u);
}

TEST(Elf, ManySymbolsAndSectionsAreLinear) {
  Object object;
  object.sections.push_back(
      {.name = ".text", .flags = kAlloc | kExecute, .align = 4, .bytes = std::vector<uint8_t>(4000000)});
  for (uint32_t i = 0; i < 300000; i++) {
    object.symbols.push_back(
        {.name = "function_number_" + std::to_string(i), .section = 0, .value = i * 4, .global = i % 2 == 0});
    object.sections[0].relocations.push_back({i * 4, Relocation::Pc26, i, 0});
  }
  for (uint32_t i = 1; i < kMaxSections; i++)
    object.sections.push_back({.name = ".s" + std::to_string(i),
                               .bytes = std::vector<uint8_t>(4),
                               .relocations = {{0, Relocation::Word32, i, 0}}});
  base::Result<Object> read = readElf(writeElf(object));
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->symbols.size(), object.symbols.size());
  ASSERT_EQ(read->sections.size(), object.sections.size());
  EXPECT_EQ(read->symbols[read->sections.back().relocations[0].symbol].name,
            "function_number_" + std::to_string(kMaxSections - 1));
}

// The stock tools read our files without a complaint.
class StockTools : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("object_test" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    save("a.o", writeElf(sampleObject()));
    save("a.elf", writeElf(sampleImage()));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void save(const std::string& name, const std::vector<uint8_t>& bytes) {
    std::ofstream(folder_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), long(bytes.size()));
  }
  // Output of a command run in the folder; it must succeed and be silent on standard error.
  std::string run(const std::string& command) {
    std::string whole = "cd " + folder_.string() + " && " + command + " 2>errors && test ! -s errors";
    FILE* pipe = ::popen(whole.c_str(), "r");
    std::string output;
    char buffer[4096];
    while (size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
    EXPECT_EQ(::pclose(pipe), 0) << command << "\n" << output;
    return output;
  }
  static void expectHas(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is missing in\n" << text;
  }

  std::filesystem::path folder_;
};

TEST_F(StockTools, ReadelfNmSizeStringsReadOurFiles) {
  std::string all = run("readelf -aW a.o");
  expectHas(all, "REL (Relocatable file)");
  expectHas(all, ".rela.text        RELA");
  expectHas(all, "6: 00000008     0 FUNC    WEAK   DEFAULT    1 soft");
  all = run("readelf -aW a.elf");
  expectHas(all, "LOAD");
  expectHas(all, "0x00008000 0x00008000 0x00004 0x00004 R E 0x1000");
  expectHas(all, "VAMP");
  std::string names = run("nm a.o");
  expectHas(names, "00000000 T main");
  expectHas(names, "         U outside");
  expectHas(names, "0000004d A limit");
  expectHas(names, "00000008 W soft");
  expectHas(names, "00000004 d local");
  expectHas(run("size a.o"), "16\t     12\t   4096\t   4124\t   101c\ta.o");
  run("strings -a a.o");
}

TEST_F(StockTools, ArAndRanlibMakeArchivesThatWeRead) {
  run("cp a.o a_member_with_a_long_name.o && ar rcs lib.a a.o a_member_with_a_long_name.o && ranlib lib.a");
  expectHas(run("nm -s lib.a"), "main in a.o");
  std::ifstream file(folder_ / "lib.a", std::ios::binary);
  std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
  ASSERT_TRUE(isArchive(bytes));
  base::Result<std::vector<Member>> members = readArchive(bytes);
  ASSERT_TRUE(members) << members.error().text;
  ASSERT_EQ(members->size(), 2u);
  EXPECT_EQ((*members)[0].name, "a.o");
  EXPECT_EQ((*members)[1].name, "a_member_with_a_long_name.o");
  base::Result<Object> object = readElf((*members)[1].bytes);
  ASSERT_TRUE(object);
  EXPECT_NE(object->symbol("main"), nullptr);
}

}  // namespace
}  // namespace object
