// Places: globals near and far, arrays, structs, pointers, chars, copies of all sizes, the heap.
#include "test/unit/codegen/compiled.h"

namespace codegen::test {
namespace {

TEST(Places, GlobalsOfAllSizes) {
  std::string text = std::string(kConsole) + R"(
struct s { int a; char b; bool c; struct s *next; int row[3][5]; };
int small;
char c;
bool b;
struct s one;
struct s many[50];
int matrix[20][30];
char large[70000];
int after;
int main() {
  int i;
  int j;
  int sum;
  int ok;
  small = 1;
  c = (char)200;
  b = true;
  one.row[2][4] = 11;
  i = 0;
  while (i < 50) {
    many[i].a = i;
    many[i].b = (char)i;
    many[i].next = &many[(i + 1) % 50];
    many[i].row[i % 3][i % 5] = i * 2;
    i = i + 1;
  }
  i = 0;
  while (i < 20) {
    j = 0;
    while (j < 30) { matrix[i][j] = i * 100 + j; j = j + 1; }
    i = i + 1;
  }
  i = 69999;
  large[i] = 'x';
  large[40000] = 'y';
  after = 3;
  sum = small + (int)c + one.row[2][4] + many[49].next->next->a + many[17].row[2][2] + matrix[19][29] + (int)large[69999] +
        (int)large[40000] + after + (int)many[30].b + (int)b;
  ok = put_int(sum);
  return 0;
}
)";
  int sum = 1 - 56 + 11 + 1 + 34 + 1929 + 'x' + 'y' + 3 + 30 + 1;
  for (uint32_t smallData : {0u, 64u, 100000u}) {
    Options options;
    options.smallData = smallData;
    EXPECT_EQ(run(text, options).output, std::to_string(sum)) << smallData;
  }
}

// Structs of every size and alignment, copied between all kinds of places; neighbours stay as they are.
TEST(Places, StructCopies) {
  for (int size = 1; size <= 75; size += size < 20 ? 1 : 7)
    for (const char* kind : {"char", "int"}) {
      std::string n = std::to_string(size), last = std::to_string(size - 1);
      std::string text = std::string(kConsole) + "struct t { " + kind + " v[" + n +
                         "]; };\nstruct w { char x; struct t t; char y; };\n" + "struct w g;\nstruct w a[3];\n" + R"(
int fill(struct t *p, int from) {
  int i;
  i = 0;
  while (i < )" + n + R"() { p->v[i] = ()" +
                         kind + R"()(from + i); i = i + 1; }
  return 0;
}
int main() {
  struct w l;
  struct t m;
  struct w *h;
  int i;
  int ok;
  l.x = (char)1; l.y = (char)2;
  g.x = (char)3; g.y = (char)4;
  i = 1;
  a[1].x = (char)5; a[1].y = (char)6;
  h = new(struct w);
  h->x = (char)7; h->y = (char)8;
  ok = fill(&g.t, 10);
  m = g.t;
  l.t = m;
  a[i].t = l.t;
  h->t = a[i].t;
  ok = (int)l.x + (int)l.y + (int)g.x + (int)g.y + (int)a[1].x + (int)a[1].y + (int)h->x + (int)h->y;
  ok = put_int(ok);
  ok = put_char(' ');
  ok = put_int((int)h->t.v[0] + (int)h->t.v[)" +
                         last + R"(]);
  a[2] = *h;
  ok = put_char(' ');
  ok = put_int((int)a[2].t.v[)" +
                         last + R"(] + (int)a[2].y + (int)a[0].y);
  return 0;
}
)";
      int lastValue = 10 + size - 1;
      EXPECT_EQ(run(text).output, "36 " + std::to_string(10 + lastValue) + " " + std::to_string(lastValue + 8))
          << kind << size;
    }
}

TEST(Places, HeapToTheByte) {
  std::string text = std::string(kConsole) + R"(
struct t { char v[10]; };
int main() {
  struct t *p;
  int n;
  int ok;
  n = 0;
  p = new(struct t);
  while (p != NULL) { n = n + 1; p = new(struct t); }
  ok = put_int(n);
  return 0;
}
)";
  for (uint32_t heap : {0u, 8u, 12u, 100u, 1200u, 4096u}) {
    linker::Options options;
    options.heapSize = heap;
    EXPECT_EQ(run(link({compile(text)}, options)).output, std::to_string(heap / 12)) << heap;
  }
}

TEST(Places, NewIsZeroAndDistinct) {
  std::string text = std::string(kConsole) + R"(
struct small { int a; int b; };
struct large { int v[40]; struct small *p; };
int main() {
  struct small *s;
  struct large *l;
  struct large *m;
  int i;
  int sum;
  int ok;
  s = new(struct small);
  l = new(struct large);
  m = new(struct large);
  s->a = 5;
  s->b = 6;
  i = 0;
  sum = 0;
  while (i < 40) { sum = sum + l->v[i] + m->v[i]; l->v[i] = 1; i = i + 1; }
  if (l->p == NULL && m->p == NULL) { sum = sum + 1000; }
  i = 0;
  while (i < 40) { sum = sum + m->v[i]; i = i + 1; }
  ok = put_int(sum + s->a + s->b);
  return 0;
}
)";
  EXPECT_EQ(run(text).output, "1011");
}

TEST(Places, StringsAndInitialValues) {
  // The core's own notation has initial contents; -std=c0 has not.
  core::Program program;
  program.name = "data.c0";
  program.files = {"data.c0"};
  core::TypeId text = *program.types.array(core::TypeTable::kChar, 5);
  core::TypeId pair = program.types.declareStruct("pair");
  program.types.completeStruct(pair, {{"c", core::TypeTable::kChar}, {"n", core::TypeTable::kInt}});
  core::TypeId pairs = *program.types.array(pair, 2);
  auto add = [&](const char* name, core::TypeId type, std::vector<uint32_t> initial, bool constant) {
    core::Global global;
    global.name = name, global.type = type, global.initial = std::move(initial), global.constant = constant;
    program.globals.push_back(global);
  };
  add("text", text, {'h', 'i', uint32_t(-1), 0, 7}, true);
  add("table", pairs, {1, 0x11223344, 2, 0x55667788}, false);
  add("zero", pairs, {}, false);
  UnitGenerator generator("data.c0", {});
  object::Object object = *generator.finish(program);
  auto bytes = [&](const char* name) {
    const object::Symbol* symbol = object.symbol(name);
    const object::Section& section = object.sections[symbol->section];
    EXPECT_FALSE(section.noBits());
    return std::vector<uint8_t>(section.bytes.begin() + symbol->value,
                                section.bytes.begin() + symbol->value + symbol->size);
  };
  EXPECT_EQ(bytes("text"), (std::vector<uint8_t>{'h', 'i', 255, 0, 7}));
  EXPECT_EQ(bytes("table"),
            (std::vector<uint8_t>{1, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 2, 0, 0, 0, 0x88, 0x77, 0x66, 0x55}));
  EXPECT_EQ(object.sections[object.symbol("text")->section].name, ".rodata");
  EXPECT_TRUE(object.sections[object.symbol("zero")->section].noBits());
}

}  // namespace
}  // namespace codegen::test
