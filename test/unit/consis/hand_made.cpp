#include "test/unit/consis/hand_made.h"

#include "compiler/core/serialize.h"

namespace consis::test {
namespace {

using core::Expr;
using core::ExprKind;
using core::Operator;
using core::Position;
using core::Stmt;
using core::StmtKind;
using core::TypeTable;
using isa::Op;

Position at(uint32_t line, uint16_t column = 3) { return {line, column, 0}; }

}  // namespace

HandMade::HandMade() {
  writeCore();
  writeText();
  writeMap();
  symbols = {{"__gp", kGlobals},        {"__text_start", kText},  {"__text_end", kText + 0x1000},
             {"__heap_start", kHeap},   {"__heap_end", kHeapEnd}, {"__stack_limit", kHeapEnd},
             {"__stack_top", kStackTop}};
}

void HandMade::writeCore() {
  core.name = "tiny.c0";
  core.files = {"tiny.c0"};
  auto& types = core.types;
  auto node = types.declareStruct("node");
  auto nodePointer = types.pointer(node);
  types.completeStruct(node, {{"value", TypeTable::kInt}, {"next", nodePointer}});
  core.globals.resize(3);
  core.globals[0] = {"g", TypeTable::kInt, at(2), true, false, false, {}, {}};
  core.globals[1] = {"c", TypeTable::kChar, at(2), true, false, false, {}, {}};
  core.globals[2] = {"list", nodePointer, at(2), true, false, false, {}, {}};

  core::Function putChar, twice, main;
  putChar.name = "put_char", putChar.result = TypeTable::kInt, putChar.parameters = 1;
  putChar.variables = {{"c", TypeTable::kChar, {}}};
  putChar.primitive = core::Primitive::PutChar;
  twice.name = "twice", twice.result = TypeTable::kInt, twice.parameters = 1, twice.defined = true;
  twice.variables = {{"a", TypeTable::kInt, at(4)}, {"r", TypeTable::kInt, at(5)}};
  main.name = "main", main.result = TypeTable::kInt, main.defined = true;
  main.variables = {{"x", TypeTable::kInt, at(10)}};

  auto literal = [&](core::TypeId type, uint32_t value, Position p) {
    return core.make(Expr{ExprKind::Literal, Operator::None, type, p, value});
  };
  auto local = [&](uint32_t v, Position p) {
    return core.make(Expr{ExprKind::Local, Operator::None, TypeTable::kInt, p, v});
  };
  auto global = [&](uint32_t v, Position p) {
    return core.make(Expr{ExprKind::Global, Operator::None, core.globals[v].type, p, v});
  };
  auto finish = [&](core::Function& function, std::vector<Stmt> statements, auto&& nest) {
    std::vector<Stmt*> nodes;
    for (auto& statement : statements) {
      statement.ordinal = uint32_t(nodes.size());
      nodes.push_back(core.make(statement));
    }
    function.statements.assign(nodes.begin(), nodes.end());
    function.body = core.list(nest(nodes));
    core.functions.push_back(function);
  };
  using Nodes = std::vector<Stmt*>;
  auto flat = [](const Nodes& nodes) { return std::vector<const Stmt*>(nodes.begin(), nodes.end()); };

  core.functions.push_back(putChar);
  const Expr* sum = core.make(
      Expr{ExprKind::Binary, Operator::Add, TypeTable::kInt, at(6, 9), 0, local(0, at(6, 7)), local(0, at(6, 11))});
  finish(twice,
         {{.kind = StmtKind::Assign, .ordinal = 0, .position = at(6), .target = local(1, at(6)), .value = sum},
          {.kind = StmtKind::Return, .ordinal = 1, .position = at(7), .value = local(1, at(7))}},
         flat);

  auto set = [&](uint32_t line, const Expr* target, core::TypeId type, uint32_t value) {
    return Stmt{.kind = StmtKind::Assign,
                .ordinal = 0,
                .position = at(line),
                .target = target,
                .value = literal(type, value, at(line, 7))};
  };
  const Expr* deref = core.make(Expr{ExprKind::Deref, Operator::None, node, at(16), 0, global(2, at(16))});
  const Expr* value = core.make(Expr{ExprKind::Field, Operator::None, TypeTable::kInt, at(16, 7), 0, deref});
  const Expr* equal = core.make(Expr{ExprKind::Binary, Operator::Equal, TypeTable::kBool, at(18, 9), 0,
                                     local(0, at(18, 7)), literal(TypeTable::kInt, 42, at(18, 12))});
  auto list = [&](const Expr* e) { return core.list(std::vector<const Expr*>{e}); };
  finish(main,
         {set(11, local(0, at(11)), TypeTable::kInt, 21),
          set(12, global(0, at(12)), TypeTable::kInt, 5),
          set(13, global(1, at(13)), TypeTable::kChar, 'z'),
          {.kind = StmtKind::New, .ordinal = 0, .position = at(14), .target = global(2, at(14)), .newType = node},
          {.kind = StmtKind::Call,
           .ordinal = 0,
           .position = at(15),
           .target = local(0, at(15)),
           .index = 1,
           .arguments = list(local(0, at(15, 13)))},
          {.kind = StmtKind::Assign, .ordinal = 0, .position = at(16), .target = value, .value = local(0, at(16, 17))},
          {.kind = StmtKind::Call,
           .ordinal = 0,
           .position = at(17),
           .index = 0,
           .arguments = list(literal(TypeTable::kChar, 'A', at(17, 12)))},
          {.kind = StmtKind::If, .ordinal = 0, .position = at(18), .value = equal},
          set(19, global(0, at(19, 5)), TypeTable::kInt, 7),
          set(20, global(0, at(20, 8)), TypeTable::kInt, 8),
          {.kind = StmtKind::Return, .ordinal = 0, .position = at(21), .value = global(0, at(21, 10))}},
         [&](Nodes& n) {
           n[7]->body = core.list(std::vector<const Stmt*>{n[8]});
           n[7]->otherwise = core.list(std::vector<const Stmt*>{n[9]});
           return std::vector<const Stmt*>{n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[10]};
         });
}

void HandMade::writeText() {
  struct Fix {
    uint32_t word;
    std::string label;
  };
  std::vector<Fix> fixes;
  auto label = [&](const std::string& name) { labels[name] = uint32_t(text.size()); };
  auto emit = [&](isa::Instruction instruction) { text.push_back(isa::encode(instruction)); };
  auto nop = [&] { text.push_back(isa::kNop); };
  auto constant = [&](uint8_t rd, uint32_t value) {
    emit({.op = Op::Lhgi, .rd = rd, .imm = int32_t((value + 0x8000) >> 16)});
    emit({.op = Op::Addi, .rd = rd, .rs1 = rd, .imm = int16_t(value)});
  };
  auto addi = [&](uint8_t rd, uint8_t rs1, int32_t imm) { emit({.op = Op::Addi, .rd = rd, .rs1 = rs1, .imm = imm}); };
  auto lw = [&](uint8_t rd, int32_t imm, uint8_t rs1) { emit({.op = Op::Lw, .rd = rd, .rs1 = rs1, .imm = imm}); };
  auto sw = [&](uint8_t rd, int32_t imm, uint8_t rs1) { emit({.op = Op::Sw, .rd = rd, .rs1 = rs1, .imm = imm}); };
  auto jump = [&](isa::Instruction instruction, std::string to) {
    fixes.push_back({uint32_t(text.size()), std::move(to)});
    emit(instruction);
    nop();
  };
  auto leave = [&](int32_t size) {
    lw(31, 0, 29);
    emit({.op = Op::Jr, .rs1 = 31});
    addi(29, 29, size);
  };

  label("start");
  constant(28, kGlobals), constant(29, kStackTop), constant(30, kHeap);
  jump({.op = Op::Jal}, "main");
  label("exit");
  constant(1, 0xFFFFE000), sw(20, 0, 1);
  label("spin");
  jump({.op = Op::J}, "spin");
  label("put_char");
  constant(1, 0xFFFFE000), sw(11, 4, 1);
  emit({.op = Op::Jr, .rs1 = 31});
  addi(20, 11, 0);

  label("twice");
  addi(29, 29, -12), sw(31, 0, 29), sw(11, 4, 29);
  label("twice.0");
  lw(2, 4, 29), emit({.op = Op::Add, .rd = 2, .rs1 = 2, .rs2 = 2}), sw(2, 8, 29);
  label("twice.1");
  lw(20, 8, 29), leave(12);
  label("twice.end");

  label("main");
  addi(29, 29, -8), sw(31, 0, 29);
  label("main.0");
  addi(2, 0, 21), sw(2, 4, 29);
  label("main.1");
  addi(2, 0, 5), sw(2, 0, 28);
  label("main.2");
  addi(2, 0, 'z'), emit({.op = Op::Sb, .rd = 2, .rs1 = 28, .imm = 4});
  label("main.3");
  sw(0, 0, 30), sw(0, 4, 30), sw(30, 8, 28), addi(30, 30, 8);
  label("main.4");
  lw(11, 4, 29), jump({.op = Op::Jal}, "twice");
  label("main.4.return");
  sw(20, 4, 29);
  label("main.5");
  lw(2, 8, 28), lw(3, 4, 29), sw(3, 0, 2);
  label("main.6");
  addi(11, 0, 'A'), jump({.op = Op::Jal}, "put_char");
  label("main.7");
  lw(2, 4, 29), emit({.op = Op::Seqi, .rd = 2, .rs1 = 2, .imm = 42}), jump({.op = Op::Beqz, .rs1 = 2}, "main.9");
  label("main.8");
  addi(2, 0, 7), sw(2, 0, 28), jump({.op = Op::J}, "main.10");
  label("main.9");
  addi(2, 0, 8), sw(2, 0, 28);
  label("main.10");
  lw(20, 0, 28), leave(8);
  label("main.end");

  for (const auto& fix : fixes) {
    isa::Instruction instruction = isa::decode(text[fix.word]);
    instruction.imm = 4 * (int32_t(labels.at(fix.label)) - int32_t(fix.word) - 1);
    text[fix.word] = isa::encode(instruction);
  }
}

void HandMade::writeMap() {
  auto offset = [&](const std::string& function, const std::string& label) {
    return 4 * (labels.at(label) - labels.at(function));
  };
  object::MapFunction twice, main;
  twice.name = "twice", twice.frameSize = 12,
  twice.variables = {{object::MapVariable::Frame, 4}, {object::MapVariable::Frame, 8}};
  twice.size = offset("twice", "twice.end");
  for (uint32_t i = 0; i < 2; ++i)
    twice.statements.push_back({{0, 6 + i, 3}, true, {offset("twice", "twice." + std::to_string(i))}});
  main.name = "main", main.frameSize = 8, main.variables = {{object::MapVariable::Frame, 4}};
  main.size = offset("main", "main.end");
  for (uint32_t i = 0; i < 11; ++i) {
    const auto& position = core.functions[2].statements[i]->position;
    main.statements.push_back(
        {{0, position.line, position.column}, true, {offset("main", "main." + std::to_string(i))}});
  }
  main.calls = {{4, offset("main", "main.4.return")}, {6, offset("main", "main.7")}};
  map = {twice, main};
}

object::Object HandMade::build() {
  std::vector<object::MapRelocation> relocations;
  object::MapWriter writer("tiny.c0");
  writer.file("tiny.c0");
  for (const auto& name : mapGlobals) writer.global(name);
  for (const auto& function : map) writer.function(function);
  std::vector<uint8_t> mapBytes = writer.finish(relocations);
  for (const auto& relocation : relocations) {
    uint32_t target = relocation.symbol == "g"      ? kGlobals
                      : relocation.symbol == "c"    ? kGlobals + 4
                      : relocation.symbol == "list" ? kGlobals + 8
                                                    : address(relocation.symbol);
    base::store(&mapBytes[relocation.offset], target);
  }

