// Going back is exact: configurations, input and output are those of a run that never went back.
#include <random>

#include "test/unit/debug/trial.h"

namespace debug::test {
namespace {

constexpr const char* kEcho = R"(
int put_char(char c); int get_char();
struct node { int value; struct node *next; } *list;
int total;
int sum(struct node *n) { return n ? n->value + sum(n->next) : 0; }
int main() {
  for (int c = get_char(); c >= 0; c = get_char()) {
    struct node *n = new(struct node);
    n->value = c;
    n->next = list;
    list = n;
    put_char((char)c);
    total += sum(list);
  }
  return total & 127;
}
)";

std::string letters(unsigned count) {
  std::string text;
  for (unsigned i = 0; i < count; i++) text += char('a' + i % 26);
  return text;
}

struct Moment {
  std::string dump;
  bool statement, line, entered;
  explicit Moment(const Session& session)
      : dump(session.machine().dumpText()),
        statement(session.beginsStatement()),
        line(session.beginsLine()),
        entered(session.entered()) {}
  bool operator==(const Moment&) const = default;
};

TEST(Session, GoesBackExactly) {
  const std::string input = letters(60);
  Trial straight(kEcho, input);
  std::vector<Moment> moments{Moment(straight.session)};
  while (straight.session.step() == interp::Stop::Running) moments.emplace_back(straight.session);
  moments.emplace_back(straight.session);
  ASSERT_GT(moments.size(), 5000u);  // several snapshots
  ASSERT_EQ(straight.console.output, input);

  Trial trial(kEcho, input);
  std::minstd_rand random(7);
  for (int round = 0; round < 40; round++) {
    const uint64_t to = random() % (moments.size() - 2);
    while (trial.machine().steps() < to) trial.session.step();
    if (trial.machine().steps() > to) trial.session.goBack(to);
    ASSERT_EQ(trial.machine().steps(), to);
    ASSERT_EQ(Moment(trial.session), moments[to]) << "step " << to;
    trial.session.step();
    ASSERT_EQ(Moment(trial.session), moments[to + 1]) << "step " << to + 1;
  }
  while (trial.session.step() == interp::Stop::Running) continue;
  EXPECT_EQ(Moment(trial.session), moments.back());
  EXPECT_EQ(trial.machine().exitStatus(), straight.machine().exitStatus());
  EXPECT_EQ(trial.console.output, input);  // nothing twice
  EXPECT_EQ(trial.console.taken, input.size());
}

TEST(Session, ManySnapshotsBecomeFewer) {
  Trial trial("int main() { unsigned n = 0; while (n < 300000u) n++; return 3; }");
  while (trial.session.step() == interp::Stop::Running) continue;
  const uint64_t end = trial.machine().steps();
  trial.session.goBack(end - 1);
  EXPECT_EQ(trial.session.stop(), interp::Stop::Running);
  EXPECT_EQ(trial("print n"), "n = 300000 (unsigned)\n");
  trial.session.goBack(11);
  EXPECT_EQ(trial("print n"), "n = 5 (unsigned)\n");
}

TEST(Session, EditsAreReplayedAndUndone) {
  Trial trial(
      "int put_char(char c); int x; int main() { for (int i = 0; i < 2000; i++) x++; put_char((char)x); return x; }");
  const core::Program& program = trial.program;
  auto set = [&](uint32_t value) {
    return trial.session.assign({interp::kGlobalFrame, *program.findGlobal("x"), 0, core::TypeTable::kInt},
                                interp::Value::number(value));
  };
  auto advance = [&](uint64_t to) {
    while (trial.machine().steps() < to) trial.session.step();
  };
  advance(1500);
  const std::string before = trial("print x");
  ASSERT_TRUE(set(1000000));
  advance(4000);
  const std::string after = trial("print x");
  advance(5000);
  trial.session.goBack(4000);  // over a snapshot that has the edit, and over none
  EXPECT_EQ(trial("print x"), after);
  trial.session.goBack(1501);
  EXPECT_EQ(trial("print x").substr(0, 10), "x = 100000");
  trial.session.goBack(1500);
  EXPECT_EQ(trial("print x"), before);
  while (trial.session.step() == interp::Stop::Running) continue;
  EXPECT_EQ(trial.machine().exitStatus(), 2000u);
}

TEST(Session, OutputThatDiffersIsShown) {
  Trial trial("int put_char(char c); int main() { char c = 'a'; put_char(c); put_char((char)(c + 1)); return 0; }");
  while (trial.session.step() == interp::Stop::Running) continue;
  EXPECT_EQ(trial.console.output, "ab");
  trial("goto 1");
  trial("set c = 'x'");
  trial("continue");
  EXPECT_EQ(trial.console.output, "abxy");
}

TEST(Session, StatementsOfOneLine) {
  Trial trial("int f(int x) { return x; }\nint main() {\n  int a = f(1) + f(2); int b = 3;\n  return a +\n    b;\n}\n");
  std::string begins;
  while (trial.session.step() == interp::Stop::Running)
    if (trial.session.beginsStatement())
      begins += std::to_string(trial.line()) + ':' + std::to_string(trial.machine().head()->position.column) + ' ';
  EXPECT_EQ(begins, "1:16 1:16 3:28 4:3 ");  // both calls, b, return
}

TEST(Session, LoopsOnOneLineComeRound) {
  Trial trial("int main() {\n  int i = 0, a[40] = {1};\n  while (i < 3) i++;\n  return a[0];\n}\n");
  std::string lines;
  for (int i = 0; i < 20 && trial.machine().head(); i++) {
    lines += std::to_string(trial.line()) + ' ';
    trial("step");
  }
  EXPECT_EQ(lines, "2 3 3 3 3 4 ");  // not the loop that clears the array
}

}  // namespace
}  // namespace debug::test
