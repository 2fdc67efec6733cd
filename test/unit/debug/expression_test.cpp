// What expressions mean at a frame, and what is said of wrong ones.
#include "test/unit/debug/trial.h"

namespace debug::test {
namespace {

constexpr const char* kProgram = R"(
struct point { int x; short y; };
struct node { struct point at; char name[4]; struct node *next; };
struct node *list;
const int limit = 9;
int table[3] = {4, 5, 6};
int grid[2][2] = {{1, 2}, {3, 4}};
unsigned big = 4000000000u;
unsigned char byte = 200;
bool flag = true;
char *text;
int nothing;
int shown(int depth, int *where) {
  static int calls;
  int table = depth * 10;
  calls++;
  *where = table;
  if (depth) return shown(depth - 1, where);
  return 0;
}
int main() {
  int unset, local = -7;
  list = new(struct node);
  list->at.x = 11; list->at.y = -2; list->name[0] = 'a'; list->next = list;
  text = "hello";
  shown(1, &local);
  return 0;
}
)";

struct Row {
  const char* text;
  const char* value;
};

void check(Trial& trial, std::initializer_list<Row> rows) {
  for (const Row& row : rows)
    EXPECT_EQ(trial("print " + std::string(row.text)), std::string(row.value) + '\n') << row.text;
}

TEST(Expression, InMain) {
  Trial trial(kProgram);
  trial("break shown");
  trial("continue");
  trial("up");
  check(
      trial,
      {
          {"local", "local = -7 (int)"},
          {"unset", "unset = undefined (int)"},
          {"unset + 1", "unset + 1 = no value (undefined-read: unset has no value)"},
          {"-local * 2 + 1", "-local * 2 + 1 = 15 (int)"},
          {"local / nothing", "local / nothing = no value (division-by-zero: -7 / 0)"},
          {"2 + 3 * 4 - (2 - 1)", "2 + 3 * 4 - (2 - 1) = 13 (int)"},
          {"1 << 4 | 3 & 2 ^ 1", "1 << 4 | 3 & 2 ^ 1 = 19 (int)"},
          {"local < big", "local < big = false (bool)"},  // as in C: -7 becomes unsigned
          {"big + 1", "big + 1 = 4000000001 (unsigned)"},
          {"byte + 100", "byte + 100 = 300 (int)"},
          {"(unsigned char)300", "(unsigned char)300 = 44 (unsigned char)"},
          {"(char)97", "(char)97 = 97 'a' (char)"},
          {"'\\n' + 1", "'\\n' + 1 = 11 (int)"},
          {"0x10u", "0x10u = 16 (unsigned)"},
          {"!flag || list == NULL", "!flag || list == NULL = false (bool)"},
          {"list && local", "list && local = true (bool)"},
          {"nothing && 1 / nothing", "nothing && 1 / nothing = false (bool)"},
          {"list", "list = &heap#0 (struct node *)"},
          {"*list", "*list = {at = {x = 11, y = -2}, name = \"a\", next = &heap#0} (struct node)"},
          {"list->next->next->at.y", "list->next->next->at.y = -2 (short)"},
          {"(*list).name[0]", "(*list).name[0] = 97 'a' (char)"},
          {"&list->at", "&list->at = &heap#0.at (struct point *)"},
          {"table", "table = {4, 5, 6} (int[3])"},
          {"*table + 2[table]", "*table + 2[table] = 10 (int)"},
          {"*(table + 2)", "*(table + 2) = 6 (int)"},
          {"&table[3] - table", "&table[3] - table = 3 (int)"},
          {"&table[nothing + 3]", "&table[nothing + 3] = &table[2] + 1 (int *)"},
          {"*&table[3]", "*&table[3] = no value (out-of-bounds: &table[0] + 3 points one past the end of its array)"},
          {"table + 4", "table + 4 = no value (outside-array: &table[0] + 4 is at position 4 of an array of length 3)"},
          {"table[3]", "table[3] = no value (out-of-bounds: index 3 is outside int[3])"},
          {"grid", "grid = {{1, 2}, {3, 4}} (int[2][2])"},
          {"grid[1]", "grid[1] = {3, 4} (int[2])"},
          {"*grid[1]", "*grid[1] = 3 (int)"},
          {"text", "text = &.str.0[0] \"hello\" (char *)"},
          {"text + 2", "text + 2 = &.str.0[2] \"llo\" (char *)"},
          {"NULL", "NULL = null"},
          {"heap#0", "heap#0 = {at = {x = 11, y = -2}, name = \"a\", next = &heap#0} (struct node)"},
      });
}

TEST(Expression, NamesAreThoseOfTheFrame) {
  Trial trial(kProgram);
  trial("break shown if depth == 0");
  trial("continue");
  trial("next");
  check(trial, {{"table", "table = 0 (int)"},
                {"calls", "calls = 1 (int)"},
                {"*where", "*where = 10 (int)"},
                {"where", "where = &main:local (int *)"}});
  trial("up");
  check(trial,
        {{"table", "table = 10 (int)"}, {"depth", "depth = 1 (int)"}, {"local", "there is no variable 'local' here"}});
  trial("up");
  check(trial, {{"table[0]", "table[0] = 4 (int)"}, {"calls", "there is no variable 'calls' here"}});
}

TEST(Expression, WrongOnes) {
  Trial trial(kProgram);
  check(trial, {
                   {"", "print takes an expression"},
                   {"1 +", "an expression is missing at the end"},
                   {"(1", "')' is missing at the end"},
                   {"table[1", "']' is missing at the end"},
                   {"1 2", "'2' does not belong to an expression"},
                   {"x y", "there is no variable 'x' here"},
                   {"99999999999", "'99999999999' does not fit 32 bits"},
                   {"12ab", "'12ab' is no number"},
                   {"0x", "'0x' is no number"},
                   {"'ab'", "a character in quotes is one character"},
                   {"'", "a character in quotes is one character"},
                   {"shown", "'shown' is a function"},
                   {"1[2]", "what is indexed has type 'int', not an array or pointer"},
                   {"list.next", "the left side of '.' has type 'struct node *', not a struct"},
                   {"list->none", "'struct node' has no field 'none'"},
                   {"*local", "the operand of '*' has type 'int', not a pointer"},
                   {"&1", "the operand of '&' is no variable, field or element"},
                   {"list + list", "an operand has type 'struct node *', not a number"},
                   {"list == table", "comparison of 'struct node *' and 'int *'"},
                   {"list - table", "difference of 'struct node *' and 'int *'"},
                   {"-list", "an operand has type 'struct node *', not a number"},
                   {"(int)list", "a value of type 'struct node *' is not converted to 'int'"},
                   {"list->next", "list->next = no value (null-dereference: list is null)"},
                   {"heap#0", "there is no heap variable 0"},
                   {"heap#x", "'x' is not a number"},
                   {"$", "an expression is missing before '$'"},
               });
  EXPECT_EQ(trial("print " + std::string(100000, '(')), "the expression is too long\n");
  EXPECT_EQ(trial("print " + std::string(100000, '-') + "1"), "the expression is too long\n");
  std::string sum = "1";
  for (int i = 0; i < 50000; i++) sum += "+1";
  EXPECT_EQ(trial("print " + sum), "the expression is too long\n");
}

TEST(Expression, Set) {
  Trial trial(kProgram);
  EXPECT_EQ(trial("set local = 'a' + 1"), "local = 98 (int)\n");
  EXPECT_EQ(trial("set byte=300"), "byte = 44 (unsigned char)\n");
  EXPECT_EQ(trial("set grid[1][0] = table[2]"), "grid[1][0] = 6 (int)\n");
  EXPECT_EQ(trial("set list = NULL"), "list = null (struct node *)\n");
  EXPECT_EQ(trial("set limit = 1"), "that cannot be set: it is constant\n");
  EXPECT_EQ(trial("set table = 1"), "only a variable, field or element of simple type is set\n");
  EXPECT_EQ(trial("set 1 = 1"), "only a variable, field or element of simple type is set\n");
  EXPECT_EQ(trial("set local = list"), "a value of type 'struct node *' is not converted to 'int'\n");
  EXPECT_EQ(trial("set list = table"), "a value of type 'int *' is not converted to 'struct node *'\n");
  EXPECT_EQ(trial("set local"), "set takes PLACE = EXPR\n");
  EXPECT_EQ(trial("set list->next = NULL"), "no value (null-dereference: list is null)\n");
}

}  // namespace
}  // namespace debug::test
