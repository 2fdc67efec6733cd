// The core as source text of -std=core (docs/core.md): what -fdump-core prints and error reports quote.
#pragma once

#include <string>

#include "compiler/core/core.h"

namespace core {

std::string print(const Program& program);
std::string print(const Program& program, const Function& function, const Expr& expr);
// One line: "x = y + 1;", "while (i < n)", "f(a, b);".
std::string printHead(const Program& program, const Function& function, const Stmt& stmt);

}  // namespace core
