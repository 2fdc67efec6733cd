#include "vm/gdb/registers.h"

#include <vector>

namespace gdb {
namespace {

enum class Kind : uint8_t { General, Dpc, Zero, Floating, Special, Next };

struct Register {
  std::string name;
  Kind kind;
  unsigned index = 0;
  const char* attributes = "";  // of the description
};

constexpr const char* kHidden = " group=\"unused\"";

// PowerPC's core, in gdb's order; lr has the number by which frames name EDPC (assembler/dwarf/frames.h).
void addCore(std::vector<Register>& list) {
  for (unsigned i = 0; i < 32; i++) list.push_back({"r" + std::to_string(i), Kind::General, i});
  list.push_back({"pc", Kind::Dpc, 0, " type=\"code_ptr\""});
  list.push_back({"msr", Kind::Zero, 0, kHidden});
  list.push_back({"cr", Kind::Zero, 0, kHidden});
  list.push_back({"lr", Kind::Special, isa::EDPC, " type=\"code_ptr\" group=\"unused\""});
  list.push_back({"ctr", Kind::Zero, 0, kHidden});
  list.push_back({"xer", Kind::Zero, 0, kHidden});
}

struct List {
  std::vector<Register> registers;
  size_t core;  // so many are PowerPC's
};

const List& list() {
  static const List made = [] {
    List result;
    addCore(result.registers);
    result.core = result.registers.size();
    result.registers.push_back({"npc", Kind::Next, 0, " type=\"code_ptr\" group=\"general\""});
    for (unsigned i = 0; i < isa::kSprCount; i++)
      if (isa::sprExists(i)) result.registers.push_back({std::string(isa::sprName(i)), Kind::Special, i, " group=\"system\""});
    for (unsigned i = 0; i < 32; i++) result.registers.push_back({"f" + std::to_string(i), Kind::Floating, i, " type=\"ieee_single\" group=\"float\""});
    return result;
  }();
  return made;
}

}  // namespace

unsigned registerCount() { return unsigned(list().registers.size()); }

uint32_t readRegister(const machine::State& state, unsigned number) {
  const Register& reg = list().registers[number];
  switch (reg.kind) {
    case Kind::General: return state.gpr[reg.index];
    case Kind::Dpc: return state.dpc;
    case Kind::Zero: return 0;
    case Kind::Floating: return state.fpr[reg.index];
    case Kind::Special: return state.spr[reg.index];
    case Kind::Next: return state.pc;
  }
  return 0;
}

void writeRegister(machine::State& state, unsigned number, uint32_t value) {
  const Register& reg = list().registers[number];
  switch (reg.kind) {
    case Kind::General: state.gpr[reg.index] = reg.index ? value : 0; return;
    case Kind::Dpc: state.dpc = value, state.pc = value + 4; return;
    case Kind::Zero: return;
    case Kind::Floating: state.fpr[reg.index] = value; return;
    case Kind::Special: state.spr[reg.index] = value; return;
    case Kind::Next: state.pc = value; return;
  }
}

const std::string& targetDescription() {
  static const std::string text = [] {
    std::string xml = "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n"
                      "<architecture>powerpc:common</architecture>\n<feature name=\"org.gnu.gdb.power.core\">\n";
    for (size_t i = 0; i < list().registers.size(); i++) {
      const Register& reg = list().registers[i];
      if (i == list().core) xml += "</feature>\n<feature name=\"vamp\">\n";
      xml += "<reg name=\"" + reg.name + "\" bitsize=\"32\" regnum=\"" + std::to_string(i) + "\"" + reg.attributes + "/>\n";
    }
    return xml + "</feature>\n</target>\n";
  }();
  return text;
}

}  // namespace gdb
