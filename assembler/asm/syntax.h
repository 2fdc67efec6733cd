// What the parser hands over. Private to assembler/asm. Names are views of the source text.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/source.h"

namespace assembler {

using base::Range;

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

// An expression. Constants are folded when they are read; only what has a symbol in it needs a node.
struct Expr {
  enum Kind : uint8_t { Constant, Name, Symbol, Tree } kind = Constant;
  bool parenthesised = false;
  uint32_t index = 0;     // Symbol: in Symbols; Tree: in Expressions
  int64_t value = 0;      // Constant
  std::string_view name;  // Name: a symbol, or a register where one can stand
  Range where;

  bool isConstant() const { return kind == Constant; }
};

enum class Modifier : uint8_t { None, Hi, Lo, Gprel };

struct Operand {
  enum Kind : uint8_t { Value, Memory, Text, Attribute } kind = Value;
  Modifier modifier = Modifier::None;
  Expr value;             // Value; Memory: the offset
  std::string_view base;  // Memory: a register's name
  Range baseWhere;
  std::string text;  // Text: a string's bytes; Attribute: the name after @
  Range where;
};

}  // namespace assembler
