// Configurations taken out of a machine, and put into one.
#include "compiler/interp/saved.h"

#include <algorithm>
#include <utility>

#include "compiler/interp/configuration.h"

namespace interp {

using core::StmtKind;

Saved Machine::save() const {
  const Impl& m = *impl_;
  Saved saved;
  for (uint32_t depth = 1; depth <= rd(); depth++) {
    const bool top = depth == rd();
    saved.frames.push_back({m.lms[depth - 1].serial, m.lms[depth - 1].function, top ? head() : pendingCall(depth + 1),
                            pendingDestination(depth)});
  }
  for (size_t i = 0; i < m.heapTypes.size(); i++) saved.heapVariables.push_back({m.heapTypes[i], m.heapCounts[i]});
  saved.globals = m.globalContent;
  saved.locals.assign(m.localContent.begin(), m.localContent.begin() + std::ptrdiff_t(m.localEnd));
  saved.heap = m.heapContent;
  saved.nextSerial = m.nextSerial;
  saved.steps = m.steps;
  return saved;
}

std::optional<std::string> Machine::restore(Saved saved) {
  if (auto wrong = impl_->whyNot(saved)) return wrong;
  impl_->become(std::move(saved));
  return std::nullopt;
}

std::optional<std::string> Machine::Impl::whyNot(const Saved& saved) const {
  if (saved.frames.empty()) return "it has no memory frame";
  uint64_t locals = 0, stack = 0, heap = 0, heapBytes = 0;
  for (size_t i = 0; i < saved.frames.size(); i++) {
    const Saved::Frame& frame = saved.frames[i];
    if (frame.function >= program.functions.size() || !program.functions[frame.function].defined)
      return "a memory frame belongs to no function";
    const auto& statements = program.functions[frame.function].statements;
    if (frame.at && (frame.at->ordinal >= statements.size() || statements[frame.at->ordinal] != frame.at))
      return "the program rest is not of " + program.functions[frame.function].name;
    if (frame.serial == kGlobalFrame || frame.serial == kHeapFrame) return "a memory frame has no serial number";
    const bool top = i + 1 == saved.frames.size();
    if (!top && (!frame.at || frame.at->kind != StmtKind::Call || frame.at->index != saved.frames[i + 1].function))
      return program.functions[frame.function].name + " does not wait for the frame above it";
    const Stmt* call = i ? saved.frames[i - 1].at : nullptr;
    if (frame.destination.has_value() != (call && call->target)) return "a result has no destination, or one without need";
    if (frame.destination && frame.destination->type != call->target->type) return "a destination is of another type";
    locals += functions[frame.function].size, stack += functions[frame.function].bytes;
  }
  for (const Saved::HeapVariable& variable : saved.heapVariables) {
    if (variable.type >= program.types.count() || types[variable.type].size == 0) return "a heap variable has no type";
    const uint64_t count = std::max(variable.count, 1u);
    heap += types[variable.type].size * count;
    heapBytes += (program.types[variable.type].asize * count + 3) & ~uint64_t(3);
    if (heapBytes > limits.heap) return "the heap is larger than its limit";
  }
  if (stack > limits.stack) return "the stack is larger than its limit";
  if (saved.globals.size() != prepared->globalSize || saved.locals.size() != locals || saved.heap.size() != heap)
    return "it has more or fewer simple values than its variables";
  return std::nullopt;
}

void Machine::Impl::become(Saved saved) {
  lms.clear(), heapBa.clear(), heapTypes.clear(), heapCounts.clear();
  localEnd = 0, heapUsed = 0, stackUsed = 0;
  nextSerial = saved.nextSerial, steps = saved.steps;
  uint32_t newest = 0;
  serialsWrapped = false;
  at = nullptr;
  for (const Saved::Frame& frame : saved.frames) {
    const FunctionInfo& info = functions[frame.function];
    lms.push_back({frame.serial, frame.function, localEnd, at, frame.destination.value_or(SubVariable{}),
                   frame.destination.has_value()});
    at = prepared->at(frame.function, frame.at);
    serialsWrapped |= frame.serial <= newest || frame.serial >= nextSerial;
    newest = frame.serial;
    localEnd += info.size, stackUsed += info.bytes;
  }
  uint32_t heapBase = 0;
  for (const Saved::HeapVariable& variable : saved.heapVariables) {
    const uint32_t count = std::max(variable.count, 1u);
    heapBa.push_back(heapBase), heapTypes.push_back(variable.type), heapCounts.push_back(variable.count);
    heapBase += types[variable.type].size * count;
    heapUsed += (program.types[variable.type].asize * count + 3) & ~3u;
  }
  globalContent = std::move(saved.globals), localContent = std::move(saved.locals), heapContent = std::move(saved.heap);
  stop = Stop::Running, rule = Rule::Skip, report = {}, exitStatus = 0;
  writeCount = 0, allocation.reset();
  refreshTop();
  findHead();
}

namespace {

// What is left of a list of statements when one in it, or inside one of its statements, is the next; innermost list first.
void addRest(StmtList list, const Stmt& next, std::vector<const Stmt*>& rest) {
  const auto within = [&](StmtList inner) { return !inner.empty() && inner.front()->ordinal <= next.ordinal; };
  size_t i = 0;
  while (i + 1 < list.size() && list[i + 1]->ordinal <= next.ordinal) i++;
  const Stmt& at = *list[i];
  const bool loop = at.kind == StmtKind::While;
  if (&at != &next) {
    if (loop && within(at.step)) addRest(at.step, next, rest);
    else addRest(within(at.otherwise) ? at.otherwise : at.body, next, rest);
    if (loop && !within(at.step)) rest.insert(rest.end(), at.step.begin(), at.step.end());
  }
  const StmtList left = list.subspan(&at == &next || loop ? i : i + 1);
  rest.insert(rest.end(), left.begin(), left.end());
}

}  // namespace

std::vector<const Stmt*> Machine::Impl::rest(uint32_t depth) const {
  std::vector<const Stmt*> statements;
  const PreparedStmt* next = depth < lms.size() ? lms[depth].call->next : at;
  if (next && stop != Stop::Ended) addRest(program.functions[lms[depth - 1].function].body, *next->source, statements);
  return statements;
}

}  // namespace interp
