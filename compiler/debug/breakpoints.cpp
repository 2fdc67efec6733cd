#include "compiler/debug/breakpoints.h"

#include <algorithm>
#include <charconv>

#include "compiler/debug/values.h"

namespace debug {

using base::Error;
using interp::Machine;

namespace {

std::string_view withoutBlanks(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::optional<uint32_t> wholeNumber(std::string_view text) {
  uint32_t value = 0;
  auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && rest == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string describeValue(const Machine& machine, const Expression& expression, const Machine::Evaluation& found) {
  if (!found.values.empty()) return format(machine, expression.root->type, found.values);
  return "no value (" + std::string(object::faultName(found.fault.fault)) + ": " + found.fault.text + ')';
}

std::optional<uint16_t> Breakpoints::findFile(std::string_view name, std::string& problem) const {
  std::optional<uint16_t> found;
  const auto& files = session_.program().files;
  for (uint16_t i = 0; i < files.size(); i++) {
    if (files[i] == name) return i;
    if (!files[i].ends_with('/' + std::string(name)) || !findLine(i, 1)) continue;
    if (found && files[*found] != files[i])
      return problem = "both " + files[*found] + " and " + files[i] + " are meant", std::nullopt;
    found = i;
  }
  if (!found) problem = "the program has no file '" + std::string(name) + "'";
  return found;
}

// The first line from this one on where a statement is.
std::optional<uint32_t> Breakpoints::findLine(uint16_t file, uint32_t line) const {
  std::optional<uint32_t> best;
  for (const core::Function& function : session_.program().functions)
    for (const core::Stmt* stmt : function.statements) {
      const core::Position at = stmt->position;
      if (at.file == file && at.line >= line && (!best || at.line < *best)) best = at.line;
    }
  return best;
}

base::Result<Breakpoint> Breakpoints::parse(std::string_view text) {
  Breakpoint made{next_, "", {}, 0, 0, ""};
  if (const size_t condition = text.find(" if "); condition != text.npos) {
    made.condition = withoutBlanks(text.substr(condition + 4));
    text = withoutBlanks(text.substr(0, condition));
  }
  const core::Program& program = session_.program();
  const size_t colon = text.rfind(':');
  std::optional<uint32_t> line = wholeNumber(colon == text.npos ? text : text.substr(colon + 1));
  if (!line) {
    const auto function = program.findFunction(text);
    if (!function) return Error{"there is no function '" + std::string(text) + "'", "no-place", ""};
    if (!program.functions[*function].defined)
      return Error{"'" + std::string(text) + "' is a primitive: it has no statements", "no-place", ""};
    made.text = text, made.function = function;
    return made;
  }
  if (colon != text.npos) {
    std::string problem;
    const auto file = findFile(text.substr(0, colon), problem);
    if (!file) return Error{problem, "no-place", ""};
    made.file = *file;
  } else if (const core::Stmt* head = session_.machine().head()) {
    made.file = head->position.file;
  }
  if (made.file >= program.files.size()) return Error{"the program has no files", "no-place", ""};
  line = findLine(made.file, *line);
  if (!line) return Error{program.files[made.file] + " has no statement there", "no-place", ""};
  made.line = *line;
  made.text = program.files[made.file] + ':' + std::to_string(made.line);
  return made;
}

base::Result<const Breakpoint*> Breakpoints::add(std::string_view text) {
  base::Result<Breakpoint> made = parse(withoutBlanks(text));
  if (!made) return made.error();
  breakpoints_.push_back(std::move(*made));
  next_++;
  return &breakpoints_.back();
}

base::Result<const Watch*> Breakpoints::watch(std::string_view text, uint32_t depth) {
  base::Result<Expression> expression = parseExpression(withoutBlanks(text), session_.machine(), depth);
  if (!expression) return expression.error();
  Watch made{next_, std::move(*expression), 0, "", {}};
  if (made.expression.local) made.serial = session_.machine().frame(depth).serial;
  read(made, made.value, made.content);
  watches_.push_back(std::move(made));
  next_++;
  return &watches_.back();
}

bool Breakpoints::remove(uint32_t number) {
  const size_t before = breakpoints_.size() + watches_.size();
  std::erase_if(breakpoints_, [&](const Breakpoint& each) { return number == 0 || each.number == number; });
  std::erase_if(watches_, [&](const Watch& each) { return number == 0 || each.number == number; });
  return number == 0 || breakpoints_.size() + watches_.size() < before;
}

const Breakpoint* Breakpoints::hit(std::string& problem) {
  if (!session_.beginsLine() || breakpoints_.empty()) return nullptr;
  const core::Stmt* head = session_.machine().head();
  if (!head) return nullptr;
  for (Breakpoint& each : breakpoints_) {
    const bool here = each.function ? session_.entered() && session_.machine().headFunction() == *each.function
                                    : head->position.file == each.file && head->position.line == each.line;
    if (here && holds(each, problem)) return each.hits++, &each;
  }
  return nullptr;
}

bool Breakpoints::holds(Breakpoint& breakpoint, std::string& problem) {
  if (breakpoint.condition.empty()) return true;
  const Machine& machine = session_.machine();
  base::Result<Expression> condition = parseExpression("!!(" + breakpoint.condition + ")", machine, machine.rd());
  if (!condition) return problem = condition.error().text, true;
  const auto found = machine.evaluate(*condition->root, machine.rd());
  if (found.values.empty()) return problem = describeValue(machine, *condition, found), true;
  return found.values[0].bits != 0;
}

bool Breakpoints::read(Watch& watch, std::string& value, std::vector<interp::Value>& content) const {
  const Machine& machine = session_.machine();
  uint32_t depth = machine.rd();
  if (watch.serial && (depth = depthOf(machine, watch.serial)) == 0) return false;
  auto found = machine.evaluate(*watch.expression.root, depth);
  if (content == found.values && !content.empty() && !value.empty()) return true;
  value = describeValue(machine, watch.expression, found);
  content = std::move(found.values);
  return true;
}

std::string Breakpoints::changes() {
  std::string text;
  std::erase_if(watches_, [&](Watch& watch) {
    const std::string old = watch.value;
    if (!read(watch, watch.value, watch.content)) {
      if (old.empty()) return false;
      text += "watch " + std::to_string(watch.number) + ": " + watch.expression.text +
              " is gone, its function has returned\n";
      return true;
    }
    if (!old.empty() && old != watch.value)
      text += "watch " + std::to_string(watch.number) + ": " + watch.expression.text + "\n  old " + old + "\n  new " +
              watch.value + '\n';
    return false;
  });
  return text;
}

void Breakpoints::refresh() {
  for (Watch& watch : watches_) {
    watch.value.clear(), watch.content.clear();
    read(watch, watch.value, watch.content);
  }
}

}  // namespace debug
