#include "assembler/base/diagnostics.h"

#include <algorithm>
#include <optional>
#include <set>

#include "llvm/Support/JSON.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

namespace base {
namespace {

// A longer source line is shown as a window around the caret.
constexpr size_t kShownColumns = 160;

llvm::StringRef ref(std::string_view text) { return {text.data(), text.size()}; }

const char* word(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
  }
  return "";
}

llvm::SourceMgr::DiagKind kind(Severity severity) {
  switch (severity) {
    case Severity::Error: return llvm::SourceMgr::DK_Error;
    case Severity::Warning: return llvm::SourceMgr::DK_Warning;
    case Severity::Note: return llvm::SourceMgr::DK_Note;
  }
  return llvm::SourceMgr::DK_Note;
}

std::string message(const Diagnostic& d) { return printable(d.id.empty() ? d.text : d.text + " [" + d.id + "]"); }

// The part of the caret's line that is shown.
struct Window {
  std::string_view text;
  Loc begin;  // of text
};

Window window(const SourceManager& sources, Loc loc) {
  std::string_view line = sources.line(loc);
  // A marker changes the line's number, never its columns.
  uint32_t column = sources.place(loc).column - 1;
  Window result{line, loc - column};
  if (line.size() > kShownColumns) {
    size_t from = column > kShownColumns / 2 ? std::min(column - kShownColumns / 2, line.size() - kShownColumns) : 0;
    result = {line.substr(from, kShownColumns), Loc(loc - column + from)};
  }
  return result;
}

void printHeader(llvm::raw_ostream& out, const SourceManager& sources, const Diagnostic& d, bool color) {
  if (color) out.changeColor(llvm::raw_ostream::SAVEDCOLOR, true);
  Place place = sources.place(d.where.begin);
  if (place.line) out << printable(std::string(place.file)) << ':' << place.line << ':' << place.column << ": ";
  else if (!d.place.empty()) out << printable(d.place) << ": ";
  if (color) {
    out.resetColor();
    out.changeColor(d.severity == Severity::Error     ? llvm::raw_ostream::RED
                    : d.severity == Severity::Warning ? llvm::raw_ostream::MAGENTA
                                                      : llvm::raw_ostream::BLACK,
                    true);
  }
  out << word(d.severity) << ": ";
  if (color) out.resetColor();
}

// file.c0:3:5: error: text [id]
//   x = y;
//       ^
void printText(llvm::raw_ostream& out, const SourceManager& sources, const Diagnostic& d, bool color) {
  printHeader(out, sources, d, color);
  if (!d.where.valid()) {
    if (color) out.changeColor(llvm::raw_ostream::SAVEDCOLOR, true);
    out << message(d) << '\n';
    if (color) out.resetColor();
  } else {
    Window shown = window(sources, d.where.begin);
    std::string line = printable(std::string(shown.text));
    auto column = [&](Loc loc) {
      return unsigned(std::clamp<int64_t>(int64_t(loc) - shown.begin, 0, int64_t(shown.text.size())));
    };
    std::vector<std::pair<unsigned, unsigned>> ranges;
    auto addRange = [&](Range range) {
      if (range.valid() && column(range.end) > column(range.begin))
        ranges.push_back({column(range.begin), column(range.end)});
    };
    if (d.where.end > d.where.begin + 1) addRange(d.where);
    for (Range range : d.ranges) addRange(range);
    auto pointer = [&](Loc loc) { return llvm::SMLoc::getFromPointer(shown.text.data() + column(loc)); };
    std::vector<llvm::SMFixIt> fixits;
    for (const FixIt& fix : d.fixits)
      if (!fix.text.empty() && fix.range.begin >= shown.begin && fix.range.end <= shown.begin + shown.text.size())
        fixits.emplace_back(llvm::SMRange(pointer(fix.range.begin), pointer(fix.range.end)), fix.text);
    llvm::SourceMgr empty;
    llvm::SMDiagnostic(empty, pointer(d.where.begin), "", 0, int(column(d.where.begin)), kind(d.severity), message(d), line,
                       ranges, fixits)
        .print(nullptr, out, color, /*ShowKindLabel=*/false);
  }
  for (const Diagnostic& note : d.notes) printText(out, sources, note, color);
}

llvm::json::Object jsonPlace(const SourceManager& sources, Loc loc) {
  Place place = sources.place(loc);
  return llvm::json::Object{{"file", llvm::json::fixUTF8(ref(place.file))}, {"line", place.line}, {"column", place.column}};
}

llvm::json::Object jsonDiagnostic(const SourceManager& sources, const Diagnostic& d) {
  llvm::json::Object object{{"kind", word(d.severity)}, {"message", llvm::json::fixUTF8(d.text)}};
  if (!d.id.empty()) object["id"] = d.id;
  if (!d.place.empty()) object["place"] = llvm::json::fixUTF8(d.place);
  if (d.where.valid()) {
    object["caret"] = jsonPlace(sources, d.where.begin);
    object["end"] = jsonPlace(sources, std::max(d.where.begin, d.where.end));
  }
  llvm::json::Array fixits, notes, ranges;
  for (Range range : d.ranges)
    if (range.valid()) ranges.push_back(llvm::json::Object{{"begin", jsonPlace(sources, range.begin)}, {"end", jsonPlace(sources, range.end)}});
  for (const FixIt& fix : d.fixits)
    fixits.push_back(llvm::json::Object{{"begin", jsonPlace(sources, fix.range.begin)},
                                        {"end", jsonPlace(sources, fix.range.end)},
                                        {"text", llvm::json::fixUTF8(fix.text)}});
  for (const Diagnostic& note : d.notes) notes.push_back(jsonDiagnostic(sources, note));
  if (!ranges.empty()) object["ranges"] = std::move(ranges);
  if (!fixits.empty()) object["fixits"] = std::move(fixits);
  if (!notes.empty()) object["notes"] = std::move(notes);
  return object;
}

llvm::json::Object sarifRegion(const SourceManager& sources, Range range) {
  Place from = sources.place(range.begin), to = sources.place(std::max(range.begin, range.end));
  return llvm::json::Object{{"startLine", from.line}, {"startColumn", from.column}, {"endLine", to.line}, {"endColumn", to.column}};
}

llvm::json::Object sarifArtifact(std::string_view file) {
  return llvm::json::Object{{"uri", llvm::json::fixUTF8(ref(file))}};
}

llvm::json::Object sarifLocation(const SourceManager& sources, const Diagnostic& d) {
  Place from = sources.place(d.where.begin);
  llvm::json::Object physical{{"artifactLocation", sarifArtifact(from.line ? from.file : std::string_view(d.place))}};
  if (from.line) physical["region"] = sarifRegion(sources, d.where);
  llvm::json::Object location{{"physicalLocation", std::move(physical)}};
  llvm::json::Array further;
  for (Range range : d.ranges)
    if (range.valid()) further.push_back(sarifRegion(sources, range));
  if (!further.empty()) location["annotations"] = std::move(further);
  return location;
}

// The replacements of one fix; nullopt: the diagnostic proposes none.
std::optional<llvm::json::Value> sarifFix(const SourceManager& sources, const Diagnostic& d) {
  if (d.fixits.empty()) return std::nullopt;
  llvm::json::Array replacements;
  for (const FixIt& fix : d.fixits)
    replacements.push_back(llvm::json::Object{{"deletedRegion", sarifRegion(sources, fix.range)},
                                              {"insertedContent", llvm::json::Object{{"text", llvm::json::fixUTF8(fix.text)}}}});
  llvm::json::Object change{{"artifactLocation", sarifArtifact(sources.place(d.where.begin).file)},
                            {"replacements", std::move(replacements)}};
  return llvm::json::Object{{"description", llvm::json::Object{{"text", llvm::json::fixUTF8(d.text)}}},
                            {"artifactChanges", llvm::json::Array{std::move(change)}}};
}

llvm::json::Object sarifResult(const SourceManager& sources, const Diagnostic& d) {
  llvm::json::Array related, fixes;
  if (auto fix = sarifFix(sources, d)) fixes.push_back(std::move(*fix));
  for (const Diagnostic& note : d.notes) {
    llvm::json::Object location = sarifLocation(sources, note);
    location["message"] = llvm::json::Object{{"text", llvm::json::fixUTF8(note.text)}};
    related.push_back(std::move(location));
    if (auto fix = sarifFix(sources, note)) fixes.push_back(std::move(*fix));
  }
  llvm::json::Object result{{"ruleId", d.id},
                            {"level", word(d.severity)},
                            {"message", llvm::json::Object{{"text", llvm::json::fixUTF8(d.text)}}},
                            {"locations", llvm::json::Array{sarifLocation(sources, d)}}};
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  if (!fixes.empty()) result["fixes"] = std::move(fixes);
  return result;
}

// SARIF 2.1.0: one run, one result for each error or warning, notes as related locations, what they propose as fixes.
llvm::json::Value sarif(const SourceManager& sources, const std::vector<const Diagnostic*>& list) {
  llvm::json::Array results, rules;
  std::set<std::string> ids;
  for (const Diagnostic* d : list) {
    results.push_back(sarifResult(sources, *d));
    if (ids.insert(d->id).second) rules.push_back(llvm::json::Object{{"id", d->id}});
  }
  llvm::json::Object driver{{"name", "c0c"}, {"rules", std::move(rules)}};
  return llvm::json::Object{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", llvm::json::Array{llvm::json::Object{{"tool", llvm::json::Object{{"driver", std::move(driver)}}},
                                                    {"results", std::move(results)}}}}};
}

}  // namespace

