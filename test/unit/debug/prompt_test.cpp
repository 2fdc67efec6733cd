// Commands, their effects and their answers.
#include <random>

#include "test/unit/debug/trial.h"

namespace debug::test {
namespace {

constexpr const char* kFact = R"(int put_char(char c);
int calls;
int fact(int n) {
  calls++;
  if (n < 2)
    return 1;
  return n * fact(n - 1);
}
int main() {
  int a = fact(3);
  int b = fact(2); put_char('x');
  return a + b;
}
)";

std::string walk(Trial& trial, std::string_view command, int times) {
  std::string lines;
  for (int i = 0; i < times && trial.machine().head(); i++) {
    trial(command);
    lines += std::to_string(trial.line()) + ' ';
  }
  return lines;
}

TEST(Prompt, StepNextFinish) {
  Trial step(kFact), next(kFact), finish(kFact);
  EXPECT_EQ(walk(step, "step", 9), "4 5 7 4 5 7 4 5 6 ");
  EXPECT_EQ(walk(step, "s", 3), "11 4 5 ");  // the returns end the statements that wait
  EXPECT_EQ(walk(next, "next", 9), "11 11 12 0 ");
  EXPECT_EQ(next.console.output, "x");
  finish("break fact if n == 1");
  finish("continue");
  EXPECT_EQ(finish.machine().rd(), 4u);
  EXPECT_NE(finish("finish").find("fact returns 1\n"), std::string::npos);
  EXPECT_EQ(finish.machine().rd(), 3u);
  EXPECT_NE(finish("finish").find("fact returns 2\n"), std::string::npos);
  EXPECT_NE(finish("finish").find("fact returns 6\n"), std::string::npos);
  EXPECT_EQ(finish.line(), 11u);
  finish("delete");
  EXPECT_EQ(finish("finish"), "the program has ended with status 8 after 22 steps\n");
}

TEST(Prompt, BackIsTheInverseOfStep) {
  Trial trial(kFact);
  std::vector<uint64_t> begins{0};
  while (trial.session.stop() == interp::Stop::Running) {
    trial("step");
    begins.push_back(trial.machine().steps());
  }
  ASSERT_GT(begins.size(), 15u);
  for (size_t i = begins.size() - 1; i-- > 0;) {
    trial("back");
    EXPECT_EQ(trial.machine().steps(), begins[i]);
  }
  EXPECT_NE(trial("back").find("the program has not begun"), std::string::npos);
  trial("step 7");
  trial("back 3");
  EXPECT_EQ(trial.machine().steps(), begins[4]);
  EXPECT_NE(trial("back 30").find("this is the program's start"), std::string::npos);
  trial("stepi 5");
  trial("backi 2");
  EXPECT_EQ(trial.machine().steps(), 3u);
  trial("continue");
  EXPECT_EQ(trial.console.output, "x");
}

TEST(Prompt, Breakpoints) {
  Trial trial(kFact);
  EXPECT_EQ(trial("break 6"), "breakpoint 1 at t.c0:6\n");
  EXPECT_EQ(trial("b t.c0:8"), "breakpoint 2 at t.c0:10\n");  // the next line with a statement
  EXPECT_EQ(trial("break fact if n == 2"), "breakpoint 3 at fact\n");
  EXPECT_EQ(trial("c"), "breakpoint 3, fact\nstep 4, fact at t.c0:4:3\n    4 |   calls++;\n");
  EXPECT_EQ(trial("c").substr(0, 23), "breakpoint 1, t.c0:6\nst");
  EXPECT_EQ(trial("info breakpoints"),
            "breakpoint 1 at t.c0:6, 1 hit\nbreakpoint 2 at t.c0:10, 0 hits\nbreakpoint 3 at fact if n == 2, 1 hit\n");
  EXPECT_EQ(trial("delete 1"), "");
  EXPECT_EQ(trial("c").substr(0, 18), "breakpoint 3, fact");
  EXPECT_EQ(trial("delete 1"), "there is no breakpoint or watch 1\n");
  EXPECT_EQ(trial("delete"), "");
  EXPECT_EQ(trial("info b"), "no breakpoints\n");
  EXPECT_EQ(trial("c"), "the program has ended with status 8 after 22 steps\n");
  EXPECT_EQ(trial("c"), "the program has ended with status 8 after 22 steps\n");
  for (const char* wrong : {"break none", "break put_char", "break 99", "break u.c0:3", "break t.c0:x", "break",
                            "delete x", "watch", "watch 1 +"})
    EXPECT_NE(trial(wrong), "") << wrong;
  EXPECT_EQ(trial("info b"), "no breakpoints\n");
  trial("goto 0");
  trial("break fact if none");
  EXPECT_NE(trial("c").find("its condition: there is no variable 'none' here"), std::string::npos);
}

TEST(Prompt, Watch) {
  Trial trial(kFact);
  EXPECT_EQ(trial("watch calls * 2"), "watch 1: calls * 2 = 0\n");
  EXPECT_EQ(trial("c"), "watch 1: calls * 2\n  old 0\n  new 2\nstep 2, fact at t.c0:5:3\n    5 |   if (n < 2)\n");
  trial("delete 1");
  trial("break 6");
  trial("c");
  EXPECT_EQ(trial("watch n"), "watch 3: n = 1\n");
  EXPECT_EQ(trial("c").substr(0, 45), "watch 3: n is gone, its function has returned");
  trial("back 2");
  trial("delete");
  trial("goto 0");
  trial("watch a");
  EXPECT_EQ(trial("c").substr(0, 39), "watch 4: a\n  old undefined\n  new 6\nstep");
}

TEST(Prompt, FaultsEndARun) {
  Trial trial("int main() {\n  int a[2] = {0};\n  int i = 2;\n  return a[i];\n}\n");
  EXPECT_EQ(trial("c"),
            "t.c0:4:11: fault: out-of-bounds: the index is outside the array\n"
            "t.c0:4:11: note: in function main at step 4: index 2 is outside int[2]\n");
  EXPECT_EQ(trial("print i"), "i = 2 (int)\n");
  EXPECT_NE(trial("step").find("fault: out-of-bounds"), std::string::npos);
  trial("back");
  EXPECT_EQ(trial.line(), 3u);
  trial("next");
  trial("set i = 1");
  EXPECT_EQ(trial("c").substr(0, 35), "the program has ended with status 0");
}

TEST(Prompt, Limit) {
  Trial trial("int main() {\n  while (true) ;\n  return 0;\n}\n", "", {1 << 20, 1 << 20}, 50);
  EXPECT_EQ(trial("c").substr(0, 28), "limit of 50 steps reached\nst");
  trial("back 3");
  EXPECT_LT(trial.machine().steps(), 50u);
}

TEST(Prompt, ShowsTheRun) {
  Trial trial(kFact);
  trial("break 6");
  trial("c");
  EXPECT_EQ(trial("where"),
            "* 4 fact(n = 1) at t.c0:6:5\n  3 fact(n = 2) at t.c0:7:14\n  2 fact(n = 3) at t.c0:7:14\n  1 main() at "
            "t.c0:10:11\n");
  EXPECT_EQ(trial("frame 2"), "2 fact(n = 3) at t.c0:7:14\n    7 |   return n * fact(n - 1);\n");
  EXPECT_EQ(trial("p n"), "n = 3 (int)\n");
  EXPECT_EQ(trial("frame 9"), "there is no such call; 'where' lists them\n");
  EXPECT_EQ(trial("down").substr(0, 13), "3 fact(n = 2)");
  EXPECT_EQ(trial("list 2"),
            "    1 | int put_char(char c);\n    2 | int calls;\n    3 | int fact(int n) {\n    4 |   calls++;\n    5 | "
            "  if (n < 2)\n"
            "    6 |     return 1;\n>   7 |   return n * fact(n - 1);\n");
  EXPECT_EQ(trial("list 99"), "the file has lines 1 to 13\n");
  EXPECT_EQ(trial("rest").substr(0, 85),
            "fact, depth 4\n  t.c0:6:5 return 1;\n  t.c0:7:14 .t1 = fact(n - 1);\n  t.c0:7:3 return n");
  EXPECT_EQ(trial("dump"), trial.machine().dumpText());
  trial("delete");
  trial("backi");
  EXPECT_EQ(trial("stepi"), "9 fact if-true t.c0:5:3 if (n < 2)\nstep 9, fact at t.c0:6:5\n    6 |     return 1;\n");
  trial("trace on");
  EXPECT_EQ(trial("step").substr(0, 33), "10 fact return t.c0:6:5 return 1;");
  trial("trace off");
  EXPECT_EQ(trial("trace"), "trace is on or off\n");
}

TEST(Prompt, AnswersWrongCommands) {
  Trial trial(kFact);
  EXPECT_EQ(trial("jump"), "there is no command 'jump'; 'help' lists them\n");
  EXPECT_EQ(trial("step x"), "'x' is not a number\n");
  EXPECT_EQ(trial("step -1"), "'-1' is not a number\n");
  EXPECT_EQ(trial("goto"), "goto takes a step's number\n");
  EXPECT_EQ(trial("info"), "info takes breakpoints, frames, locals or globals\n");
  EXPECT_EQ(trial("heap dot"), "heap dot takes a file\n");
  EXPECT_NE(trial("heap dot /nowhere/at/all"), "");
  EXPECT_EQ(trial("dump xml"), "the formats are text and json\n");
  EXPECT_EQ(trial(""), "");
  EXPECT_EQ(trial("# a comment"), "");
  EXPECT_EQ(trial.machine().steps(), 0u);
  EXPECT_NE(trial("help").find("  finish, fin"), std::string::npos);
  EXPECT_EQ(trial("help nothing"), "there is no command 'nothing'\n");
  EXPECT_TRUE(trial.prompt.execute("help quit"));
  EXPECT_FALSE(trial.prompt.execute("q"));
}

TEST(Prompt, Completes) {
  Trial trial(kFact);
  using Words = std::vector<std::string>;
  EXPECT_EQ(trial.prompt.complete("st"), (Words{"step", "stepi"}));
  EXPECT_EQ(trial.prompt.complete("print ca"), (Words{"calls"}));
  EXPECT_EQ(trial.prompt.complete("print a+fa"), (Words{"fact"}));
  EXPECT_EQ(trial.prompt.complete("xyz"), Words{});
}

// Whatever is typed, the configuration is that of its step.
TEST(Prompt, AnyCommandsInAnyOrder) {
  Trial straight(kFact), trial(kFact);
  std::vector<std::string> dumps{straight.machine().dumpText()};
  while (straight.session.step() != interp::Stop::Ended) dumps.push_back(straight.machine().dumpText());
  dumps.push_back(straight.machine().dumpText());
  const char* const commands[] = {
      "step",     "next",   "next 2",     "finish",  "continue", "stepi 3", "back",    "back 4",
      "backi 2",  "goto 9", "break fact", "break 6", "delete",   "watch n", "watch a", "watch calls",
      "print n*", "up",     "frame 1",    "down",    "where",    "list",    "heap",    "rest",
      "info l",   "info g", "info b",     "dump",    "goto 0",   "print n", "back 99", "break fact if n == 1"};
  std::minstd_rand random(3);
  for (int i = 0; i < 3000; i++) {
    const std::string command = commands[random() % std::size(commands)];
    trial(command);
    ASSERT_EQ(trial.machine().dumpText(), dumps[trial.machine().steps()]) << i << ' ' << command;
  }
  EXPECT_EQ(trial.console.output, "x");
}

// Files that are not there: lines are statements, and the core is shown.
TEST(Prompt, WithoutSource) {
  Trial trial(kFact);
  trial.session.sources().supply(0, "");
  EXPECT_EQ(trial("step"), "step 1, fact at t.c0:4:3\n    calls = calls + 1;\n");
  EXPECT_EQ(trial("list"), "the source is not there\n");
}

}  // namespace
}  // namespace debug::test
