// "run": {"inputs": ["prog.c0"],
//         "sources": {"std": "c0", "include": [], "define": [], "heap": "", "stack": "", "checks": true},
//         "sha256": "..", "disk": {"file": "disk.img", "sha256": ".."}, "maxSteps": 1000, "limit": 1000000, "checked":
//         true, "corrupt": ["7:reg=29,value=0x00400000"], "input": "68690a"}
//
// Left out are `sources` of an image, `disk` if there is none, `maxSteps` if there is no limit; `input` is hexadecimal.
#include "vm/consis/run_record.h"

#include <charconv>

#include "assembler/base/diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"

namespace consis {
namespace {

using llvm::json::Array;
using llvm::json::Object;

std::string utf8(std::string_view text) { return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size())); }

Array strings(const std::vector<std::string>& list) {
  Array array;
  for (const std::string& each : list) array.push_back(utf8(each));
  return array;
}

// Members of an object, each of the right kind; the first error stands.
class Members {
 public:
  Members(const Object* object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object_) wrong(path_.empty() ? "the report" : path_, "is no object");
  }
  Members child(const char* name) {
    Members members(object_ ? object_->getObject(name) : nullptr, path(name));
    if (members.error_) error_ = error_ ? error_ : members.error_;
    return members;
  }
  bool has(const char* name) const { return object_ && object_->get(name); }
  std::string text(const char* name) {
    auto value = object_ ? object_->getString(name) : llvm::None;
    if (!value) wrong(path(name), "is no string");
    return value ? value->str() : "";
  }
  uint64_t number(const char* name) {
    auto value = object_ ? object_->getInteger(name) : llvm::None;
    if (!value || *value < 0) wrong(path(name), "is no number from 0 on");
    return value && *value >= 0 ? uint64_t(*value) : 0;
  }
  bool truth(const char* name) {
    auto value = object_ ? object_->getBoolean(name) : llvm::None;
    if (!value) wrong(path(name), "is neither true nor false");
    return value && *value;
  }
  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> list;
    const Array* array = object_ ? object_->getArray(name) : nullptr;
    if (!array) wrong(path(name), "is no list");
    for (size_t i = 0; array && i < array->size(); ++i) {
      auto value = (*array)[i].getAsString();
      if (!value) wrong(path(name), "is no list of strings");
      else list.push_back(value->str());
    }
    return list;
  }
  void wrong(std::string place, std::string text) {
    if (!error_) error_ = base::Error{base::printable(place) + " " + std::move(text), "bad-report", ""};
  }
  void take(const Members& other) {
    if (!error_) error_ = other.error_;
  }
  std::string path(const char* name) const { return path_.empty() ? name : path_ + "." + name; }
  const std::optional<base::Error>& error() const { return error_; }

 private:
  const Object* object_;
  std::string path_;
  std::optional<base::Error> error_;
};

// The parser is recursive; a report is not deep.
bool isDeep(std::string_view text) {
  unsigned depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    else if (quoted) i += c == '\\';
    else if (c == '[' || c == '{') ++depth;
    else if (c == ']' || c == '}') depth -= depth != 0;
    if (depth > 32) return true;
  }
  return false;
}

RunRecord::Compiled readCompiled(Members members, Members& outer) {
  RunRecord::Compiled compiled{members.text("std"),  members.texts("include"), members.texts("define"),
                               members.text("heap"), members.text("stack"),    members.truth("checks")};
  outer.take(members);
  return compiled;
}

void readOptions(Members& run, Options& options) {
  if (run.has("maxSteps")) options.maxSteps = run.number("maxSteps");
  options.limit = run.number("limit");
  options.checked = run.truth("checked");
  for (const std::string& text : run.texts("corrupt")) {
    auto corruption = parseCorruption(text);
    if (corruption) options.corruptions.push_back(*corruption);
    else run.wrong(run.path("corrupt"), "holds '" + base::printable(text) + "'");
  }
}

