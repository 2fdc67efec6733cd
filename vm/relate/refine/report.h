// What a person (text, HTML, a picture) and a program (JSON) reads about a run. docs/refine.md shows each.
#pragma once

#include <string>

#include "assembler/base/text.h"
#include "vm/relate/refine/run.h"

namespace llvm::json {
class Object;
class OStream;
}  // namespace llvm::json

namespace refine {

// "related: 12,345 steps, .., exit 0" and a newline.
std::string summary(const RunOutcome& outcome);
// The failure: what, where, in which calls, and the states of the models that it concerns.
std::string failureText(const KernelImage& image, const RunOutcome& outcome, const Chain& chain);
// The figures, a line each.
std::string figures(const RunOutcome& outcome);
// One object, a newline at the end.
std::string json(const RunOutcome& outcome, const std::string& program);
// One self-contained page.
std::string html(const KernelImage& image, const RunOutcome& outcome, const Chain& chain, const std::string& program);
// Figure 20 of seed 004 with the actual state: a column for each live model, a row for each range of pages, and where
// high pages lie. For Graphviz.
std::string dot(const Chain& chain, const std::string& title);

using base::grouped;
// "as_request(0, 66), module as over PMAP".
std::string callText(const Called& call);

}  // namespace refine
