// Runs the front end on a text and shows what it says as lines.
#pragma once

#include <optional>
#include <string>

#include "compiler/core/print.h"
#include "compiler/core/serialize.h"
#include "compiler/sema/sema.h"

namespace test {

struct Analysis {
  std::string messages;  // "2:3: error: text [id]", notes and fix-its indented below
  std::string ids;       // "2:3 id", one line each
  std::optional<core::Program> program;
  std::string core;      // printed; "" after errors
  std::string verified;  // what core::verify says; "" if all is well
};

inline std::string lineAndColumn(const base::SourceManager& sources, base::Loc loc) {
  base::Place place = sources.place(loc);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

inline Analysis analyze(const std::string& text, const sema::Options& options = {}) {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  diagnostics.errorLimit = 0;
  Analysis result;
  auto file = sources.addText("t.c0", text);
  result.program = sema::analyze(sources, *file, options, diagnostics);
  for (const base::Diagnostic& each : diagnostics.all()) {
    std::string place = lineAndColumn(sources, each.where.begin);
    result.messages += place + ": error: " + each.text + " [" + each.id + "]\n";
    result.ids += place + " " + each.id + "\n";
    for (const base::FixIt& fix : each.fixits) {
      result.messages +=
          "  fix " + lineAndColumn(sources, fix.range.begin) + "-" + lineAndColumn(sources, fix.range.end);
      result.messages += ": '" + fix.text + "'\n";
    }
    for (const base::Diagnostic& note : each.notes)
      result.messages += "  note" + (note.where.valid() ? " " + lineAndColumn(sources, note.where.begin) : "") + ": " +
                         note.text + "\n";
  }
  if (result.program) {
    result.core = core::print(*result.program);
    if (base::Status status = core::verify(*result.program); !status)
      result.verified = status.error().text + ", " + status.error().place;
  }
  return result;
}

inline Analysis analyze(const std::string& text, sema::Standard standard) {
  sema::Options options;
  options.standard = standard;
  return analyze(text, options);
}

}  // namespace test
