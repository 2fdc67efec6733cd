#include <gtest/gtest.h>

#include <random>

#include "assembler/object/elf.h"

namespace object {
namespace {

std::string member(std::string name, const std::string& contents) {
  name.resize(16, ' ');
  std::string size = std::to_string(contents.size());
  size.resize(10, ' ');
  return name + "0           0     0     644     " + size + "`\n" + contents + (contents.size() % 2 ? "\n" : "");
}

// Owns the text, since members point into it.
struct Parsed {
  std::vector<uint8_t> bytes;
  base::Result<std::vector<Member>> members;
  explicit Parsed(const std::string& text) : bytes(text.begin(), text.end()), members(readArchive(bytes)) {}
};

const std::string kGood = "!<arch>\n" + member("/", "index") +
                          member("//", "a_name_longer_than_fifteen.o/\nanother_one.o/\n") + member("a.o/", "abc") +
                          member("/30", "") + member("/0", "xyzw");

TEST(Archive, NamesShortAndLong) {
  Parsed parsed(kGood);
  ASSERT_TRUE(parsed.members) << parsed.members.error().text;
  const std::vector<Member>& members = *parsed.members;
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].name, "a.o");
  EXPECT_EQ(std::string(members[0].bytes.begin(), members[0].bytes.end()), "abc");
  EXPECT_EQ(members[1].name, "another_one.o");
  EXPECT_EQ(members[1].bytes.size(), 0u);
  EXPECT_EQ(members[2].name, "a_name_longer_than_fifteen.o");
}

TEST(Archive, EmptyOneHasNoMembers) {
  Parsed parsed("!<arch>\n");
  ASSERT_TRUE(parsed.members);
  EXPECT_TRUE(parsed.members->empty());
}

TEST(Archive, DamageIsNamed) {
  auto expectError = [](const std::string& text, const char* place, const char* wanted) {
    Parsed parsed(text);
    ASSERT_FALSE(parsed.members) << wanted;
    EXPECT_EQ(parsed.members.error().id, "bad-archive");
    EXPECT_EQ(parsed.members.error().text, wanted);
    EXPECT_EQ(parsed.members.error().place, place);
  };
  expectError("", "byte 0", "not an archive");
  expectError("!<thin>\n", "byte 0", "not an archive");
  expectError("!<arch>\nabc", "byte 8", "the archive ends within a member's header");
  std::string bad = kGood;
  bad[8 + 58] = 'x';
  expectError(bad, "byte 8", "damaged member header");
  bad = kGood;
  bad[8 + 48] = '-';
  expectError(bad, "byte 8", "damaged member size");
  expectError("!<arch>\n" + member("/99", "x"), "byte 8", "damaged member name");
  expectError("!<arch>\n" + member("#1/4", "name"), "byte 8", "damaged member name");
  expectError(kGood.substr(0, kGood.size() - 1), "byte 304", "the member reaches beyond the archive");
}

TEST(Archive, MutationsStayInside) {
  std::mt19937 random(11);
  size_t accepted = 0;
  for (int round = 0; round < 20000; round++) {
    std::string text = kGood;
    for (unsigned n = 1 + random() % 3; n; n--) text[random() % text.size()] = char(random());
    if (random() % 3 == 0) text.resize(random() % text.size());
    Parsed parsed(text);
    if (!parsed.members) {
      ASSERT_EQ(parsed.members.error().id, "bad-archive");
      continue;
    }
    accepted++;
    for (const Member& one : *parsed.members) {
      ASSERT_LE(one.bytes.size(), text.size());
      ASSERT_FALSE(one.name.empty());
    }
  }
  EXPECT_GT(accepted, 1000u);
}

}  // namespace
}  // namespace object
