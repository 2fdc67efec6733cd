// Units become one program: names, types, positions; and what cannot be joined is an error at both places.
#include <gtest/gtest.h>

#include "compiler/core/print.h"
#include "compiler/core/serialize.h"
#include "test/unit/core/random_program.h"

namespace core::test {
namespace {

std::vector<Program> unitsOf(std::initializer_list<Builder*> builders) {
  std::vector<Program> units;
  for (Builder* builder : builders) {
    const base::Status status = verify(builder->program);
    EXPECT_TRUE(status) << status.error().text << " at " << status.error().place;
    units.push_back(std::move(builder->program));
  }
  return units;
}

void expectError(std::initializer_list<Builder*> builders, const char* id, const char* text, const char* place) {
  const base::Result<Linked> linked = link(unitsOf(builders));
  ASSERT_FALSE(linked);
  EXPECT_EQ(linked.error().id, id);
  EXPECT_EQ(linked.error().text, text);
  EXPECT_EQ(linked.error().place, place);
}

// main in one file, what it calls and uses in another.
TEST(Link, ResolvesAcrossUnits) {
  Builder a("a.c0"), b("b.c0");
  uint32_t count = a.global("count", kInt);
  a.program.globals[count].defined = false;
  uint32_t twice = a.declare("twice", kInt, {{"n", kInt}});
  uint32_t put = a.declare("put_char", kInt, {{"c", TypeTable::kChar}});
  a.declare("unused", kInt);  // declared nowhere else, never called
  uint32_t helper = a.function("helper", kInt, {a.ret(a.integer(1))});
  a.program.functions[helper].internal = true;
  a.function("main", kInt, {a.call(a.variable(count), twice, {a.integer(4)}), a.call(nullptr, helper),
                            a.call(nullptr, put, {a.character('x')}), a.ret(a.variable(count))});
  uint32_t local = b.function("helper", kInt, {b.ret(b.integer(2))});
  b.program.functions[local].internal = true;
  b.global("count", kInt, {5});
  uint32_t definition = b.declare("twice", kInt, {{"value", kInt}});
  b.enter(definition);
  b.define(definition, {b.call(nullptr, local), b.ret(b.binary(b.local(0), Operator::Add, b.local(0)))});

  const base::Result<Linked> linked = link(unitsOf({&a, &b}));
  ASSERT_TRUE(linked) << linked.error().text;
  const Program& program = linked->program;
  ASSERT_TRUE(verify(program));
  EXPECT_EQ(program.files, (std::vector<std::string>{"a.c0", "b.c0"}));
  EXPECT_EQ(linked->functions, (std::vector<std::vector<uint32_t>>{{0, 1}, {2, 3}}));
  EXPECT_EQ(linked->globals, (std::vector<std::vector<uint32_t>>{{}, {0}}));
  EXPECT_EQ(program.functions.size(), 5u);
  const Function& main = program.functions[1];
  EXPECT_EQ(main.statements[0]->index, 3u);
  EXPECT_EQ(main.statements[1]->index, 0u);  // its own helper
  EXPECT_EQ(program.functions[3].statements[0]->index, 2u);
  EXPECT_EQ(program.functions[4].primitive, Primitive::PutChar);
  EXPECT_EQ(program.functions[3].statements[1]->position.file, 1);
  EXPECT_EQ(program.globals[0].initial, std::vector<uint32_t>{5});
  EXPECT_EQ(*program.findFunction("twice"), 3u);
}

TEST(Link, UnitesTypesByTagAndStructure) {
  Builder a("a.c0"), b("b.c0");
  b.array(TypeTable::kChar, 9);  // so that ids differ
  for (Builder* unit : {&a, &b}) {
    TypeId node = unit->program.types.declareStruct("node");
    TypeId link = unit->pointer(node);
    unit->program.types.completeStruct(node, {{"value", kInt}, {"next", link}, {"row", unit->array(kInt, 2)}});
    unit->structure("box", {{"first", link}});
  }
  TypeId list = *a.program.types.array(TypeId(TypeTable::kLastElementary + 1), 3);
  a.global("list", list);
  uint32_t ext = b.global("list", *b.program.types.array(TypeId(TypeTable::kLastElementary + 2), 3));
  b.program.globals[ext].defined = false;
  b.function("main", kInt, {b.ret(b.field(b.index(b.variable(ext), b.integer(1)), 0))});
  const base::Result<Linked> linked = link(unitsOf({&a, &b}));
  ASSERT_TRUE(linked) << linked.error().text;
  ASSERT_TRUE(verify(linked->program));
  unsigned structs = 0;
  for (TypeId id = 0; id < linked->program.types.count(); id++)
    structs += linked->program.types[id].kind == TypeKind::Struct;
  EXPECT_EQ(structs, 2u);
}

// The same tag with another structure stays another type, and so do the structs that lead to it.
TEST(Link, KeepsDifferentStructuresApart) {
  Builder a("a.c0"), b("b.c0");
  for (Builder* unit : {&a, &b}) {
    TypeId inner = unit->program.types.declareStruct("inner");
    TypeId outer = unit->structure("outer", {{"in", unit->pointer(inner)}});
    unit->program.types.completeStruct(inner, {{unit == &a ? "x" : "y", kInt}, {"out", unit->pointer(outer)}});
    unit->global(unit == &a ? "ga" : "gb", outer);
  }
  const base::Result<Linked> linked = link(unitsOf({&a, &b}));
  ASSERT_TRUE(linked) << linked.error().text;
  const Program& program = linked->program;
  EXPECT_NE(program.globals[0].type, program.globals[1].type);
  const TypeId inner = program.types[program.types[program.globals[1].type].fields[0].type].element;
  EXPECT_EQ(program.types[inner].fields[0].name, "y");
}

// Same difference behind a shared global: an error.
TEST(Link, TypeMismatchThroughPointers) {
  Builder a("a.c0"), b("b.c0");
  for (Builder* unit : {&a, &b}) {
    TypeId inner = unit->structure("inner", {{unit == &a ? "x" : "y", kInt}});
    uint32_t g = unit->global("g", unit->pointer(inner));
    unit->program.globals[g].defined = unit == &a;
  }
  expectError({&a, &b}, "link-type-mismatch",
              "'g' is a variable of type struct inner * here, and a variable of type struct inner * at a.c0:1:1", "b.c0:1:1");
}

TEST(Link, IncompleteStructsBecomeComplete) {
  Builder a("a.c0"), b("b.c0");
  TypeId hidden = a.program.types.declareStruct("node");
  uint32_t p = a.global("p", a.pointer(hidden));
  a.program.globals[p].defined = false;
  a.function("main", kInt, {a.assign(a.variable(p), a.variable(p)), a.ret(a.integer(0))});
  TypeId node = b.structure("node", {{"x", kInt}});
  b.global("p", b.pointer(node));
  const base::Result<Linked> linked = link(unitsOf({&a, &b}));
  ASSERT_TRUE(linked) << linked.error().text;
  ASSERT_TRUE(verify(linked->program));
}

TEST(Link, Undefined) {
  Builder a("a.c0");
  uint32_t f = a.declare("f", kInt);
  a.line = 3;
  S call = a.call(nullptr, f);
  a.function("main", kInt, {call, a.ret(a.integer(0))});
  expectError({&a}, "link-undefined", "no unit defines the function 'f', declared at a.c0:1:1",
              ("a.c0:3:" + std::to_string(call->position.column)).c_str());
  Builder b("b.c0");
  uint32_t g = b.global("g", kInt);
  b.program.globals[g].defined = false;
  b.line = 2;
  E use = b.variable(g);
  b.function("main", kInt, {b.ret(use)});
  expectError({&b}, "link-undefined", "no unit defines the variable 'g', declared at b.c0:1:1", "b.c0:2:1");
}

TEST(Link, Duplicates) {
  Builder a("a.c0"), b("b.c0");
  for (Builder* unit : {&a, &b}) unit->function("f", kInt, {unit->ret(unit->integer(1))});
  const base::Result<Linked> functions = link(unitsOf({&a, &b}));
  ASSERT_FALSE(functions);
  EXPECT_EQ(functions.error().id, "link-duplicate");
  EXPECT_EQ(functions.error().place.substr(0, 5), "b.c0:");
  EXPECT_NE(functions.error().text.find("'f' is defined twice, first at a.c0:"), std::string::npos);
  Builder c("c.c0"), d("d.c0");
  c.global("g", kInt), d.global("g", kInt);
  expectError({&c, &d}, "link-duplicate", "'g' is defined twice, first at c.c0:1:1", "d.c0:1:1");
}

TEST(Link, TypeMismatches) {
  Builder a("a.c0"), b("b.c0");
  a.declare("f", kInt, {{"x", kInt}});
  b.declare("f", kInt, {{"x", TypeTable::kChar}});
  expectError({&a, &b}, "link-type-mismatch",
              "'f' is a function of type int(char) here, and a function of type int(int) at a.c0:1:1", "b.c0:1:1");
  Builder c("c.c0"), d("d.c0");
  c.global("x", kInt);
  d.declare("x", kInt);
  expectError({&c, &d}, "link-type-mismatch", "'x' is a function of type int() here, and a variable of type int at c.c0:1:1",
              "d.c0:1:1");
  Builder e("e.c0"), f("f.c0");
  e.global("x", kInt);
  uint32_t x = f.global("x", kInt);
  f.program.globals[x].defined = false, f.program.globals[x].constant = true;
  expectError({&e, &f}, "link-type-mismatch",
              "'x' is a variable of type const int here, and a variable of type int at e.c0:1:1", "f.c0:1:1");
  Builder g("g.c0");
  g.program.functions[g.declare("put_char", kInt, {{"c", kInt}})].primitive = Primitive::None;
  expectError({&g}, "link-type-mismatch",
              "'put_char' is a function of type int(int) here, but the primitive of this name has another type", "g.c0:1:1");
}

// extern int list[]: the length comes from the unit that defines it, whichever comes first; other elements are an error.
TEST(Link, ArraysOfUnknownLength) {
  for (bool definitionFirst : {false, true}) {
    Builder a("a.c0"), b("b.c0");
    uint32_t list = a.global("list", a.array(kInt, 1));
    a.program.globals[list].defined = false, a.program.globals[list].open = true;
    a.function("main", kInt, {a.ret(a.deref(a.binary(a.address(a.index(a.variable(list), a.integer(0))), Operator::Add, a.integer(2))))});
    b.global("list", b.array(kInt, 3), {7, 8, 9});
    const base::Result<Linked> linked = link(definitionFirst ? unitsOf({&b, &a}) : unitsOf({&a, &b}));
    ASSERT_TRUE(linked) << linked.error().text;
    EXPECT_TRUE(verify(linked->program));
    EXPECT_EQ(linked->program.globals.size(), 1u);
    EXPECT_FALSE(linked->program.globals[0].open);
    EXPECT_NE(print(linked->program).find("int list[3] = {7, 8, 9};"), std::string::npos);
  }
  Builder c("c.c0"), d("d.c0");
  uint32_t list = c.global("list", c.array(kInt, 1));
  c.program.globals[list].defined = false, c.program.globals[list].open = true;
  d.global("list", d.array(TypeTable::kChar, 3));
  expectError({&c, &d}, "link-type-mismatch",
              "'list' is a variable of type char[3] here, and a variable of type int[] at c.c0:1:1", "d.c0:1:1");
  Builder f("f.c0"), g("g.c0"), h("h.c0");
  list = f.global("list", f.array(kInt, 1));
  f.program.globals[list].defined = false, f.program.globals[list].open = true;
  g.program.globals[g.global("list", g.array(kInt, 4))].defined = false;
  h.global("list", h.array(kInt, 3));
  expectError({&f, &g, &h}, "link-type-mismatch",
              "'list' is a variable of type int[3] here, and a variable of type int[4] at g.c0:1:1", "h.c0:1:1");
}

// A definition takes the place of a primitive.
TEST(Link, DefinedPrimitive) {
  Builder a("a.c0");
  uint32_t quit = a.declare("exit", kInt, {{"status", kInt}});
  a.define(quit, {a.ret(a.integer(1))});
  a.function("main", kInt, {a.call(nullptr, quit, {a.integer(0)}), a.ret(a.integer(0))});
  const base::Result<Linked> linked = link(unitsOf({&a}));
  ASSERT_TRUE(linked);
  EXPECT_EQ(linked->program.functions.size(), 2u);
  EXPECT_EQ(linked->program.functions[*linked->program.findFunction("cvm_wait")].primitive, Primitive::None);
}

// Primitives of the program's own platform only.
// A unit whose kdispatch calls an extern function.
void calls(Builder& b, const char* name, std::vector<std::pair<std::string, TypeId>> parameters, const std::vector<E>& arguments) {
  const uint32_t f = b.declare(name, kInt, std::move(parameters));
  b.function("kdispatch", kInt, {b.call(nullptr, f, arguments), b.ret(b.integer(0))});
}

TEST(Link, PrimitivesOfAPlatform) {
  Builder kernel("a.c0");
  calls(kernel, "cvm_wait", {}, {});
  base::Result<Linked> linked = link(unitsOf({&kernel}), Platform::Cvm);
  ASSERT_TRUE(linked);
  EXPECT_EQ(linked->program.functions[*linked->program.findFunction("cvm_wait")].primitive, Primitive::CvmWait);

  Builder standalone("a.c0");
  calls(standalone, "cvm_wait", {}, {});
  expectError({&standalone}, "link-undefined",
              "no unit defines the function 'cvm_wait', declared at a.c0:1:1: it is a primitive of abstract kernels", "a.c0:1:2");

  Builder talkative("a.c0");
  calls(talkative, "put_char", {{"c", TypeTable::kChar}}, {talkative.character('a')});
  linked = link(unitsOf({&talkative}), Platform::Cvm);
  ASSERT_FALSE(linked);
  EXPECT_EQ(linked.error().text,
            "no unit defines the function 'put_char', declared at a.c0:1:2: it is a primitive of standalone programs");
}

TEST(Link, OneUnitKeepsItsText) {
  for (uint32_t seed = 0; seed < 50; seed++) {
    RandomProgram random(seed);
    Builder& b = random.b;
    for (Global& global : b.program.globals) global.defined = true;
    uint32_t leaf = *b.program.findFunction("leaf"), nothing = *b.program.findFunction("nothing");
    b.enter(leaf);
    b.define(leaf, {b.ret(b.local(0))});
    b.define(nothing, {b.ret()});
    std::vector<Program> units;
    units.push_back(std::move(b.program));
    ASSERT_TRUE(verify(units[0]));
    const base::Result<Linked> linked = link(units);
    ASSERT_TRUE(linked) << linked.error().text;
    ASSERT_TRUE(verify(linked->program));
    // The primitive comes last in the linked program, which then has a prototype for every function.
    auto text = [](const Program& program) {
      const std::string all = print(program);
      std::string kept;
      for (size_t at = 0, end; at < all.size(); at = end + 1) {
        end = all.find('\n', at);
        if (all[at] == ' ' || all.compare(end - 2, 2, ");") != 0) kept.append(all, at, end + 1 - at);
      }
      return kept;
    };
    EXPECT_EQ(text(linked->program), text(units[0]));
  }
}

}  // namespace
}  // namespace core::test
