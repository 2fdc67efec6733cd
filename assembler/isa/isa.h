// The instruction set of VAMP, derived from instructions.def and registers.def (shared/spec/vamp.md).
// Standard library only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace isa {

enum class Op : uint8_t {
#define INSTRUCTION(mnemonic, name, format, opcode, function, fmt, operands) name,
#include "assembler/isa/instructions.def"
  Illegal
};
constexpr unsigned kOpCount = unsigned(Op::Illegal);

enum class Format : uint8_t { I, R, J, F };

struct Row {
  std::string_view mnemonic;
  Op op;
  Format format;
  uint8_t opcode;    // bits 31..26
  uint8_t function;  // bits 5..0 of R and F
  uint8_t fmt;       // bits 8..6 of F
  std::string_view operands;  // the template, see instructions.def
};

// The row of an instruction (not of Op::Illegal).
const Row& row(Op op);
std::optional<Op> findMnemonic(std::string_view mnemonic);

// A decoded instruction: the fields of its format, the others 0. For F, rd rs1 rs2 are FD FS1 FS2.
struct Instruction {
  Op op = Op::Illegal;
  uint8_t rd = 0;
  uint8_t rs1 = 0;
  uint8_t rs2 = 0;
  uint8_t sa = 0;
  int32_t imm = 0;  // sign-extended imm16 or imm26

  bool operator==(const Instruction&) const = default;
};

// Total: every word is an instruction or Op::Illegal. Fields that the format does not use are ignored.
Instruction decode(uint32_t word);
// Fields are truncated to their width; unused ones are 0. Op::Illegal gives 0xFFFFFFFF.
uint32_t encode(const Instruction& instruction);

// "lw r2,4(r1)"; branch and jump targets as signed byte offsets ("beqz r4,-8"); illegal words as ".word 0x...".
std::string print(uint32_t word);

// Branches and jumps (delayed: they change PC, not DPC): beqz bnez fbeqz fbnez j jal jr jalr.
bool isControl(Op op);
bool isLoad(Op op);
bool isStore(Op op);
// Bytes that a load or store moves; 0 for others.
unsigned accessSize(Op op);

// Restriction (i) of asm blocks of C0A (shared/spec/decisions.md, 15): no half words, calls, register jumps, traps or
// floating point, but for load.s and store.s, which move words. rfe: as the last instruction.
bool allowedInAsm(Op op);

// Special registers by number.
enum Spr : uint8_t {
#define SPR(name, number, user) name = number,
#include "assembler/isa/registers.def"
};
constexpr unsigned kSprCount = 17;
std::string_view sprName(unsigned number);  // "SR"; "s12" for an unused number
std::optional<uint8_t> findSpr(std::string_view name);  // names, and "s0".."s31"
bool userSpr(unsigned number);
bool sprExists(unsigned number);  // the others read 0, writes to them are lost

// General registers of the ABI (shared/spec/vamp.md).
constexpr uint8_t kZero = 0, kScratch = 1, kArgument = 11, kArgumentCount = 8, kStructResult = 19, kResult = 20,
                  kGlobals = 28, kFrame = 29, kHeap = 30, kLink = 31;

constexpr uint32_t kNop = 0x34210000;  // ori r1,r1,0

}  // namespace isa
