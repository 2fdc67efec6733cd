// A run as one self-contained HTML page: what a report says, and its last steps with both states (docs/consis.md,
// "HTML").
#pragma once

#include <string>

#include "vm/consis/history.h"
#include "vm/consis/run_record.h"

namespace consis {

// The history may be empty: of a run that never began.
std::string htmlReport(const Image& image, const Outcome& outcome, const RunRecord& record, const History& history);

// The steps as JSON, for steps.js (html_steps.cpp).
std::string stepsJson(const Image& image, const Outcome& outcome, const History& history);

}  // namespace consis
