// Commands that move, and those about where to stop.
#include "compiler/debug/prompt.h"

#include <algorithm>
#include <charconv>

#include "compiler/debug/values.h"

namespace debug {

using core::Stmt;
using interp::Stop;

struct Prompt::Command {
  std::string_view name, alias, arguments, meaning;
  void (Prompt::*handler)(std::string_view);
};

const Prompt::Command Prompt::kCommands[] = {
#define COMMAND(handler, name, alias, arguments, meaning) {name, alias, arguments, meaning, &Prompt::handler},
#include "compiler/debug/commands.def"
};

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && uint8_t(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && uint8_t(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool isWordCharacter(char c) { return std::isalnum(uint8_t(c)) || c == '_' || c == '#' || c == '.'; }

}  // namespace

Prompt::Prompt(Session& session, std::function<void(std::string_view)> write, uint64_t maxSteps,
               volatile std::sig_atomic_t* interrupted)
    : session_(session),
      breakpoints_(session),
      write_(std::move(write)),
      maxSteps_(maxSteps),
      interrupted_(interrupted),
      depth_(session.machine().rd()) {}

const Prompt::Command* Prompt::find(std::string_view name) {
  const Command* found = nullptr;
  for (const Command& each : kCommands) {
    if (each.name == name || (each.alias == name && !name.empty())) return &each;
    if (!found && each.name.starts_with(name)) found = &each;
  }
  return found;
}

bool Prompt::execute(std::string_view line) {
  line = trimmed(line);
  if (line.empty() || line[0] == '#') return true;
  const size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view name = line.substr(0, end);
  const Command* command = find(name);
  if (command) (this->*command->handler)(trimmed(line.substr(end)));
  else say("there is no command '" + std::string(name) + "'; 'help' lists them\n");
  return !quit_;
}

std::vector<std::string> Prompt::complete(std::string_view line) const {
  size_t begin = line.size();
  while (begin && isWordCharacter(line[begin - 1])) begin--;
  const std::string_view word = line.substr(begin);
  std::vector<std::string> words, fitting;
  if (trimmed(line.substr(0, begin)).empty()) {
    for (const Command& each : kCommands) words.emplace_back(each.name);
  } else {
    words = visibleNames(machine(), depth_);
    for (const core::Function& each : program().functions)
      if (each.defined) words.push_back(each.name);
    for (const char* each : {"breakpoints", "frames", "locals", "globals", "on", "off"}) words.emplace_back(each);
  }
  std::copy_if(words.begin(), words.end(), std::back_inserter(fitting),
               [&](const std::string& each) { return each.starts_with(word); });
  std::sort(fitting.begin(), fitting.end());
  fitting.erase(std::unique(fitting.begin(), fitting.end()), fitting.end());
  return fitting;
}

std::optional<uint64_t> Prompt::count(std::string_view text, uint64_t otherwise) {
  if (text.empty()) return otherwise;
  uint64_t value = 0;
  auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && rest == text.data() + text.size()) return value;
  say("'" + std::string(text) + "' is not a number\n");
  return std::nullopt;
}

// ---- forward
// ----------------------------------------------------------------------------------------------------------

bool Prompt::running() {
  if (session_.stop() == Stop::Running) return true;
  ended();
  return false;
}

void Prompt::ended() {
  if (session_.stop() == Stop::Faulted) say(faultLines(machine()));
  else
    say("the program has ended with status " + std::to_string(machine().exitStatus() & 0xFF) + " after " +
        std::to_string(machine().steps()) + " steps\n");
}

Prompt::Pause Prompt::run(const std::function<bool()>& done) {
  std::string problem;
  if (interrupted_) *interrupted_ = 0;
  while (true) {
    if (machine().steps() >= maxSteps_)
      return say("limit of " + std::to_string(maxSteps_) + " steps reached\n"), showPlace(), Pause::Other;
    if (interrupted_ && *interrupted_) return say("interrupted\n"), showPlace(), Pause::Other;
    const Stmt* head = machine().head();
    const uint32_t function = machine().headFunction();
    const Stop stop = session_.step();
    depth_ = machine().rd();
    if (tracing_) say(traceLine(machine(), head, function, stop));
    const std::string changes = stop == Stop::Faulted ? "" : breakpoints_.changes();
    if (!changes.empty()) say(changes);
    if (stop != Stop::Running) return ended(), Pause::Other;
    if (!changes.empty()) return showPlace(), Pause::Other;
    if (const Breakpoint* hit = breakpoints_.hit(problem)) {
      say("breakpoint " + std::to_string(hit->number) + ", " + hit->text + '\n');
      if (!problem.empty()) say("its condition: " + problem + '\n');
      return showPlace(), Pause::Other;
    }
    if (done()) return Pause::Done;
  }
}

void Prompt::statements(std::string_view text, bool over) {
  std::optional<uint64_t> n = count(text, 1);
  if (!n || !running()) return;
  for (uint64_t i = 0; i < *n; i++) {
    const uint32_t depth = machine().rd();
    const bool library = session_.inLibrary();
    auto begins = [&] {
      return session_.beginsStatement() && (library || !session_.inLibrary()) && (!over || machine().rd() <= depth);
    };
    if (run(begins) == Pause::Other) return;
  }
  showPlace();
}

void Prompt::step(std::string_view text) { statements(text, false); }
void Prompt::next(std::string_view text) { statements(text, true); }

void Prompt::stepi(std::string_view text) {
  std::optional<uint64_t> n = count(text, 1);
  if (!n || !running()) return;
  const bool tracing = std::exchange(tracing_, true);
  uint64_t left = *n;
  const Pause pause = left ? run([&] { return --left == 0; }) : Pause::Done;
  tracing_ = tracing;
  if (pause == Pause::Done) showPlace();
}

void Prompt::advance(std::string_view) {
  if (running()) run([] { return false; });
}

void Prompt::finish(std::string_view) {
  if (!running()) return;
  const uint32_t depth = depth_;
  const auto destination = machine().pendingDestination(depth);
  const std::string& name = program().functions[machine().frame(depth).function].name;
  if (run([&] { return machine().rd() < depth; }) == Pause::Other) return;
  if (destination) {
    const auto content =
        contentOf(machine(), interp::Value::pointer(destination->frame, destination->variable, destination->index));
    say(name + " returns " +
        format(machine(), destination->type,
               content.subspan(destination->index, program().types[destination->type].size)) +
        '\n');
  }
  showPlace();
}

// ---- back
// -------------------------------------------------------------------------------------------------------------

void Prompt::went() {
  depth_ = machine().rd();
  breakpoints_.refresh();
  showPlace();
}

void Prompt::back(std::string_view text) {
  std::optional<uint64_t> n = count(text, 1);
  if (!n || *n == 0) return;
  const uint64_t from = machine().steps();
  if (!session_.goBackStatements(*n, session_.inLibrary()))
    say(from ? "this is the program's start\n" : "the program has not begun\n");
  went();
}

void Prompt::backi(std::string_view text) {
  std::optional<uint64_t> n = count(text, 1);
  if (!n) return;
  const uint64_t from = machine().steps();
  if (*n > from) say(from ? "this is the program's start\n" : "the program has not begun\n");
  session_.goBack(from - std::min(*n, from));
  went();
}

void Prompt::goTo(std::string_view text) {
  std::optional<uint64_t> to = text.empty() ? (say("goto takes a step's number\n"), std::nullopt) : count(text, 0);
  if (!to) return;
  const uint64_t from = machine().steps();
  if (*to < from) return session_.goBack(*to), went();
  if (*to == from) return showPlace();
  if (running() && run([&] { return machine().steps() >= *to; }) == Pause::Done) showPlace();
}

// ---- where to stop
// ----------------------------------------------------------------------------------------------------

void Prompt::breakAt(std::string_view text) {
  if (text.empty()) return say("break takes a line, file:line or function\n");
  base::Result<const Breakpoint*> made = breakpoints_.add(text);
  if (!made) return say(made.error().text + '\n');
  say("breakpoint " + std::to_string((*made)->number) + " at " + (*made)->text + '\n');
}

void Prompt::watch(std::string_view text) {
  if (text.empty()) return say("watch takes an expression\n");
  base::Result<const Watch*> made = breakpoints_.watch(text, depth_);
  if (!made) return say(made.error().text + '\n');
  say("watch " + std::to_string((*made)->number) + ": " + (*made)->expression.text + " = " + (*made)->value + '\n');
}

void Prompt::remove(std::string_view text) {
  std::optional<uint64_t> number = count(text, 0);
  if (!number) return;
  if ((*number == 0 && !text.empty()) || *number > UINT32_MAX || !breakpoints_.remove(uint32_t(*number)))
    say("there is no breakpoint or watch " + std::string(text) + '\n');
}

void Prompt::trace(std::string_view text) {
  if (text != "on" && text != "off") return say("trace is on or off\n");
  tracing_ = text == "on";
}

void Prompt::help(std::string_view text) {
  const Command* only = nullptr;
  if (!text.empty() && !(only = find(text))) return say("there is no command '" + std::string(text) + "'\n");
  for (const Command& each : kCommands) {
    if (only && &each != only) continue;
    std::string line = "  " + std::string(each.name) + (each.alias.empty() ? "" : ", " + std::string(each.alias)) +
                       ' ' + std::string(each.arguments);
    if (line.size() < 28) line.resize(28, ' ');
    else line += "\n" + std::string(28, ' ');
    say(line + "  " + std::string(each.meaning) + '\n');
  }
}

void Prompt::quit(std::string_view) { quit_ = true; }

}  // namespace debug
