// Expressions that a person asks about: C's syntax over the names that are visible at a frame, typed and converted as
// in C0X; the result is an expression of the core, whose meaning is the abstract machine's.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"
#include "compiler/interp/interp.h"

namespace debug {

struct Expression {
  std::string text;
  std::shared_ptr<std::deque<core::Expr>> nodes;
  const core::Expr* root = nullptr;
  bool local = false;  // it names a variable of the frame
};

// `depth`: whose names are visible, 0: only globals. Names: locals (the one declared last before the frame's
// statement), static locals, globals (the file's own first). Constants as in C0X, `true false NULL`; operators but
// calls, assignments, `?:`, `,`, sizeof; casts to elementary types. `wanted`, if given: converted to this type, as if
// assigned.
base::Result<Expression> parseExpression(std::string_view text, const interp::Machine& machine, uint32_t depth,
                                         std::optional<core::TypeId> wanted = {});

// Where the frame at `depth` stands: its head, or the call that it waits for; null at the program's end.
const core::Stmt* standsAt(const interp::Machine& machine, uint32_t depth);

// The names visible there, for completion.
std::vector<std::string> visibleNames(const interp::Machine& machine, uint32_t depth);

}  // namespace debug
