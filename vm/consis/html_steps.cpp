// What steps.js shows. Every step has the rows that are new or other than before; the first one has the whole state.
//
// {"files": {"tiny.c0": {"6": "  r = a + a;"}},
//  "steps": [{"step": 6, "machine": 31, "arrived": true, "made": true,
//             "statement": {"function": "twice", "file": "tiny.c0", "line": 6, "column": 3, "core": "r = a + a;"},
//             "next": {..}, "count": 3, "instructions": [{"step": 30, "at": "0x0000805c", "text": "sw r2,8(r29)",
//             "effect": "..", "guilty": true,
//                                           "owner": ".."}],
//             "rows": [{"id": "f2.1", "name": "r", "type": "int", "address": "0x..", "abstract": .., "concrete": ..,
//             "differing": 1,
//                       "cells": [..]}],
//             "frames": [{"serial": 2, "function": "twice", "depth": 2, "base": "0x.."}],
//             "hidden": {"frames": 0, "globals": 0, "heap": 0}, "heap": {"variables": 0, "bytes": 0},
//             "registers": [["r1", "0x00000000"], ..]}, ..]}
//
// A text is a string, or an array of pieces: strings that agree, ["differs", string], ["exempt", string]. A `concrete`
// that is left out is like `abstract`. A cell is [path, kind, abstract text, concrete text, abstract target, concrete
// target].
#include "assembler/base/sarif.h"
#include "compiler/debug/source.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/html_report.h"
#include "vm/consis/json_members.h"
#include "vm/consis/report.h"

namespace consis {
namespace {

using llvm::json::Array;
using llvm::json::Object;

constexpr uint32_t kContext = 7;  // source lines before and after a statement's

const char* kindName(Piece::Kind kind) {
  switch (kind) {
    case Piece::Same: return "same";
    case Piece::Differs: return "differs";
    case Piece::Exempt: return "exempt";
  }
  return "";
}

llvm::json::Value pieces(const Pieces& list) {
  if (list.size() == 1 && list[0].kind == Piece::Same) return utf8(list[0].text);
  Array array;
  for (const Piece& piece : list)
    if (piece.kind == Piece::Same) array.push_back(utf8(piece.text));
    else array.push_back(Array{kindName(piece.kind), utf8(piece.text)});
  return array;
}

Object row(const Row& r) {
  Object object{{"id", r.id}, {"name", utf8(r.name)}, {"abstract", pieces(r.abstract)}};
  if (!r.type.empty()) object["type"] = utf8(r.type);
  if (r.address) object["address"] = hex(*r.address);
  if (r.concrete != r.abstract) object["concrete"] = pieces(r.concrete);
  if (r.differing) object["differing"] = int64_t(r.differing);
  // Pictures have cells of heap variables, and pointers of all.
  Array cells;
  for (const Cell& cell : r.cells)
    if (r.id[0] == 'h' || !cell.abstractTarget.empty() || !cell.concreteTarget.empty())
      cells.push_back(Array{utf8(cell.path), kindName(cell.kind), utf8(cell.abstract), utf8(cell.concrete),
                            cell.abstractTarget, cell.concreteTarget});
  if (!cells.empty()) object["cells"] = std::move(cells);
  return object;
}

class Steps {
 public:
  Steps(const Image& image, const Outcome& outcome) : image_(image), sources_(image.program()) {
    if (outcome.fault && outcome.fault->position.line) fault_ = outcome.fault->position;
    if (!outcome.failure) return;
    for (const auto& culprit : outcome.failure->culprits)
      if (culprit.writer && !culprit.corruptedAt) guilty_.insert(culprit.writer->machineStep);
  }

  Object print(const History& history) {
    Array steps;
    for (const History::Step& each : history.steps()) steps.push_back(step(each));
    return Object{{"files", std::move(files_)}, {"steps", std::move(steps)}};
  }

 private:
  Object step(const History::Step& s) {
    Array instructions, rows, frames, registers;
    for (const Executed& executed : s.instructions) instructions.push_back(instruction(executed));
    for (const Row& each : s.rows) rows.push_back(row(each));
    for (const auto& frame : s.frames)
      frames.push_back(Object{{"serial", frame.serial},
                              {"function", utf8(image_.program().functions[frame.function].name)},
                              {"depth", frame.depth},
                              {"base", hex(frame.base)}});
    for (const auto& [name, value] : s.registers) registers.push_back(Array{name, value});
    return Object{{"step", int64_t(s.c0Step)},
                  {"machine", int64_t(s.machineStep)},
                  {"arrived", s.arrived},
                  {"made", s.made},
                  {"statement", statement(s.executed, s.made ? std::nullopt : fault_)},
                  {"next", statement(s.next)},
                  {"count", int64_t(s.instructionCount)},
                  {"instructions", std::move(instructions)},
                  {"rows", std::move(rows)},
                  {"frames", std::move(frames)},
                  {"hidden", Object{{"frames", s.framesHidden}, {"globals", s.globalsHidden}, {"heap", s.heapHidden}}},
                  {"heap", Object{{"variables", s.heapCount}, {"bytes", s.heapUsed}}},
                  {"registers", std::move(registers)}};
  }

  Object instruction(const Executed& executed) {
    const machine::Event& event = executed.event;
    Object object{{"step", int64_t(executed.machineStep)},
                  {"at", hex(event.dpc)},
                  {"text", isa::print(event.word)},
                  {"owner", utf8(codeOwner(image_, event.dpc))}};
    if (std::string text = effect(event); !text.empty()) object["effect"] = text;
    if (guilty_.count(executed.machineStep)) object["guilty"] = true;
    return object;
  }

  // `at`: where in it, if that is known better.
  llvm::json::Value statement(const std::optional<StatementId>& id, const std::optional<core::Position>& at = {}) {
    if (!id) return nullptr;
    const core::Position position = at.value_or(statementOf(image_, *id).position);
    Object object{{"function", utf8(image_.program().functions[id->function].name)},
                  {"core", utf8(printStatement(image_, *id))}};
    if (!position.line) return object;
    object["file"] = utf8(image_.fileName(position)), object["line"] = int64_t(position.line);
    const auto line = sources_.line(position.file, position.line);
    object["column"] = int64_t(line ? base::sarif::utf16Column(*line, position.column) : position.column);
    addLines(position);
    return object;
  }

  void addLines(core::Position position) {
    const auto [at, fresh] = files_.try_emplace(utf8(image_.fileName(position)), Object{});
    Object& lines = *at->second.getAsObject();
    for (uint32_t n = position.line > kContext ? position.line - kContext : 1; n <= position.line + kContext; ++n)
      if (auto line = sources_.line(position.file, n)) lines[std::to_string(n)] = utf8(line->substr(0, 400));
  }

  const Image& image_;
  debug::Sources sources_;
  std::set<uint64_t> guilty_;
  std::optional<core::Position> fault_;
  Object files_;
};

}  // namespace

std::string stepsJson(const Image& image, const Outcome& outcome, const History& history) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << llvm::json::Value(Steps(image, outcome).print(history));
  return out.str();
}

}  // namespace consis
