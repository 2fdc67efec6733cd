// Commands that show the configuration, or change a value in it.
#include <algorithm>

#include "assembler/base/tool.h"
#include "compiler/core/print.h"
#include "compiler/debug/picture.h"
#include "compiler/debug/prompt.h"
#include "compiler/debug/values.h"

namespace debug {

using core::Stmt;
using interp::Value;

namespace {

constexpr uint32_t kAround = 5;          // lines before and after
constexpr uint32_t kPictureLimit = 100;  // heap variables
constexpr uint32_t kMostFrames = 40;

}  // namespace

// step 12, main at prog.c0:5:3
//    5 |   x = y + 1;
void Prompt::showPlace() {
  if (session_.stop() == interp::Stop::Ended) return ended();
  const Stmt* head = machine().head();
  if (!head || depth_ == 0) return ended();
  say("step " + std::to_string(machine().steps()) + ", " + program().functions[machine().headFunction()].name + " at " +
      place(program(), machine().headFunction(), head->position) + '\n');
  if (session_.sources().line(head->position.file, head->position.line)) showLine(head->position, false);
  else say("    " + core::printHead(program(), program().functions[machine().headFunction()], *head) + '\n');
}

void Prompt::showLine(core::Position at, bool current) {
  std::string number = std::to_string(at.line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  if (current) number[0] = '>';
  say(number + " | " + std::string(session_.sources().line(at.file, at.line).value_or("")) + '\n');
}

// fact(n = 3)
std::string Prompt::called(uint32_t depth) const {
  const interp::FrameView frame = machine().frame(depth);
  const core::Function& function = program().functions[frame.function];
  std::string text = function.name + '(';
  for (uint32_t i = 0; i < function.parameters; i++) {
    const core::Variable& variable = function.variables[i];
    if (i) text += ", ";
    text += variable.name + " = " +
            format(machine(), variable.type,
                   frame.content.subspan(machine().variableBase(depth, i), program().types[variable.type].size));
  }
  return text + ')';
}

void Prompt::where(std::string_view) {
  const uint32_t rd = machine().rd();
  if (rd == 0) return ended();
  for (uint32_t depth = rd; depth; depth--) {
    if (rd > kMostFrames && depth == rd - kMostFrames / 2) {
      say("  .. " + std::to_string(rd - kMostFrames) + " more\n");
      depth = kMostFrames / 2;
    }
    const Stmt* stands = standsAt(machine(), depth);
    say((depth == depth_ ? "* " : "  ") + std::to_string(depth) + ' ' + called(depth) +
        (stands ? " at " + place(program(), machine().frame(depth).function, stands->position) : "") + '\n');
  }
}

bool Prompt::choose(uint32_t depth) {
  if (depth == 0 || depth > machine().rd()) return say("there is no such call; 'where' lists them\n"), false;
  depth_ = depth;
  const Stmt* stands = standsAt(machine(), depth);
  say(std::to_string(depth) + ' ' + called(depth) +
      (stands ? " at " + place(program(), machine().frame(depth).function, stands->position) : "") + '\n');
  if (stands && session_.sources().line(stands->position.file, stands->position.line))
    showLine(stands->position, false);
  return true;
}

void Prompt::frame(std::string_view text) {
  if (std::optional<uint64_t> depth = count(text, depth_)) choose(uint32_t(std::min<uint64_t>(*depth, UINT32_MAX)));
}
void Prompt::up(std::string_view) { choose(depth_ - (depth_ != 0)); }
void Prompt::down(std::string_view) { choose(depth_ + 1); }

void Prompt::info(std::string_view text) {
  auto is = [&](std::string_view what) { return !text.empty() && what.starts_with(text); };
  if (is("breakpoints") || is("watches")) {
    for (const Breakpoint& each : breakpoints_.breakpoints())
      say("breakpoint " + std::to_string(each.number) + " at " + each.text +
          (each.condition.empty() ? "" : " if " + each.condition) + ", " + std::to_string(each.hits) +
          (each.hits == 1 ? " hit\n" : " hits\n"));
    for (const Watch& each : breakpoints_.watches())
      say("watch " + std::to_string(each.number) + ": " + each.expression.text + " = " + each.value + '\n');
    if (breakpoints_.breakpoints().empty() && breakpoints_.watches().empty()) say("no breakpoints\n");
  } else if (is("frames")) {
    where("");
  } else if (is("locals")) {
    if (depth_) showVariables(depth_);
    else ended();
  } else if (is("globals")) {
    showVariables(0);
  } else {
    say("info takes breakpoints, frames, locals or globals\n");
  }
}

// Names that begin with a point, and string literals, are the compiler's own; variables of the library are its
// business.
void Prompt::showVariables(uint32_t depth) {
  const interp::FrameView frame = machine().frame(depth);
  for (uint32_t i = 0; i < frame.variableCount; i++) {
    const core::Position at =
        depth ? program().functions[frame.function].variables[i].position : program().globals[i].position;
    const std::string& name = depth ? program().functions[frame.function].variables[i].name : program().globals[i].name;
    const core::TypeId type = depth ? program().functions[frame.function].variables[i].type : program().globals[i].type;
    if (name.starts_with('.') || (depth == 0 && session_.sources().isLibrary(at.file))) continue;
    say(program().types.declare(type, name) + " = " +
        format(machine(), type, frame.content.subspan(machine().variableBase(depth, i), program().types[type].size)) +
        '\n');
  }
}

void Prompt::print(std::string_view text) {
  if (text.empty()) return say("print takes an expression\n");
  if (text.starts_with("heap#")) {
    std::optional<uint64_t> i = count(text.substr(5), UINT64_MAX);
    if (!i) return;
    if (*i >= machine().heap().variableCount)
      return say("there is no heap variable " + std::string(text.substr(5)) + '\n');
    const uint32_t number = uint32_t(*i), length = machine().heapCount(number);
    const auto content = contentOf(machine(), Value::pointer(interp::kHeapFrame, number, 0));
    return say(std::string(text) + " = " +
               (length ? formatArray(machine(), machine().heapType(number), length, content)
                       : format(machine(), machine().heapType(number), content)) +
               " (" + heapTypeName(machine(), number) + ")\n");
  }
  base::Result<Expression> expression = parseExpression(text, machine(), depth_);
  if (!expression) return say(expression.error().text + '\n');
  const auto found = machine().evaluate(*expression->root, depth_);
  std::string line = expression->text + " = " + describeValue(machine(), *expression, found);
  if (!found.values.empty() && expression->root->type != core::TypeTable::kVoid)
    line += " (" + program().types.print(expression->root->type) + ')';
  say(line + '\n');
}

void Prompt::set(std::string_view text) {
  const size_t sign = text.find('=');
  if (sign == text.npos || text.substr(sign).starts_with("==")) return say("set takes PLACE = EXPR\n");
  base::Result<Expression> place = parseExpression(text.substr(0, sign), machine(), depth_);
  if (!place) return say(place.error().text + '\n');
  const core::Type& type = program().types[place->root->type];
  if (!place->root->place() || !type.simple()) return say("only a variable, field or element of simple type is set\n");
  base::Result<Expression> value = parseExpression(text.substr(sign + 1), machine(), depth_, place->root->type);
  if (!value) return say(value.error().text + '\n');
  const auto to = machine().evaluate(*place->root, depth_), from = machine().evaluate(*value->root, depth_);
  if (to.values.empty()) return say(describeValue(machine(), *place, to) + '\n');
  if (from.values.empty()) return say(describeValue(machine(), *value, from) + '\n');
  if (!session_.assign(*to.place, from.values[0])) return say("that cannot be set: it is constant\n");
  breakpoints_.refresh();
  print(text.substr(0, text.find_last_not_of(" \t", sign - 1) + 1));
}

void Prompt::list(std::string_view text) {
  core::Position at;
  if (depth_ && standsAt(machine(), depth_)) at = standsAt(machine(), depth_)->position;
  const core::Position here = at;
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    std::optional<uint64_t> line = count(text, 1);
    if (!line) return;
    at.line = uint32_t(std::min<uint64_t>(*line, UINT32_MAX / 2));
  } else if (!text.empty()) {
    const auto function = program().findFunction(text);
    if (!function || !program().functions[*function].defined)
      return say("there is no function '" + std::string(text) + "'\n");
    at = program().functions[*function].position;
  }
  const uint32_t last = session_.sources().lineCount(at.file);
  if (last == 0) return say("the source is not there\n");
  if (at.line == 0 || at.line > last) return say("the file has lines 1 to " + std::to_string(last) + '\n');
  for (uint32_t line = at.line > kAround ? at.line - kAround : 1; line <= std::min(at.line + kAround, last); line++)
    showLine({line, 1, at.file}, here.file == at.file && line == here.line);
}

void Prompt::heap(std::string_view text) {
  if (text.starts_with("dot")) {
    std::string file(text.substr(3));
    file.erase(0, file.find_first_not_of(' '));
    if (file.empty()) return say("heap dot takes a file\n");
    const std::string graph = dotGraph(machine());
    if (base::Status status = base::writeFile(file, graph.data(), graph.size()); !status)
      say(status.error().text + (status.error().place.empty() ? "" : ": " + status.error().place) + '\n');
    return;
  }
  if (!text.empty() && text != "all") return say("heap takes nothing, all, or dot FILE\n");
  say(heapPicture(machine(), text.empty() ? kPictureLimit : UINT32_MAX));
}

// fact, depth 2
//   prog.c0:5:3 return r;
void Prompt::rest(std::string_view) {
  const uint32_t rd = machine().rd();
  if (!machine().head()) return ended();
  for (uint32_t depth = rd; depth; depth--) {
    if (rd > kMostFrames && depth == rd - kMostFrames)
      return say(".. and of " + std::to_string(depth) + " calls below\n");
    const uint32_t function = machine().frame(depth).function;
    say(program().functions[function].name + ", depth " + std::to_string(depth) + '\n');
    for (const Stmt* stmt : machine().rest(depth))
      say("  " + place(program(), function, stmt->position) + ' ' +
          core::printHead(program(), program().functions[function], *stmt) + '\n');
  }
}

void Prompt::dump(std::string_view text) {
  if (!text.empty() && text != "json" && text != "text") return say("the formats are text and json\n");
  say(text == "json" ? machine().dumpJson() : machine().dumpText());
}

}  // namespace debug
