#include "assembler/base/diagnostics.h"

#include <algorithm>

#include "assembler/base/sarif.h"
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
    llvm::SMDiagnostic(empty, pointer(d.where.begin), "", 0, int(column(d.where.begin)), kind(d.severity), message(d),
                       line, ranges, fixits)
        .print(nullptr, out, color, /*ShowKindLabel=*/false);
  }
  for (const Diagnostic& note : d.notes) printText(out, sources, note, color);
}

llvm::json::Object jsonPlace(const SourceManager& sources, Loc loc) {
  Place place = sources.place(loc);
  return llvm::json::Object{
      {"file", llvm::json::fixUTF8(ref(place.file))}, {"line", place.line}, {"column", place.column}};
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
    if (range.valid())
      ranges.push_back(
          llvm::json::Object{{"begin", jsonPlace(sources, range.begin)}, {"end", jsonPlace(sources, range.end)}});
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

sarif::Region sarifRegion(const SourceManager& sources, Range range) {
  const Loc begin = range.begin, end = std::max(range.begin, range.end);
  Place from = sources.place(begin), to = sources.place(end);
  return {from.line, sarif::utf16Column(sources.line(begin), from.column), to.line,
          sarif::utf16Column(sources.line(end), to.column)};
}

sarif::Location sarifLocation(const SourceManager& sources, const Diagnostic& d) {
  if (!d.where.valid()) return {.place = d.place};
  sarif::Location location{std::string(sources.place(d.where.begin).file), sarifRegion(sources, d.where)};
  for (Range range : d.ranges)
    if (range.valid()) location.annotations.push_back(sarifRegion(sources, range));
  return location;
}

// The replacements of one fix, if the diagnostic proposes one.
void addFix(const SourceManager& sources, const Diagnostic& d, std::vector<sarif::Fix>& fixes) {
  if (d.fixits.empty()) return;
  sarif::Fix fix{d.text, std::string(sources.place(d.where.begin).file), {}};
  for (const FixIt& each : d.fixits) fix.replacements.push_back({sarifRegion(sources, each.range), each.text});
  fixes.push_back(std::move(fix));
}

// A result for each error or warning, notes as related locations, what they propose as fixes.
sarif::Result sarifResult(const SourceManager& sources, const Diagnostic& d) {
  sarif::Result result{.rule = d.id, .level = word(d.severity), .text = d.text};
  if (d.where.valid() || !d.place.empty()) result.locations.push_back(sarifLocation(sources, d));
  addFix(sources, d, result.fixes);
  for (const Diagnostic& note : d.notes) {
    result.related.push_back(sarifLocation(sources, note));
    result.related.back().text = note.text;
    addFix(sources, note, result.fixes);
  }
  return result;
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

void Diagnostics::print(llvm::raw_ostream& out, DiagnosticFormat format, bool color, std::string_view tool) const {
  const std::vector<const Diagnostic*> list = sorted();
  if (format == DiagnosticFormat::Json) {
    llvm::json::Array array;
    for (const Diagnostic* d : list) array.push_back(jsonDiagnostic(*sources_, *d));
    out << llvm::json::Value(std::move(array)) << '\n';
    return;
  }
  if (format == DiagnosticFormat::Sarif) {
    std::vector<sarif::Result> results;
    for (const Diagnostic* d : list) results.push_back(sarifResult(*sources_, *d));
    out << sarif::print(tool, {}, results);
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
