// .c0core: what is written is read back; whatever is read is safe to use.
#include "compiler/core/serialize.h"

#include <gtest/gtest.h>

#include "assembler/base/bytes.h"
#include "compiler/core/frame.h"
#include "compiler/core/print.h"
#include "test/unit/core/random_program.h"

namespace core::test {
namespace {

// Everything that print() leaves out: positions, ordinals, types, flags.
void append(std::string& out, const Expr* e) {
  if (!e) return;
  out += std::to_string(int(e->kind)) + '.' + std::to_string(int(e->op)) + '.' + std::to_string(e->type) + '.' +
         std::to_string(e->value) + '@' + std::to_string(e->position.file) + ':' + std::to_string(e->position.line) + ':' +
         std::to_string(e->position.column) + ' ';
  append(out, e->left);
  append(out, e->right);
}
std::string details(const Program& program) {
  std::string out = program.name + '\n';
  for (const std::string& file : program.files) out += file + '\n';
  for (TypeId id = 0; id < program.types.count(); id++)
    out += program.types.print(id) + ' ' + std::to_string(program.types[id].asize) + '\n';
  for (const Global& g : program.globals) {
    out += g.name + ' ' + std::to_string(g.type) + std::to_string(g.defined) + std::to_string(g.internal) +
           std::to_string(g.constant) + (g.address ? " at " + std::to_string(*g.address) : "") + '@' + std::to_string(g.position.line) + ':' + std::to_string(g.position.column);
    for (uint32_t value : g.initial) out += ' ' + std::to_string(value);
    for (const InitialPointer& p : g.pointers)
      out += " &" + std::to_string(p.index) + '=' + std::to_string(p.global) + '+' + std::to_string(p.element) + (p.past ? "!" : "");
    out += '\n';
  }
  for (const Function& f : program.functions) {
    out += f.name + ' ' + std::to_string(f.result) + std::to_string(f.parameters) + std::to_string(f.defined) +
           std::to_string(f.internal) + std::to_string(int(f.primitive)) + '@' + std::to_string(f.position.column) + '\n';
    for (const Variable& v : f.variables) out += v.name + ' ' + std::to_string(v.type) + '@' + std::to_string(v.position.column) + '\n';
    for (const Stmt* s : f.statements) {
      out += std::to_string(s->ordinal) + ' ' + std::to_string(int(s->kind)) + '@' + std::to_string(s->position.line) + ':' +
             std::to_string(s->position.column) + ' ' + std::to_string(s->index) + ' ' + std::to_string(s->newType) + ' ';
      out += s->text;
      append(out, s->target);
      append(out, s->value);
      for (const Expr* argument : s->arguments) append(out, argument);
      out += '\n';
    }
  }
  return out;
}

std::vector<Program> readBack(std::span<const uint8_t> bytes) {
  base::Result<std::vector<Program>> units = deserialize(bytes);
  EXPECT_TRUE(units) << units.error().text << " at " << units.error().place;
  return units ? std::move(*units) : std::vector<Program>{};
}

TEST(Serialize, RoundTripOfRandomPrograms) {
  for (uint32_t seed = 0; seed < 300; seed++) {
    RandomProgram random(seed);
    const base::Status status = verify(random.b.program);
    ASSERT_TRUE(status) << status.error().text << " at " << status.error().place;
    const std::vector<uint8_t> bytes = serialize(random.b.program);
    const std::vector<Program> units = readBack(bytes);
    ASSERT_EQ(units.size(), 1u);
    EXPECT_EQ(details(units[0]), details(random.b.program));
    EXPECT_EQ(print(units[0]), print(random.b.program));
    EXPECT_EQ(serialize(units[0]), bytes);
  }
}

TEST(Serialize, UnitsAreConcatenated) {
  std::vector<uint8_t> bytes;
  EXPECT_TRUE(readBack(bytes).empty());
  for (uint32_t seed = 1; seed <= 3; seed++) {
    RandomProgram random(seed);
    random.b.program.name = "unit" + std::to_string(seed);
    const std::vector<uint8_t> unit = serialize(random.b.program);
    bytes.insert(bytes.end(), unit.begin(), unit.end());
  }
  const std::vector<Program> units = readBack(bytes);
  ASSERT_EQ(units.size(), 3u);
  EXPECT_EQ(units[2].name, "unit3");
}

TEST(Serialize, PositionsFarApart) {
  Builder b;
  b.program.files = {"a", "b", "c"};
  uint32_t f = b.declare("f", TypeTable::kInt);
  std::vector<S> body;
  for (Position at : {Position{1, 1, 0}, Position{1, 128, 0}, Position{1, 129, 0}, Position{1, 257, 0}, Position{1, 129, 0},
                      Position{1, 384, 0}, Position{1, 255, 0}, Position{1, 65535, 0}, Position{0xFFFFFFFF, 1, 0},
                      Position{3, 1, 2}, Position{2, 200, 2}, Position{2, 72, 2}, Position{2, 71, 2}, Position{0, 0, 0}}) {
    body.push_back(b.skip());
    body.back()->position = at;
  }
  body.push_back(b.ret(b.integer(0)));
  b.define(f, body);
  const std::vector<Program> units = readBack(serialize(b.program));
  ASSERT_EQ(units.size(), 1u);
  EXPECT_EQ(details(units[0]), details(b.program));
}

// A struct that comes before the types of its fields, and one completed only after an array type was made.
TEST(Serialize, TypesInTheOrderOfTheirMaking) {
  Builder b;
  TypeTable& types = b.program.types;
  TypeId a = types.declareStruct("a"), z = types.declareStruct("z"), open = types.declareStruct("open");
  ASSERT_TRUE(types.completeStruct(z, {{"a", types.pointer(a)}, {"open", types.pointer(open)}}));
  ASSERT_TRUE(types.completeStruct(a, {{"zs", b.array(z, 4)}, {"z", z}}));
  b.global("g", b.array(a, 2));
  const std::vector<Program> units = readBack(serialize(b.program));
  ASSERT_EQ(units.size(), 1u);
  EXPECT_EQ(details(units[0]), details(b.program));
  EXPECT_EQ(units[0].types[open].size, 0u);
}

std::string errorOf(std::span<const uint8_t> bytes) {
  base::Result<std::vector<Program>> units = deserialize(bytes);
  if (units) return "";
  EXPECT_EQ(units.error().id, "bad-core");
  EXPECT_NE(units.error().place, "");
  return units.error().text;
}

TEST(Serialize, TruncationIsAnError) {
  RandomProgram random(5);
  const std::vector<uint8_t> bytes = serialize(random.b.program);
  for (size_t size = 1; size < bytes.size(); size++) EXPECT_NE(errorOf(std::span(bytes).first(size)), "") << size;
  std::vector<uint8_t> shorter(bytes.begin(), bytes.end() - 1);
  base::store(shorter.data() + 4, uint32_t(shorter.size() - 8));
  EXPECT_EQ(errorOf(shorter), "the unit is truncated");
  std::vector<uint8_t> longer = bytes;
  longer.push_back(0);
  base::store(longer.data() + 4, uint32_t(longer.size() - 8));
  EXPECT_EQ(errorOf(longer), "bytes after the last function");
}

// What the reader must refuse before a type can be given to a node.
TEST(Serialize, ImpossibleNodesAreRefused) {
  auto refused = [](auto&& spoil) {
    Builder b;
    TypeId pair = b.structure("pair", {{"a", TypeTable::kInt}, {"b", TypeTable::kInt}});
    E g = b.variable(b.global("g", pair));
    uint32_t f = b.declare("f", TypeTable::kInt);
    b.enter(f);
    E x = b.declareLocal("x", TypeTable::kInt), t = b.declareLocal("t", b.array(TypeTable::kInt, 2));
    Expr* e = b.program.make(Expr{ExprKind::Literal, Operator::None, TypeTable::kInt, {}});
    e->left = g, e->right = x;
    b.define(f, {b.ret(e)});
    spoil(*e, g, x, t);
    return errorOf(serialize(b.program));
  };
  auto make = [&](ExprKind kind, uint32_t value, Operator op = Operator::None) {
    return refused([=](Expr& e, E, E, E) { e.kind = kind, e.value = value, e.op = op; });
  };
  EXPECT_EQ(make(ExprKind::Literal, 5), "");
  EXPECT_EQ(make(ExprKind::Field, 1), "");
  EXPECT_EQ(make(ExprKind::Field, 2), "a field of no struct");
  EXPECT_EQ(make(ExprKind::Local, 2), "a local that does not exist");
  EXPECT_EQ(make(ExprKind::Global, 1), "a global that does not exist");
  EXPECT_EQ(make(ExprKind::Index, 0), "an index of no array");
  EXPECT_EQ(make(ExprKind::Deref, 0), "a dereference of no pointer");
  EXPECT_EQ(make(ExprKind::Unary, 0, Operator(22)), "an unknown operator");
  EXPECT_EQ(refused([](Expr& e, E, E, E) { e.type = 45; }), "an unknown operator");
  EXPECT_EQ(refused([](Expr& e, E, E, E) { e.kind = ExprKind::Null, e.type = 99; }), "a type that does not exist");
  EXPECT_EQ(refused([](Expr& e, E, E x, E) { e.kind = ExprKind::Field, e.left = x; }), "a field of no struct");
  EXPECT_EQ(refused([](Expr& e, E, E, E t) { e.kind = ExprKind::Index, e.left = t; }), "");
}

// Uses a program in every way that its readers do.
void use(const Program& program) {
  EXPECT_FALSE(print(program).empty() && !program.functions.empty());
  for (const Function& function : program.functions) layoutFrame(program, function);
  base::Result<Linked> linked = link(std::vector<Program>{});
  EXPECT_TRUE(linked);
}

TEST(Serialize, MutatedBytesAreRefusedOrWellFormed) {
  std::mt19937 random(11);
  unsigned accepted = 0, refused = 0;
  for (uint32_t seed = 0; seed < 40; seed++) {
    RandomProgram source(seed);
    const std::vector<uint8_t> good = serialize(source.b.program);
    for (int i = 0; i < 150; i++) {
      std::vector<uint8_t> bytes = good;
      for (unsigned n = 1 + random() % 4; n; n--) {
        const size_t at = 8 + random() % (bytes.size() - 8);
        switch (random() % 4) {
          case 0: bytes[at] = uint8_t(random()); break;
          case 1: bytes[at] ^= uint8_t(1u << random() % 8); break;
          case 2: bytes.erase(bytes.begin() + long(at)); break;
          default: bytes.insert(bytes.begin() + long(at), uint8_t(random()));
        }
      }
      base::store(bytes.data() + 4, uint32_t(bytes.size() - 8));
      base::Result<std::vector<Program>> units = deserialize(bytes);
      if (!units) {
        refused++;
        continue;
      }
      accepted++;
      for (const Program& unit : *units) {
        use(unit);
        ASSERT_TRUE(verify(unit));
        const std::vector<Program> again = readBack(serialize(unit));
        ASSERT_EQ(again.size(), 1u);
        EXPECT_EQ(print(again[0]), print(unit));
      }
    }
  }
  EXPECT_GT(accepted, 100u);
  EXPECT_GT(refused, 1000u);
}

TEST(Serialize, NestingIsLimited) {
  for (unsigned height : {kMaxNesting, kMaxNesting + 1}) {
    Builder b;
    E e = b.integer(1);
    for (unsigned i = 1; i < height; i++) e = b.unary(Operator::Negate, e);
    b.function("f", TypeTable::kInt, {b.ret(e)});
    EXPECT_EQ(bool(verify(b.program)), height == kMaxNesting);
    EXPECT_EQ(errorOf(serialize(b.program)), height == kMaxNesting ? "" : "expressions are nested too deeply");
  }
  for (unsigned depth : {kMaxNesting, kMaxNesting + 1}) {
    Builder b;
    S s = b.skip();
    for (unsigned i = 1; i < depth; i++) s = b.branch(b.boolean(true), {s});
    b.function("f", TypeTable::kInt, {s, b.ret(b.integer(0))});
    EXPECT_EQ(bool(verify(b.program)), depth == kMaxNesting);
    EXPECT_EQ(errorOf(serialize(b.program)), depth == kMaxNesting ? "" : "statements are nested too deeply");
  }
}

// A million levels in a few bytes each: refused without running out of stack.
TEST(Serialize, VeryDeepBytesAreRefused) {
  Builder b;
  b.function("f", TypeTable::kInt, {b.ret(b.unary(Operator::Negate, b.integer(1)))});
  std::vector<uint8_t> bytes = serialize(b.program);
  std::vector<uint8_t> deep(bytes.begin(), bytes.end() - 5);
  deep.insert(deep.end(), 1000000, 17);  // "-", at the same position
  base::store(deep.data() + 4, uint32_t(deep.size() - 8));
  EXPECT_EQ(errorOf(deep), "expressions are nested too deeply");
}

TEST(Serialize, TypesThatNestTooDeepAreRefused) {
  Builder pointers;
  TypeId p = TypeTable::kInt;
  for (unsigned i = 0; i <= kMaxNesting; i++) p = pointers.pointer(p);
  EXPECT_EQ(errorOf(serialize(pointers.program)), "types are nested too deeply");
  Builder structs;
  TypeId s = TypeTable::kInt;
  for (unsigned i = 0; i <= kMaxNesting; i++) s = structs.structure("s" + std::to_string(i), {{"f", s}});
  EXPECT_EQ(errorOf(serialize(structs.program)), "types are nested too deeply");
}

}  // namespace
}  // namespace core::test
