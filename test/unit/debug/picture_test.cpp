// The heap as text, and configurations as graphs.
#include "compiler/debug/picture.h"

#include "test/unit/debug/trial.h"

namespace debug::test {
namespace {

constexpr const char* kGraph = R"(
struct node { int value; struct node *left; struct node *right; };
struct node *root;
char word[4] = "a|b";
char *letter = &word[2];
int main() {
  struct node *a = new(struct node), *b = new(struct node), *c = new(struct node);
  int *many = new(int, 3), *end = &many[3];
  char *text = new(char, 4);
  text[0] = 'x';
  new(int);
  root = a;
  a->left = b; a->right = c;
  b->left = c; c->right = a;
  c->value = 7;
  return 0;
}
)";

void finish(Trial& trial) {
  while (!(trial.machine().head() && trial.machine().head()->kind == core::StmtKind::Return)) trial.session.step();
}

TEST(Picture, SharingAndCycles) {
  Trial trial(kGraph);
  EXPECT_EQ(trial("heap"), "heap: 0 variables, 0 bytes\n");
  finish(trial);
  EXPECT_EQ(heapPicture(trial.machine(), 100),
            "heap: 6 variables, 56 bytes\n"
            "root -> heap#0 struct node = {value = 0, left = &heap#1, right = &heap#2}, shared by 3\n"
            "  .left -> heap#1 struct node = {value = 0, left = &heap#2, right = null}, shared by 2\n"
            "  .left -> heap#2 struct node = {value = 7, left = null, right = &heap#0}, shared by 3\n"
            "  .right -> heap#0 (above)\n"
            "  .right -> heap#2 (above)\n"
            "main:a -> heap#0 (above)\n"
            "main:b -> heap#1 (above)\n"
            "main:c -> heap#2 (above)\n"
            "main:many -> heap#3 int[3] = {0 x 3}, shared by 2\n"
            "main:end -> heap#3 (above)\n"
            "main:text -> heap#4 char[4] = \"x\"\n"
            "unreachable:\n"
            "  heap#5 int = 0\n");
  EXPECT_EQ(heapPicture(trial.machine(), 1),
            "heap: 6 variables, 56 bytes\nroot -> heap#0 struct node = {value = 0, left = &heap#1, right = &heap#2}, "
            "shared by 3\n.. 5 more\n");
}

TEST(Picture, LongListsAreDrawnWithoutRecursion) {
  Trial trial(
      "struct n { struct n *next; } *list;\nint main() {\n  for (int i = 0; i < 20000; i++) {\n"
      "    struct n *n = new(struct n); n->next = list; list = n;\n  }\n  return 0;\n}\n");
  finish(trial);
  const std::string all = heapPicture(trial.machine(), UINT32_MAX);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 20002);  // main:n, too
}

bool has(const std::string& text, const std::string& line) { return text.find(line + '\n') != text.npos; }

TEST(Graph, RecordsAndEdges) {
  Trial trial(kGraph);
  finish(trial);
  const std::string dot = dotGraph(trial.machine());
  for (const char* line : {
           "digraph configuration {",
           "    label=\"lms(0) globals\";",
           "    g0 [label=\"struct\\ node\\ *root|<v0> &heap#0\"];",
           "    g1 [label=\"char\\ word[4]|<v0> \\\"a\\|b\\\"\"];",
           "    label=\"lms(1) main\";",
           "    f1_0 [label=\"struct\\ node\\ *a|<v0> &heap#0\"];",
           "    h2 [label=\"heap#2\\ struct\\ node|<v0> .value\\ =\\ 7|<v1> .left\\ =\\ null|<v2> .right\\ =\\ "
           "&heap#0\"];",
           "    h3 [label=\"heap#3\\ int[3]|<v0> [0]\\ =\\ 0|<v1> [1]\\ =\\ 0|<v2> [2]\\ =\\ 0\"];",
           "    h4 [label=\"heap#4\\ char[4]|<v0> \\\"x\\\"\"];",
           "  g0:v0 -> h0;",
           "  g2:v0 -> g1;",
           "  h0:v1 -> h1;",
           "  h2:v2 -> h0;",
           "  f1_4:v0 -> h3:v2 [style=dashed, label=\"+ 1\"];",
       })
    EXPECT_TRUE(has(dot, line)) << line << "\n" << dot;
  EXPECT_EQ(std::count(dot.begin(), dot.end(), '{'), std::count(dot.begin(), dot.end(), '}'));
}

}  // namespace
}  // namespace debug::test