std::string printable(std::string text) {
  for (char& c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) c = '?';
  return text;
}

Diagnostic& Diagnostic::note(Range at, std::string text_) {
  Diagnostic& added = notes.emplace_back();
  added.severity = Severity::Note;
  added.where = at;
  added.text = std::move(text_);
  return *this;
}

Diagnostic& Diagnostic::fixit(Range at, std::string text_) {
  fixits.push_back({at, std::move(text_)});
  return *this;
}

Diagnostic& Diagnostics::add(Diagnostic d) {
  if (d.severity == Severity::Warning) {
    auto own = warningIsError.find(d.id);
    if (own == warningIsError.end() ? warningsAreErrors : own->second) d.severity = Severity::Error;
  }
  if (!list_.empty() && d.where.valid() && list_.back().id == d.id && list_.back().where.begin == d.where.begin)
    return overflow_ = std::move(d);
  ++(d.severity == Severity::Error ? errors_ : warnings_);
  if (d.severity == Severity::Error && errorLimit && errors_ > errorLimit) return overflow_ = std::move(d);
  return list_.emplace_back(std::move(d));
}

Diagnostic& Diagnostics::error(std::string id, Range where, std::string text) {
  Diagnostic d;
  d.id = std::move(id), d.where = where, d.text = std::move(text);
  return add(std::move(d));
}

