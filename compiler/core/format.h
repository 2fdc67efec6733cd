// The byte format of .c0core that writer and reader share (docs/core.md).
#pragma once

#include <cstdint>

#include "compiler/core/core.h"

namespace core::format {

constexpr uint32_t kMagic = 0x03433043;  // "C0C", version 3

// A node begins with a head byte: its code, and in the top two bits how its position follows.
constexpr uint8_t kCodeMask = 0x3F;
enum PositionMode : uint8_t {
  Same = 0x00,    // as the position before
  Column = 0x40,  // another column of the line: signed byte difference
  Line = 0x80,    // another line of the file: signed difference, column
  Full = 0xC0,    // file, line, column
};

enum TypeCode : uint8_t { TypeStruct, TypePointer, TypeArray, TypeComplete };

enum ExprCode : uint8_t {
  CodeNull = 0,     // type
  CodeLiteral = 0,  // + TypeId 1..7: value
  CodeGlobal = 8, CodeLocal = 9, CodeField = 10,  // index
  CodeIndex = 11, CodeDeref = 12, CodeAddressOf = 13,
  CodeCast = 13,      // + TypeId 1..7
  CodeOperator = 20,  // + Operator
};
static_assert(CodeCast + TypeTable::kLastElementary <= CodeOperator);

enum StmtCode : uint8_t {
  CodeSkip, CodeAssign, CodeCall, CodeCallTo, CodeReturn, CodeReturnValue, CodeIf, CodeWhile, CodeWhileStep, CodeBreak,
  CodeContinue, CodeNew, CodeNewArray, CodeAsm, CodeFault,
  CodeEnd,  // of a list
};

enum GlobalFlag : uint8_t { GlobalDefined = 1, GlobalInternal = 2, GlobalConstant = 4, GlobalPlaced = 8, GlobalOpen = 16 };
enum FunctionFlag : uint8_t { FunctionDefined = 1, FunctionInternal = 2 };

}  // namespace core::format
