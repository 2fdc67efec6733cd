#include "compiler/debug/session.h"

#include <algorithm>
#include <utility>

namespace debug {

using core::Stmt;
using interp::Machine;
using interp::Stop;

namespace {

constexpr uint64_t kFirstInterval = 1024;  // steps between snapshots; doubles when there are too many
constexpr uint64_t kMostSnapshots = 64;
constexpr uint64_t kMostMemory = uint64_t(1) << 28;  // of all snapshots together

core::Program& withPointers(core::Program& program) {
  for (core::TypeId id = 1, count = program.types.count(); id < count; id++) program.types.pointer(id);
  return program;
}

}  // namespace

// The primitives, with a record of what was read and written.
class Session::Replay : public interp::Primitives {
 public:
  explicit Replay(Console& console) : console_(console) {}
  size_t taken = 0, put = 0;

  Outcome call(core::Primitive primitive, std::span<const interp::Value> arguments) override {
    switch (primitive) {
      case core::Primitive::PutChar: write(char(arguments[0].bits)); break;
      case core::Primitive::GetChar:
        if (taken == input_.size()) input_.push_back(console_.read());
        return {input_[taken++]};
      case core::Primitive::Exit: return {arguments[0].bits, true};
      default: break;
    }
    return {};
  }

 private:
  void write(char c) {
    if (put < output_.size() && output_[put] == c) return void(put++);
    output_.resize(put++);
    output_ += c;
    console_.write(c);
  }
  Console& console_;
  std::vector<uint32_t> input_;
  std::string output_;
};

struct Session::Snapshot {
  Machine machine;
  std::vector<const Stmt*> heads;
  bool beginsStatement, beginsLine, entered;
  size_t taken, put;
};

Session::Session(core::Program& program, Console& console, interp::Limits limits)
    : program_(withPointers(program)),
      sources_(program),
      replay_(std::make_unique<Replay>(console)),
      machine_(std::make_unique<Machine>(program, *replay_, limits)),
      interval_(kFirstInterval) {
  if (machine_->fault().fault != interp::Fault::None) stop_ = Stop::Faulted;
  if (const Stmt* head = machine_->head()) heads_.push_back(head);
  takeSnapshot();
}
Session::~Session() = default;

Stop Session::step() {
  if (stop_ != Stop::Running) return stop_;
  if (machine_->steps() - lastSnapshot_ >= interval_) takeSnapshot();
  stop_ = machine_->step();
  if (stop_ != Stop::Faulted) look();
  return stop_;
}

// Preorder numbers: a loop that comes round goes to a lower one. What a declaration's initialiser becomes may be a loop
// too, all of it at one place.
void Session::look() {
  const uint32_t rd = machine_->rd();
  const Stmt* head = machine_->head();
  entered_ = rd > heads_.size();
  beginsStatement_ = beginsLine_ = true;
  if (entered_) return heads_.push_back(head);
  heads_.resize(rd);
  if (!head || !heads_.back()) {
    if (rd) heads_.back() = head;
    return;
  }
  const Stmt* last = std::exchange(heads_.back(), head);
  if (head == last || (head->ordinal < last->ordinal && head->position != last->position)) return;
  beginsLine_ = head->position.file != last->position.file || head->position.line != last->position.line;
  beginsStatement_ = beginsLine_ || !sources_.sameStatement(last->position, head->position);
}

bool Session::inLibrary() const {
  const Stmt* head = machine_->head();
  return head && sources_.isLibrary(head->position.file);
}

void Session::takeSnapshot() {
  const uint64_t most = std::clamp<uint64_t>(kMostMemory / machine_->memory(), 2, kMostSnapshots);
  if (snapshots_.size() >= most) {
    size_t kept = 1;
    for (size_t i = 2; i < snapshots_.size(); i += 2) snapshots_[kept++] = std::move(snapshots_[i]);
    snapshots_.resize(kept);
    interval_ *= 2;
  }
  snapshots_.push_back(std::make_unique<Snapshot>(
      Snapshot{*machine_, heads_, beginsStatement_, beginsLine_, entered_, replay_->taken, replay_->put}));
  lastSnapshot_ = machine_->steps();
}

void Session::restore(const Snapshot& from) {
  machine_ = std::make_unique<Machine>(from.machine);
  heads_ = from.heads;
  beginsStatement_ = from.beginsStatement, beginsLine_ = from.beginsLine, entered_ = from.entered;
  replay_->taken = from.taken, replay_->put = from.put;
  stop_ = from.machine.fault().fault != interp::Fault::None ? Stop::Faulted : Stop::Running;
}

// Forward over what has been run before, with its edits but no new snapshots.
void Session::runTo(uint64_t step) {
  auto edit =
      std::find_if(edits_.begin(), edits_.end(), [&](const Edit& each) { return each.step >= machine_->steps(); });
  while (machine_->steps() < step) {
    for (; edit != edits_.end() && edit->step == machine_->steps(); ++edit) machine_->assign(edit->target, edit->value);
    stop_ = machine_->step();
    if (stop_ != Stop::Faulted) look();
    if (stop_ != Stop::Running) return;
  }
}

void Session::goBack(uint64_t step) {
  while (snapshots_.size() > 1 && snapshots_.back()->machine.steps() > step) snapshots_.pop_back();
  restore(*snapshots_.back());
  lastSnapshot_ = machine_->steps();
  runTo(step);
  while (!edits_.empty() && edits_.back().step >= step) edits_.pop_back();
}

bool Session::goBackStatements(uint64_t n, bool library) {
  uint64_t end = machine_->steps();  // statements that begin before this step count
  std::vector<uint64_t> begins;      // of one stretch between snapshots
  for (size_t i = snapshots_.size(); i-- > 0;) {
    if (snapshots_[i]->machine.steps() >= end) continue;
    restore(*snapshots_[i]);
    begins.clear();
    while (machine_->steps() < end) {
      if (beginsStatement_ && (library || !inLibrary())) begins.push_back(machine_->steps());
      const uint64_t before = machine_->steps();
      runTo(before + 1);
      if (machine_->steps() == before) break;
    }
    if (begins.size() >= n) return goBack(begins[begins.size() - n]), true;
    n -= begins.size();
    end = snapshots_[i]->machine.steps();
  }
  goBack(0);
  return false;
}

bool Session::assign(const interp::SubVariable& target, interp::Value value) {
  if (target.frame == interp::kGlobalFrame && program_.globals[target.variable].constant) return false;
  if (!machine_->assign(target, value)) return false;
  edits_.push_back({machine_->steps(), target, value});
  lastSnapshot_ = machine_->steps();  // a snapshot of this step would hold what going back to it undoes
  return true;
}

}  // namespace debug