Diagnostic& Diagnostics::error(const Error& error, std::string_view file) {
  Diagnostic d;
  d.id = error.id, d.text = error.text, d.place = file;
  if (!error.place.empty()) d.place += (d.place.empty() ? "" : ": ") + error.place;
  return add(std::move(d));
}

Diagnostic& Diagnostics::warning(std::string id, Range where, std::string text) {
  Diagnostic d;
  d.severity = Severity::Warning, d.id = std::move(id), d.where = where, d.text = std::move(text);
  return add(std::move(d));
}

std::vector<const Diagnostic*> Diagnostics::sorted() const {
  std::vector<std::pair<Loc, const Diagnostic*>> keyed;
  Loc last = 0;  // what has no place stays behind what was reported before it
  for (const Diagnostic& d : list_) keyed.emplace_back(last = d.where.valid() ? d.where.begin : last, &d);
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Diagnostic*> result;
  for (const auto& each : keyed) result.push_back(each.second);
  return result;
}

void Diagnostics::print(llvm::raw_ostream& out, DiagnosticFormat format, bool color) const {
  const std::vector<const Diagnostic*> list = sorted();
  if (format == DiagnosticFormat::Json) {
    llvm::json::Array array;
    for (const Diagnostic* d : list) array.push_back(jsonDiagnostic(*sources_, *d));
    out << llvm::json::Value(std::move(array)) << '\n';
    return;
  }
  if (format == DiagnosticFormat::Sarif) {
    out << sarif(*sources_, list) << '\n';
    return;
  }
  for (const Diagnostic* d : list) printText(out, *sources_, *d, color);
  if (errorLimit && errors_ > errorLimit)
    out << "fatal error: too many errors, " << errors_ - errorLimit << " not shown (-ferror-limit=0 shows all)\n";
  if (!list_.empty() && (errors_ || warnings_)) {
    auto count = [&](unsigned n, const char* what) { out << n << ' ' << what << (n == 1 ? "" : "s"); };
    if (warnings_) count(warnings_, "warning");
    if (warnings_ && errors_) out << " and ";
    if (errors_) count(errors_, "error");
    out << " generated.\n";
  }
}

}  // namespace base
