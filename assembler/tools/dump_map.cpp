#include "assembler/object/map.h"
#include "assembler/tools/dump.h"

// unit main.c0
//   global counter at 0000a000
//   function main at 00008000: 64 bytes, frame 24, return address at 20(r29)
//     variables: 0(r29) 4(r29)
//     statement 0  main.c0:3:5  +0
//     call: statement 2 returns to +20
//     check +32 null-dereference main.c0:4:7
//     asm: statement 3 +40..+48

namespace dump {
namespace {

std::string place(const object::MapUnit& unit, const object::MapPosition& at) {
  std::string text = at.file < unit.files.size() ? unit.files[at.file] : "?";
  append(text, ":%u:%u", at.line, at.column);
  return text;
}

std::string address(uint32_t value) {
  std::string text;
  if (value == object::kElsewhere) return "(another section)";
  append(text, "%08x", value);
  return text;
}

void function(const object::MapUnit& unit, const object::MapFunction& f, std::string& out) {
  out += "  function " + f.name + " at " + address(f.address);
  append(out, ": %u bytes, frame %u, return address at %u(r29)\n", f.size, f.frameSize, f.returnAddressOffset);
  if (!f.variables.empty()) out += "    variables:";
  for (const object::MapVariable& variable : f.variables) append(out, " %u(r29)", variable.offset);
  if (!f.variables.empty()) out += "\n";
  for (size_t i = 0; i < f.statements.size(); i++) {
    const object::MapStatement& statement = f.statements[i];
    append(out, "    statement %zu  ", i);
    out += place(unit, statement.position) + (statement.emits ? " " : "  no code ");
    for (uint32_t entry : statement.entries) append(out, " +%x", entry);
    out += "\n";
  }
  for (const object::MapCall& call : f.calls)
    append(out, "    call: statement %u returns to +%x\n", call.statement, call.returnPoint);
  for (const object::MapCheck& check : f.checks) {
    append(out, "    check +%x ", check.returnAddress);
    out += std::string(object::faultName(check.fault)) + " " + place(unit, check.position) + "\n";
  }
  for (const object::MapAsm& block : f.asms)
    append(out, "    asm: statement %u +%x..+%x\n", block.statement, block.begin, block.end);
}

}  // namespace

base::Status map(const object::Object& object, std::string& out) {
  if (!object.section(".c0map")) {
    out += "no consistency map\n\n";
    return base::Ok{};
  }
  uint32_t code = 0;
  for (uint32_t i = 0; i < object.sections.size(); i++)
    if (object.sections[i].name == ".text") code = i;
  out += object.executable ? "consistency map\n" : "consistency map, addresses in .text\n";
  base::Result<std::vector<object::MapUnit>> units = object::readMap(object, code);
  if (!units) return units.error();
  for (const object::MapUnit& unit : *units) {
    out += "unit " + unit.name + "\n";
    for (const object::MapGlobal& global : unit.globals)
      out += "  global " + global.name + " at " + address(global.address) + "\n";
    for (const object::MapFunction& f : unit.functions) function(unit, f, out);
  }
  out += "\n";
  return base::Ok{};
}

}  // namespace dump