  auto bytesOf = [](const std::vector<uint32_t>& words) {
    auto* bytes = reinterpret_cast<const uint8_t*>(words.data());
    return std::vector<uint8_t>(bytes, bytes + 4 * words.size());
  };
  auto section = [](std::string name, uint32_t flags, uint32_t address, std::vector<uint8_t> bytes) {
    object::Section s;
    s.name = std::move(name), s.flags = flags, s.address = address, s.align = 4, s.bytes = std::move(bytes);
    return s;
  };
  object::Object image;
  image.executable = true;
  uint32_t reset = isa::encode({.op = Op::J, .imm = int32_t(address("start")) - 4});
  image.sections.push_back(section(".vector", object::kAlloc | object::kExecute, 0, bytesOf({reset, isa::kNop})));
  image.sections.push_back(section(".text", object::kAlloc | object::kExecute, kText, bytesOf(text)));
  object::Section bss = section(".bss", object::kAlloc | object::kWrite, kGlobals, {});
  bss.type = 8, bss.size = 16;
  image.sections.push_back(bss);
  object::Note note;
  note.textHash = object::hashText(image.sections[1].bytes) + wrongHash;
  image.sections.push_back(object::noteSection(note));
  image.sections.push_back(section(".c0core", 0, 0, core::serialize(core)));
  image.sections.push_back(section(".c0map", 0, 0, mapBytes));
  for (const auto& [name, value] : symbols)
    image.symbols.push_back({.name = name, .section = object::kAbsolute, .value = value, .size = 0, .global = true});
  for (const char* name : {"start", "put_char", "twice", "main"})
    image.symbols.push_back({.name = name,
                             .section = 1,
                             .value = address(name),
                             .size = 0,
                             .global = true,
                             .kind = object::Symbol::Function});
  return image;
}

std::vector<uint8_t> HandMade::elf() { return object::writeElf(build()); }

}  // namespace consis::test
