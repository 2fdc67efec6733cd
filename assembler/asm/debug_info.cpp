// What vas -g adds to an object.
#include <algorithm>

#include "assembler/asm/builder.h"
#include "assembler/dwarf/entries.h"
#include "assembler/dwarf/lines.h"

namespace assembler {

namespace d = llvm::dwarf;

namespace {
constexpr uint32_t kOpen = UINT32_MAX;  // an end that is not known yet
}

// Those with .cfi directives; then what stands from a function's or a global label up to the next one is a leaf without frame.
std::vector<Builder::Procedure> Builder::findProcedures(const object::Object& object) const {
  std::vector<Procedure> result;
  for (const dwarf::Frame& frame : procedures_) result.push_back({frame, nullptr});
  auto less = [](const Procedure& a, const Procedure& b) {
    return std::pair(a.frame.section, a.frame.begin) < std::pair(b.frame.section, b.frame.begin);
  };
  const size_t given = result.size();  // in the order of the text, so that each section's ascend
  auto covering = [&](const Symbol& label) -> Procedure* {
    for (size_t i = 0; i < given; i++)
      if (result[i].frame.section == label.section && result[i].frame.begin <= label.offset && label.offset < result[i].frame.end) return &result[i];
    return nullptr;
  };
  for (uint32_t i = 0; i < expressions_.symbolCount(); i++) {
    const Symbol& label = expressions_[i];
    if (label.state != Symbol::Label || label.internal()) continue;
    if (!(object.sections[label.section].flags & object::kExecute)) continue;
    Procedure* inside = covering(label);
    if (inside && inside->frame.begin == label.offset && !inside->name) inside->name = &label;
    if (inside || (label.local() && label.kind != object::Symbol::Function)) continue;
    result.push_back({{.section = label.section, .begin = label.offset, .end = kOpen}, &label});
  }
  std::stable_sort(result.begin(), result.end(), less);
  for (size_t i = 0; i < result.size(); i++) {
    dwarf::Frame& frame = result[i].frame;
    const bool last = i + 1 == result.size() || result[i + 1].frame.section != frame.section;
    if (frame.end == kOpen) frame.end = last ? object.sections[frame.section].length() : result[i + 1].frame.begin;
  }
  std::erase_if(result, [](const Procedure& each) { return each.frame.begin == each.frame.end; });
  return result;
}

void Builder::addDebugInfo(object::Object& object, std::string_view file, const std::string& folder) const {
  const base::SourceManager& sources = diagnostics_.sources();
  dwarf::Lines lines;
  for (size_t i = 0; i < places_.size(); i++) {
    base::Place place = sources.place(places_[i].begin);
    lines.add(instructions_[i], lines.file(place.file), place.line, 0);
  }
  if (lines.empty()) return;
  dwarf::Contents ranges;
  for (uint32_t section : lines.sections()) {
    ranges.address({section, 0});
    ranges.address({section, object.sections[section].length()});
  }
  ranges.u32(0), ranges.u32(0);
  const uint32_t lineSection = dwarf::addSection(object, ".debug_line", lines.finish(object));
  const uint32_t rangeSection = dwarf::addSection(object, ".debug_ranges", std::move(ranges));

  dwarf::Entries entries;
  entries.begin(d::DW_TAG_compile_unit, true);
  entries.text(d::DW_AT_producer, "vas");
  entries.number(d::DW_AT_language, d::DW_LANG_Mips_Assembler);
  entries.text(d::DW_AT_name, file);
  entries.text(d::DW_AT_comp_dir, folder);
  entries.sectionOffset(d::DW_AT_stmt_list, lineSection);
  entries.address(d::DW_AT_low_pc, {object::kAbsolute, 0});
  entries.sectionOffset(d::DW_AT_ranges, rangeSection);
  std::vector<dwarf::Frame> frames;
  for (const Procedure& each : findProcedures(object)) {
    frames.push_back(each.frame);
    if (!each.name) continue;
    entries.begin(d::DW_TAG_subprogram, false);
    entries.text(d::DW_AT_name, each.name->name);
    if (!each.name->local()) entries.flag(d::DW_AT_external);
    entries.address(d::DW_AT_low_pc, {each.frame.section, each.frame.begin});
    entries.number(d::DW_AT_high_pc, each.frame.end - each.frame.begin);
  }
  entries.end();
  entries.finish(object);
  dwarf::addSection(object, ".debug_frame", dwarf::writeFrames(frames));
}

}  // namespace assembler
