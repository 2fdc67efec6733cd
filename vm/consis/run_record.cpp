// "run": {"inputs": ["prog.c0"],
//         "sources": {"std": "c0", "include": [], "define": [], "heap": "", "stack": "", "checks": true},
//         "sha256": "..", "disk": {"file": "disk.img", "sha256": ".."}, "maxSteps": 1000, "limit": 1000000, "checked":
//         true, "corrupt": ["7:reg=29,value=0x00400000"], "input": "68690a"}
//
// Left out are `sources` of an image, `disk` if there is none, `maxSteps` if there is no limit; `input` is hexadecimal.
#include "vm/consis/run_record.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"
#include "vm/consis/json_members.h"

namespace consis {
namespace {

using llvm::json::Array;
using llvm::json::Object;

Array strings(const std::vector<std::string>& list) {
  Array array;
  for (const std::string& each : list) array.push_back(utf8(each));
  return array;
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

RunRecord readRecord(Members& run) {
  RunRecord record;
  record.inputs = run.texts("inputs");
  if (record.inputs.empty()) run.wrong(run.path("inputs"), "is empty");
  record.hash = run.text("sha256");
  if (run.has("sources")) record.compiled = readCompiled(run.child("sources"), run);
  if (run.has("disk")) {
    Members disk = run.child("disk");
    record.disk = disk.text("file"), record.diskHash = disk.text("sha256");
    run.take(disk);
  }
  readOptions(run, record.options);
  for (char byte : run.bytes("input")) record.input.push_back(uint8_t(byte));
  return record;
}

base::Result<RecordedReport> readReport(std::span<const uint8_t> bytes) {
  auto parsed = parseJson(bytes, "a JSON report of consis", "bad-report");
  if (!parsed) return parsed.error();
  Members report(parsed->getAsObject(), "", "bad-report");
  if (!report.error() && !report.has("run"))
    return base::Error{"not a JSON report of consis: it has no member 'run'", "bad-report", ""};
  RecordedReport result;
  Members run = report.child("run");
  result.record = readRecord(run);
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
