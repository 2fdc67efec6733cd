#include <random>

#include "test/unit/link/builder.h"

namespace linker {
namespace {

using object::Relocation;

TEST(Layout, SectionsFollowTheMemoryPlan) {
  ObjectBuilder a, b;
  a.section(".vector", object::kAlloc | object::kExecute, 16);
  a.text(8);
  a.data(5);
  b.text(12);
  b.section(".rodata", object::kAlloc, 3, 1);
  b.data(4);
  b.section(".bss", object::kAlloc | object::kWrite, 100, 8, true);
  a.define("f", 1, 4), b.define("g", 0, 8), b.define("v", 2, 0), b.define("z", 3, 0);
  Linking linking;
  linking.options.heapSize = 0x100, linking.options.stackSize = 0x2000;
  linking.add("a.o", a.bytes()), linking.add("b.o", b.bytes());
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  EXPECT_EQ(linking.image->entry, 0u);
  EXPECT_EQ(linking.image->section(".vector")->address, 0u);
  EXPECT_EQ(linking.address("f"), 0x8004u);
  EXPECT_EQ(linking.address("g"), 0x8010u);  // after a's 8 bytes
  EXPECT_EQ(linking.image->section(".rodata")->address, 0x9000u);
  EXPECT_EQ(linking.image->section(".data")->address, 0xA000u);
  EXPECT_EQ(linking.address("v"), 0xA008u);  // 5 bytes, aligned to 4
  EXPECT_EQ(linking.address("z"), 0xB000u);
  EXPECT_EQ(linking.address("__text_start"), 0x8000u);
  EXPECT_EQ(linking.address("__text_end"), 0x8014u);
  EXPECT_EQ(linking.address("__data_start"), 0xA000u);
  EXPECT_EQ(linking.address("__gp"), 0x12000u);
  EXPECT_EQ(linking.address("__bss_end"), 0xB064u);
  EXPECT_EQ(linking.address("__heap_start"), 0xC000u);
  EXPECT_EQ(linking.address("__heap_end"), 0xC100u);
  EXPECT_EQ(linking.address("__stack_limit"), 0xD000u);
  EXPECT_EQ(linking.address("__stack_top"), 0xF000u);
  std::optional<object::Note> note = object::readNote(*linking.image);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->textHash, object::hashText(linking.image->section(".text")->bytes));
}

TEST(Layout, SmallDataStaysInReachOfTheGlobalPointer) {
  ObjectBuilder a;
  a.data(0x20000);
  a.section(".sdata", object::kAlloc | object::kWrite, 8);
  a.section(".bss", object::kAlloc | object::kWrite, 0x20000, 4, true);
  a.section(".sbss", object::kAlloc | object::kWrite, 8, 4, true);
  a.define("big", 0, 0), a.define("small", 1, 0), a.define("zero", 3, 4);
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  uint32_t gp = linking.address("__gp");
  EXPECT_EQ(gp, linking.address("small") + 0x8000);
  EXPECT_LE(linking.address("zero"), gp + 0x7FFF);
  EXPECT_EQ(linking.image->section(".sdata"), nullptr);
  EXPECT_EQ(linking.image->section(".data")->length(), 0x20008u);
}

TEST(Layout, OwnSectionsByTheirFlags) {
  ObjectBuilder a;
  a.text(4);
  a.section(".hot", object::kAlloc | object::kExecute, 4);
  a.section(".table", object::kAlloc, 4);
  a.section(".state", object::kAlloc | object::kWrite, 4);
  a.section(".text.f", object::kAlloc | object::kExecute, 4);
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  EXPECT_EQ(linking.image->section(".text")->length(), 8u);
  EXPECT_EQ(linking.image->section(".hot")->address, 0x9000u);
  EXPECT_EQ(linking.image->section(".table")->address, 0xA000u);
  EXPECT_EQ(linking.image->section(".state")->address, 0xB000u);
}

TEST(Layout, TooLargeIsAnError) {
  ObjectBuilder a;
  a.section(".vector", object::kAlloc | object::kExecute, 0x8004);
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  EXPECT_FALSE(linking.image);
  EXPECT_EQ(linking.errors(), ": the section .vector takes 32772 bytes, but must end at 0x8000 [link-vector]\n");

  ObjectBuilder b;
  b.section(".bss", object::kAlloc | object::kWrite, 0xFFFF0000, 4, true);
  Linking second;
  second.add("b.o", b.bytes()), second.add("c.o", b.bytes());
  second.run();
  EXPECT_FALSE(second.image);
  EXPECT_NE(second.errors().find("link-memory"), std::string::npos);

  Linking third;
  third.options.heapSize = 64 << 20;
  third.run();
  EXPECT_EQ(third.errors(),
            ": the image needs 71335936 bytes (sections up to 32768, heap 67108864, stack 4194304), but the memory has "
            "67108864 [link-memory]\n");
}

TEST(Symbols, UndefinedOnesNameTheUse) {
  ObjectBuilder a;
  a.text(16);
  a.object().symbols.push_back(
      {.name = "main", .section = 0, .value = 4, .size = 12, .global = true, .kind = object::Symbol::Function});
  uint32_t missing = a.use("missing");
  a.relocate(0, 0, Relocation::Pc26, missing), a.relocate(0, 8, Relocation::Pc26, missing);
  Linking linking;
  linking.options.entry = "nowhere";
  linking.add("a.o", a.bytes());
  linking.run();
  EXPECT_FALSE(linking.image);
  EXPECT_EQ(linking.errors(),
            "a.o(.text+0x0): undefined symbol 'missing' [link-undefined]\n"
            "  a.o(.text+0x8): also used here in function 'main'\n"
            "--entry: undefined symbol 'nowhere' [link-undefined]\n");
}

TEST(Symbols, TheMapTellsFunctionAndStatement) {
  ObjectBuilder a;
  a.text(32);
  uint32_t function = a.define("work", 0, 8);
  a.relocate(0, 20, Relocation::Pc26, a.use("missing"));
  object::MapWriter writer("w.c0");
  object::MapFunction map;
  map.name = "work", map.size = 24;
  map.statements = {{{writer.file("w.c0"), 3, 5}, true, {0}}, {{0, 4, 7}, true, {8}}, {{0, 5, 9}, true, {16}}};
  writer.function(map);
  std::vector<object::MapRelocation> relocations;
  uint32_t section = a.section(".c0map", 0, 0, 1);
  a.object().sections[section].bytes = writer.finish(relocations);
  a.relocate(section, relocations[0].offset, Relocation::Word32, function);
  Linking linking;
  linking.add("w.o", a.bytes());
  linking.run();
  EXPECT_EQ(linking.errors(),
            "w.o(.text+0x14): undefined symbol 'missing' in function 'work' (w.c0:4:7) [link-undefined]\n");
}

TEST(Symbols, DuplicatesNameBothPlaces) {
  ObjectBuilder a, b;
  a.text(8), b.text(8);
  a.define("f", 0, 4), b.define("f", 0, 0), b.define("__gp", 0, 0);
  Linking linking;
  linking.add("a.o", a.bytes()), linking.add("b.o", b.bytes());
  linking.run();
  EXPECT_EQ(linking.errors(),
            "b.o(.text+0x0): duplicate symbol 'f' [link-duplicate]\n"
            "  a.o(.text+0x4): first defined here\n"
            "b.o(.text+0x0): the symbol '__gp' is the linker's [link-duplicate]\n");
}

TEST(Symbols, StrongWinsOverWeak) {
  ObjectBuilder weak, strong, user;
  weak.text(8), strong.text(8), user.data(8);
  weak.define("f", 0, 4, true), strong.define("f", 0, 0);
  user.relocate(0, 0, Relocation::Word32, user.use("f"));
  user.relocate(0, 4, Relocation::Word32, user.use("absent", true));
  user.object().sections[0].bytes[4] = 9;
  Linking linking;
  linking.add("weak.o", weak.bytes()), linking.add("user.o", user.bytes()), linking.add("strong.o", strong.bytes());
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  EXPECT_EQ(linking.word(linking.address("__data_start")), 0x8008u);
  EXPECT_EQ(linking.word(linking.address("__data_start") + 4), 0u);  // a weak use of nothing is 0
}

TEST(Symbols, LocalsOfDifferentFilesDoNotMeet) {
  ObjectBuilder a, b;
  a.data(4), b.data(4);
  a.relocate(0, 0, Relocation::Word32, a.local("here", 0, 0)),
      b.relocate(0, 0, Relocation::Word32, b.local("here", 0, 0));
  b.local(".L1", 0, 0);
  Linking linking;
  linking.add("a.o", a.bytes()), linking.add("b.o", b.bytes());
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  uint32_t data = linking.address("__data_start");
  EXPECT_EQ(linking.word(data), data);
  EXPECT_EQ(linking.word(data + 4), data + 4);
  EXPECT_EQ(linking.image->symbol(".L1"), nullptr);
  EXPECT_NE(linking.image->symbol("b.o"), nullptr);  // the file's own symbol
}

TEST(Archives, MembersComeInAsNeededAndOnce) {
  ObjectBuilder main, first, second, other;
  main.text(8), first.text(8), second.text(8), other.text(8);
  main.relocate(0, 0, Relocation::Pc26, main.use("one"));
  first.define("one", 0, 0), first.relocate(0, 0, Relocation::Pc26, first.use("two"));
  second.define("two", 0, 0), second.relocate(0, 0, Relocation::Pc26, second.use("one"));
  other.define("three", 0, 0), other.relocate(0, 0, Relocation::Pc26, other.use("never"));
  Linking linking;
  // The library comes first on the line, and `two` lies in an archive before its user's.
  linking.add("l.a", archive({{"other.o", other.bytes()}, {"second.o", second.bytes()}}));
  linking.add("main.o", main.bytes());
  linking.add("m.a", archive({{"first.o", first.bytes()}}));
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  EXPECT_EQ(linking.image->section(".text")->length(), 24u);
  EXPECT_EQ(linking.address("one"), 0x8008u);
  EXPECT_EQ(linking.address("two"), 0x8010u);
  EXPECT_EQ(linking.image->symbol("three"), nullptr);
  EXPECT_NE(linking.map.find("00008010 00000008   l.a(second.o)(.text)\n00008010              two\n"),
            std::string::npos)
      << linking.map;
}

TEST(Archives, RequiredSymbolsPullMembers) {
  ObjectBuilder start;
  start.text(8), start.define("start", 0, 4);
  Linking linking;
  linking.add("l.a", archive({{"start.o", start.bytes()}}));
  linking.options.entry = "start";
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  EXPECT_EQ(linking.image->entry, 0x8004u);
}

TEST(Merging, UnallocatedSectionsAreConcatenatedInUnitOrder) {
  ObjectBuilder a, b, c;
  for (auto [builder, letter] : {std::pair{&a, 'a'}, {&b, 'b'}, {&c, 'c'}}) {
    for (const char* name : {".c0map", ".c0core", ".debug"}) {
      uint32_t section = builder->section(name, 0, 3, 4);  // the alignment must not separate units
      builder->object().sections[section].bytes.assign(3, uint8_t(letter));
    }
    builder->text(4);
  }
  b.define("needed", 3, 0);
  a.relocate(3, 0, Relocation::Pc26, a.use("needed"));
  Linking linking;
  linking.add("l.a", archive({{"b.o", b.bytes()}}));
  linking.add("a.o", a.bytes()), linking.add("c.o", c.bytes());
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  const std::vector<uint8_t> expected = {'a', 'a', 'a', 'c', 'c', 'c', 'b', 'b', 'b'};
  for (const char* name : {".c0map", ".c0core", ".debug"}) {
    ASSERT_NE(linking.image->section(name), nullptr);
    EXPECT_EQ(linking.image->section(name)->bytes, expected) << name;
    EXPECT_EQ(linking.image->section(name)->address, 0u);
  }
}

TEST(Merging, MapsAreRelocated) {
  std::vector<std::vector<uint8_t>> objects;
  for (const char* name : {"one", "two"}) {
    ObjectBuilder a;
    a.text(8);
    uint32_t function = a.define(name, 0, 4);
    object::MapWriter writer(name);
    object::MapFunction map;
    map.name = name, map.size = 4;
    writer.function(map);
    std::vector<object::MapRelocation> relocations;
    uint32_t section = a.section(".c0map", 0, 0, 1);
    a.object().sections[section].bytes = writer.finish(relocations);
    a.relocate(section, relocations[0].offset, Relocation::Word32, function);
    objects.push_back(a.bytes());
  }
  Linking linking;
  linking.add("1.o", objects[0]), linking.add("2.o", objects[1]);
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  base::Result<std::vector<object::MapUnit>> units = object::readMap(linking.image->section(".c0map")->bytes);
  ASSERT_TRUE(units) << units.error().text;
  ASSERT_EQ(units->size(), 2u);
  EXPECT_EQ((*units)[0].functions[0].address, 0x8004u);
  EXPECT_EQ((*units)[1].functions[0].address, 0x800Cu);
}

TEST(BadInput, IsNamedWithItsFile) {
  ObjectBuilder good, image;
  good.text(4);
  image.object().executable = true;
  Linking linking;
  linking.add("rubbish", {1, 2, 3}), linking.add("empty.o", {}), linking.add("i.elf", image.bytes());
  std::vector<uint8_t> damaged = good.bytes();
  damaged[18] = 0;
  linking.add("l.a", archive({{"m.o", damaged}}));
  linking.add("t.a", {'!', '<', 'a', 'r', 'c', 'h', '>', '\n', 'x'});
  linking.run();
  EXPECT_EQ(linking.errors(),
            "rubbish: not an ELF file [bad-elf]\n"
            "empty.o: the file is empty [bad-elf]\n"
            "i.elf: the file is an image, linked already [link-input]\n"
            "l.a(m.o): header: the file is for another machine (e_machine 49152) [bad-elf]\n"
            "t.a: byte 8: the archive ends within a member's header [bad-archive]\n");
}

TEST(BadInput, MutatedObjectsAreErrorsOrLink) {
  ObjectBuilder a;
  a.section(".vector", object::kAlloc | object::kExecute, 8);
  a.text(16), a.data(12);
  a.section(".bss", object::kAlloc | object::kWrite, 64, 8, true);
  a.section(".c0map", 0, 8, 1);
  a.define("f", 1, 4), a.local("l", 2, 4), a.define("w", 1, 8, true);
  a.relocate(1, 0, Relocation::Pc26, a.use("g")), a.relocate(1, 4, Relocation::Pc16, 1);
  a.relocate(2, 4, Relocation::Word32, 1), a.relocate(4, 2, Relocation::Word32, 0);
  ObjectBuilder b;
  b.text(8), b.define("g", 0, 0), b.relocate(0, 0, Relocation::Hi16, b.use("f"));
  const std::vector<uint8_t> good = a.bytes(), other = b.bytes();
  std::mt19937 random(23);
  size_t linked = 0, failed = 0;
  for (int round = 0; round < 20000; round++) {
    Linking linking;
    std::vector<uint8_t> bytes = good;
    for (unsigned n = 1 + random() % 3; n; n--) {
      const uint8_t values[] = {0, 1, 4, 8, 0x7F, 0x80, 0xFF, uint8_t(random())};
      bytes[random() % bytes.size()] = values[random() % 8];
    }
    linking.add("a.o", std::move(bytes));
    linking.add("l.a", archive({{"b.o", other}}));
    linking.run();
    (linking.image ? linked : failed)++;
    ASSERT_EQ(linking.image.has_value(), linking.errors().empty());
  }
  EXPECT_GT(linked, 1000u);
  EXPECT_GT(failed, 1000u);
}

TEST(BadInput, NeitherContentsNorMemory) {
  ObjectBuilder a;
  a.section(".nothing", 0, 0xFFFFFFFF, 1, true);
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  EXPECT_EQ(linking.errors(), "a.o: a section has neither contents nor memory [link-input]\n");
}

TEST(BadInput, ManyErrorsAreCountedQuickly) {
  ObjectBuilder a;
  a.text(400000);
  object::MapWriter writer("u");
  object::MapFunction map;
  map.name = "f", map.size = 400000;
  for (uint32_t i = 0; i < 100000; i++) map.statements.push_back({{0, 0, 0}, true, {i * 4}});
  writer.function(map);
  std::vector<object::MapRelocation> relocations;
  uint32_t section = a.section(".c0map", 0, 0, 1);
  a.object().sections[section].bytes = writer.finish(relocations);
  a.relocate(section, relocations[0].offset, Relocation::Word32, a.define("f", 0, 0));
  for (uint32_t i = 0; i < 100000; i++)
    a.relocate(0, i * 4, Relocation::Pc26, a.use(std::string("missing").append(std::to_string(i))));
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  EXPECT_EQ(linking.diagnostics.errorCount(), 100000u);
  EXPECT_EQ(linking.diagnostics.all().size(), 20u);
}

TEST(BadInput, ManyObjectsLinkInLinearTime) {
  // 200 objects with 1000 functions, each calling one of the next object.
  auto name = [](uint32_t file, uint32_t i) { return std::string("f").append(std::to_string(file * 1000 + i)); };
  Linking linking;
  for (uint32_t file = 0; file < 200; file++) {
    ObjectBuilder a;
    a.text(4000);
    for (uint32_t i = 0; i < 1000; i++) {
      a.define(name(file, i), 0, i * 4);
      a.relocate(0, i * 4, Relocation::Pc26, a.use(name((file + 1) % 200, i)));
    }
    linking.add(std::to_string(file) + ".o", a.bytes());
  }
  linking.run();
  ASSERT_TRUE(linking.image) << linking.errors();
  EXPECT_EQ(linking.word(0x8000), 4000u - 4);
  EXPECT_EQ(linking.address("f199999"), 0x8000u + 200 * 4000 - 4);
}

}  // namespace
}  // namespace linker
