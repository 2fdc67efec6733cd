// Where a run stops: places of the source, and values that change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/debug/expression.h"
#include "compiler/debug/session.h"

namespace debug {

struct Breakpoint {
  uint32_t number;
  std::string text;                  // as listed: "fact", "prog.c0:12"
  std::optional<uint32_t> function;  // at its first statement; else
  uint16_t file = 0;                 // where a line begins
  uint32_t line = 0;
  std::string condition;  // may be empty
  uint64_t hits = 0;
};

struct Watch {
  uint32_t number;
  Expression expression;
  uint32_t serial;    // of the frame whose variables it names; 0: none
  std::string value;  // as shown last; empty: its frame has not been there yet
  std::vector<interp::Value> content;
};

class Breakpoints {
 public:
  explicit Breakpoints(Session& session) : session_(session) {}

  const std::vector<Breakpoint>& breakpoints() const { return breakpoints_; }
  const std::vector<Watch>& watches() const { return watches_; }

  // "prog.c0:12", "12" (of the file at hand), "fact", each with " if EXPR". A line without a statement stands for the
  // next with one.
  base::Result<const Breakpoint*> add(std::string_view text);
  base::Result<const Watch*> watch(std::string_view expression, uint32_t depth);
  // 0: all. False: there is none such.
  bool remove(uint32_t number);

  // After a step: the breakpoint at the head. `problem`: why its condition has no value, which is taken for true.
  const Breakpoint* hit(std::string& problem);
  // After a step: what changed, as lines of text, or nothing. A watch whose frame has ended is removed.
  std::string changes();
  // After going back.
  void refresh();

 private:
  base::Result<Breakpoint> parse(std::string_view text);
  std::optional<uint16_t> findFile(std::string_view name, std::string& problem) const;
  std::optional<uint32_t> findLine(uint16_t file, uint32_t line) const;
  bool holds(Breakpoint& breakpoint, std::string& problem);
  // False: its frame is not there.
  bool read(Watch& watch, std::string& value, std::vector<interp::Value>& content) const;

  Session& session_;
  std::vector<Breakpoint> breakpoints_;
  std::vector<Watch> watches_;
  uint32_t next_ = 1;
};

// What an expression's value is, or why it has none, in one line.
std::string describeValue(const interp::Machine& machine, const Expression& expression,
                          const interp::Machine::Evaluation& found);

}  // namespace debug
