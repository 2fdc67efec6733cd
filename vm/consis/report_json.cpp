#include "llvm/Support/JSON.h"
#include "vm/consis/json_members.h"
#include "vm/consis/report.h"

namespace consis {
namespace {

using llvm::json::Array;
using llvm::json::Object;

Object statement(const Image& image, StatementId id) {
  const auto& position = statementOf(image, id).position;
  Object object{{"function", utf8(image.program().functions[id.function].name)},
                {"ordinal", int64_t(id.ordinal)},
                {"file", utf8(image.fileName(position))},
                {"line", int64_t(position.line)},
                {"column", int64_t(position.column)},
                {"core", utf8(printStatement(image, id))}};
  if (auto line = sourceLine(image, position)) object["source"] = utf8(*line);
  return object;
}

Object violation(const Violation& v) {
  Object object{{"condition", conditionName(v.condition).data()},
                {"part", conditionPart(v.condition).data()},
                {"text", utf8(v.text)}};
  if (!v.variable.empty()) object["variable"] = utf8(v.variable);
  if (!v.type.empty()) object["type"] = utf8(v.type);
  if (v.depth) object["depth"] = int64_t(*v.depth);
  if (v.address) object["address"] = hex(*v.address), object["size"] = int64_t(v.size);
  if (v.reg) object["register"] = int64_t(*v.reg);
  if (!v.expected.empty()) object["expected"] = utf8(v.expected);
  if (!v.found.empty()) object["found"] = utf8(v.found);
  return object;
}

Object instruction(const Image& image, const Executed& executed) {
  const machine::Event& event = executed.event;
  Object object{{"machineStep", int64_t(executed.machineStep)},
                {"c0Step", int64_t(executed.c0Step)},
                {"address", hex(event.dpc)},
                {"word", hex(event.word)},
                {"text", isa::print(event.word)}};
  if (event.stored)
    object["store"] =
        Object{{"address", hex(event.address)}, {"size", int64_t(event.size)}, {"value", hex(event.value)}};
  if (event.causes) object["causes"] = hex(event.causes);
  if (auto at = image.statementAt(event.dpc)) object["statement"] = statement(image, *at);
  else if (auto symbol = image.symbolAt(event.dpc); !symbol.empty()) object["symbol"] = utf8(symbol);
  return object;
}

Object failureObject(const Image& image, const Failure& failure) {
  Object object = violation(failure.violations.front());
  object["c0Step"] = int64_t(failure.c0Step);
  object["machineStep"] = int64_t(failure.machineStep);
  object["statement"] = failure.executed ? llvm::json::Value(statement(image, *failure.executed)) : nullptr;
  object["next"] = failure.next ? llvm::json::Value(statement(image, *failure.next)) : nullptr;
  Array also, instructions;
  for (size_t i = 0; i < failure.violations.size(); ++i) {
    Object one = i ? violation(failure.violations[i]) : Object{};
    Failure::Culprit by = i < failure.culprits.size() ? failure.culprits[i] : Failure::Culprit{};
    Object& to = i ? one : object;
    to["writer"] = by.writer ? llvm::json::Value(instruction(image, *by.writer)) : nullptr;
    if (by.corruptedAt) to["corruptedAt"] = int64_t(*by.corruptedAt);
    if (i) also.push_back(std::move(one));
  }
  for (const auto& executed : failure.instructions) instructions.push_back(instruction(image, executed));
  object["violations"] = int64_t(failure.violationCount);
  object["also"] = std::move(also);
  object["instructions"] = std::move(instructions);
  return object;
}

Object counters(const Counters& c) {
  return Object{{"c0Steps", int64_t(c.c0Steps)},     {"instructions", int64_t(c.instructions)},
                {"values", int64_t(c.values)},       {"pointers", int64_t(c.pointers)},
                {"control", int64_t(c.control)},     {"code", int64_t(c.code)},
                {"undefined", int64_t(c.undefined)}, {"dangling", int64_t(c.dangling)},
                {"outputs", int64_t(c.outputs)},     {"inputs", int64_t(c.inputs)},
                {"blocks", int64_t(c.blocks)},       {"mirrored", int64_t(c.mirrored)},
                {"window", int64_t(c.window)},       {"comparable", int64_t(c.comparable())},
                {"live", int64_t(c.live())}};
}

}  // namespace

std::string jsonReport(const Image& image, const Outcome& outcome, const RunRecord& record,
                       const std::vector<std::pair<std::string, uint64_t>>& kernel) {
  Object object{{"program", utf8(record.inputs[0])},
                {"run", recordJson(record)},
                {"verdict", verdictName(outcome.verdict).data()},
                {"mode", modeName(outcome.mode).data()},
                {"counters", counters(outcome.counters)}};
  if (const auto& parallel = outcome.parallel)
    object["parallel"] = Object{{"segments", int64_t(parallel->segments)}, {"again", int64_t(parallel->again)}};
  Object others;
  for (const auto& [name, count] : kernel) others[utf8(name)] = int64_t(count);
  if (!kernel.empty()) object["kernel"] = std::move(others);
  if (outcome.left) object["left"] = true;
  else if (outcome.verdict == Verdict::Consistent) object["exit"] = int64_t(int32_t(outcome.exitStatus));
  if (outcome.fault) {
    const auto& fault = *outcome.fault;
    object["fault"] = Object{{"fault", object::faultName(fault.fault).data()},
                             {"file", utf8(image.fileName(fault.position))},
                             {"line", int64_t(fault.position.line)},
                             {"column", int64_t(fault.position.column)},
                             {"text", utf8(fault.text)},
                             {"met", outcome.faultMet}};
  }
  if (outcome.failure) object["failure"] = failureObject(image, *outcome.failure);
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object))).str();
}

}  // namespace consis
