#include "test/unit/asm/assembling.h"

namespace assembler {
namespace {

// A C0 program with a local x at 12(r29), a global g in reach of r28, constants.
class Names : public BlockNames {
 public:
  std::optional<Place> variable(std::string_view text, base::Range where) override {
    asked = where;
    if (text == "x") return Place{29, {12, ""}, object::Relocation::None};
    if (text == "g") return Place{28, {4, "g"}, object::Relocation::Gprel16};
    return std::nullopt;
  }
  std::optional<Meaning> function(std::string_view name, std::string_view argument, base::Range) override {
    if (name == "addr") return Meaning{0, std::string(argument)};
    if (name == "size" && argument == "struct S") return Meaning{20, ""};
    if (name == "offset" && argument == "S, f[(2)]") return Meaning{8, ""};
    return std::nullopt;
  }
  base::Range asked;
};

struct Block {
  base::SourceManager sources;
  base::Diagnostics diagnostics{sources};
  Names names;
  std::optional<std::vector<BlockInstruction>> result;
  base::Loc begin = 0;

  explicit Block(const std::string& text) {
    std::string program = "int main() { asm {" + text + "} }";
    begin = sources.begin(*sources.addText("p.c0a", program)) + 18;
    result = assembleBlock({begin, base::Loc(begin + text.size())}, names, diagnostics);
  }
  std::string print() const {
    std::string text;
    if (!result) return diagnostics.all().empty() ? "failed\n" : diagnostics.all()[0].text + "\n";
    for (const BlockInstruction& one : *result) {
      text += isa::print(isa::encode(one.instruction));
      if (one.relocation != object::Relocation::None)
        text += " " + std::string(object::relocationName(one.relocation)) + " " + one.symbol + "+" +
                std::to_string(one.addend);
      text += "\n";
    }
    return text;
  }
};

TEST(Block, VariablesAndFunctions) {
  Block block(R"(
    lw r2,[x]
    sw r2,[g]
    la r3,%addr(g)
    lw r4,%offset(S, f[(2)])(r3)
    addi r4,r4,%size(struct S)*2
  )");
  EXPECT_EQ(block.print(),
            "lw r2,12(r29)\nsw r2,0(r28) GPREL16 g+4\nlhgi r3,0 HI16 g+0\naddi r3,r3,0 LO16 g+0\nlw r4,8(r3)\naddi "
            "r4,r4,40\n");
}

TEST(Block, BranchesInsideAndPlaces) {
  Block block("1: addi r2,r2,-1\nbnez r2,1b\nnop\nj end\nnop\nend: nop");
  EXPECT_EQ(block.print(), "addi r2,r2,-1\nbnez r2,-8\nori r1,r1,0\nj 4\nori r1,r1,0\nori r1,r1,0\n");
  EXPECT_EQ((*block.result)[1].where.begin, block.begin + 17);
}

TEST(Block, ErrorsPointIntoTheProgram) {
  Block directive("\n.word 5\n");
  EXPECT_EQ(directive.print(), "an asm block has instructions only, no directives\n");
  EXPECT_EQ(directive.sources.place(directive.diagnostics.all()[0].where.begin).line, 2u);
  Block unclosed("lw r2,[x\n");
  EXPECT_EQ(unclosed.print(), "there is no ']' to close this\n");
  Block empty("");
  EXPECT_EQ(empty.print(), "");
}

TEST(Block, WhatTheNamesDoNotKnowEndsIt) {
  struct Failing : BlockNames {
    base::Diagnostics* diagnostics;
    std::optional<Place> variable(std::string_view, base::Range where) override {
      diagnostics->error("c0-undeclared", where, "no such variable");
      return std::nullopt;
    }
    std::optional<Meaning> function(std::string_view, std::string_view, base::Range) override { return std::nullopt; }
  } names;
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  names.diagnostics = &diagnostics;
  uint32_t file = *sources.addText("p.c0a", "lw r2,[y]\n");
  EXPECT_FALSE(assembleBlock({sources.begin(file), sources.begin(file) + 10}, names, diagnostics));
  ASSERT_GE(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all()[0].text, "no such variable");
  EXPECT_EQ(sources.place(diagnostics.all()[0].where.begin).column, 7u);
}

// The address behind the block; elsewhere %next is a remainder.
TEST(Block, Next) {
  EXPECT_EQ(Block("la r2,%next\naddi r3,r2,10%4\n").print(),
            "lhgi r2,0 HI16 %next+0\naddi r2,r2,0 LO16 %next+0\naddi r3,r2,2\n");
  EXPECT_EQ(Block("lhgi r2,%hi(%next + 4)\n").print(), "lhgi r2,0 HI16 %next+4\n");
  EXPECT_EQ(Assembling(".equ next,4\naddi r3,r2,10%next\n").words(), Assembling("addi r3,r2,2\n").words());
}

}  // namespace
}  // namespace assembler
