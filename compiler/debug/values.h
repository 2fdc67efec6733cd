// Values and configurations in the words of the source.
#pragma once

#include <span>
#include <string>

#include "compiler/interp/interp.h"

namespace debug {

// A value of any type: `5`, `97 'a'`, `&heap#0`, `&.str.0[0] "abc"`, `{value = 1, next = null}`, `{1, 2 x 3, ..}`,
// `"text"`.
std::string format(const interp::Machine& machine, core::TypeId type, std::span<const interp::Value> values);
// `count` of them in a row.
std::string formatArray(const interp::Machine& machine, core::TypeId element, uint32_t count,
                        std::span<const interp::Value> values);

// The content of the variable that a pointer leads into; empty if it is gone.
std::span<const interp::Value> contentOf(const interp::Machine& machine, const interp::Value& pointer);
// The depth of the frame with this serial number; 0 if it is gone.
uint32_t depthOf(const interp::Machine& machine, uint32_t serial);

// "prog.c0:5:9"; the function's name if it is nowhere.
std::string place(const core::Program& program, uint32_t function, core::Position at);
// A line of the trace: "12 main assign prog.c0:5:9 x = y + 1;". `head` and `function` are what they were before the
// step.
std::string traceLine(const interp::Machine& machine, const core::Stmt* head, uint32_t function, interp::Stop stop);
// The first is the line that the machine prints, too.
std::string faultLines(const interp::Machine& machine);
// "int[5]" of what new(int, 5) made.
std::string heapTypeName(const interp::Machine& machine, uint32_t variable);

}  // namespace debug
