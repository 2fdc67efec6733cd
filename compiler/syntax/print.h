// The tree in prefix form, for tests: "x = a + b[1];" is (= x (+ a ([] b 1))).
#pragma once

#include <string>

#include "compiler/syntax/ast.h"

namespace syntax {

std::string print(const Expr* e);
std::string print(const Stmt* stmt);
std::string print(const Declaration& declaration);
std::string print(const FunctionDefinition& function);

}  // namespace syntax