void readInput(Members& run, std::vector<int>& input) {
  std::string bytes;
  const std::string text = run.text("input");
  if (!llvm::tryGetFromHex(text, bytes) || text.size() % 2) return run.wrong(run.path("input"), "is not hexadecimal");
  input.assign(reinterpret_cast<const uint8_t*>(bytes.data()),
               reinterpret_cast<const uint8_t*>(bytes.data()) + bytes.size());
}

}  // namespace

std::string hashOf(std::span<const uint8_t> bytes) {
  const auto hash = llvm::SHA256::hash({bytes.data(), bytes.size()});
  return llvm::toHex({hash.data(), hash.size()}, /*LowerCase=*/true);
}

Object recordJson(const RunRecord& record) {
  const Options& options = record.options;
  std::string bytes;
  for (int byte : record.input)
    if (byte >= 0) bytes += char(byte);
  Array corruptions;
  for (const Corruption& each : options.corruptions) corruptions.push_back(printCorruption(each));
  Object object{{"inputs", strings(record.inputs)},
                {"sha256", record.hash},
                {"limit", int64_t(std::min<uint64_t>(options.limit, INT64_MAX))},
                {"checked", options.checked},
                {"corrupt", std::move(corruptions)},
                {"input", llvm::toHex(bytes, true)}};
  if (!record.disk.empty()) object["disk"] = Object{{"file", utf8(record.disk)}, {"sha256", record.diskHash}};
  if (options.maxSteps <= uint64_t(INT64_MAX)) object["maxSteps"] = int64_t(options.maxSteps);
  if (const auto& compiled = record.compiled)
    object["sources"] = Object{{"std", compiled->standard},
                               {"include", strings(compiled->includes)},
                               {"define", strings(compiled->defines)},
                               {"heap", compiled->heap},
                               {"stack", compiled->stack},
                               {"checks", compiled->checks}};
  return object;
}

base::Result<RecordedReport> readReport(std::span<const uint8_t> bytes) {
  const llvm::StringRef text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (isDeep({text.data(), text.size()}))
    return base::Error{"not a JSON report of consis: it is nested too deeply", "bad-report", ""};
  auto parsed = llvm::json::parse(text);
  if (!parsed)
    return base::Error{"not a JSON report of consis: " + llvm::toString(parsed.takeError()), "bad-report", ""};
  Members report(parsed->getAsObject(), "");
  if (!report.error() && !report.has("run"))
    return base::Error{"not a JSON report of consis: it has no member 'run'", "bad-report", ""};
  RecordedReport result;
  Members run = report.child("run");
  result.record.inputs = run.texts("inputs");
  if (result.record.inputs.empty()) run.wrong(run.path("inputs"), "is empty");
  result.record.hash = run.text("sha256");
  if (run.has("sources")) result.record.compiled = readCompiled(run.child("sources"), run);
  if (run.has("disk")) {
    Members disk = run.child("disk");
    result.record.disk = disk.text("file"), result.record.diskHash = disk.text("sha256");
    run.take(disk);
  }
  readOptions(run, result.record.options);
  readInput(run, result.record.input);
  report.take(run);
  Options& options = result.record.options;
  const std::string mode = report.text("mode");
  for (Mode each : {Mode::Full, Mode::Incremental, Mode::Parallel})
    if (mode == modeName(each)) options.mode = each;
  if (mode != modeName(options.mode)) report.wrong("mode", "is no mode");
  result.verdict = report.text("verdict");
  Members counters = report.child("counters");
  result.c0Steps = counters.number("c0Steps");
  report.take(counters);
  if (report.has("failure")) {
    Members failure = report.child("failure");
    result.condition = failure.text("condition");
    result.failed = failure.number("c0Step"), result.machineStep = failure.number("machineStep");
    report.take(failure);
  }
  if (report.error()) return *report.error();
  return result;
}

}  // namespace consis
