#include "vm/timeline/timeline.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace timeline {
namespace {

using machine::Page;
using machine::Pages;
using machine::State;
using machine::Stop;

const Page kZeros{};

}  // namespace

struct Timeline::Snapshot {
  State state;
  machine::Machine::Interrupts interrupts;
  std::vector<uint8_t> devices;
  Pages memory;
  std::optional<Pages> disks[2];
  Journal::Position position;
  bool edit;  // the state was changed by hand at this time: execution before it does not lead here

  uint64_t time() const { return state.steps; }
};

Timeline::Timeline(machine::Machine& machine, devices::SystemBus& bus, Journal& journal, const Budget& budget)
    : machine_(machine), bus_(bus), journal_(journal), budget_(budget), contents_(machine.memorySize() / machine::kPageSize), last_(now()) {
  devices::Disk* disks[] = {bus.disk.get(), bus.secondDisk.get()};
  for (unsigned i = 0; i < 2; i++)
    if (disks[i]) disks[i]->replaceStorage(disks_[i] = std::make_shared<ReversibleStorage>(disks[i]->storage()));
  take(true);
  pages_ = 0;
}

Timeline::~Timeline() { use(nullptr); }

uint64_t Timeline::first() const { return snapshots_.front()->time(); }

// ---- snapshots --------------------------------------------------------------------------------------------------------

void Timeline::keepWritten() {
  for (uint32_t page : machine_.takeWritten()) {
    const auto bytes = machine_.memory().subspan(size_t(page) * machine::kPageSize, machine::kPageSize);
    const auto same = [&](const Page& there) { return std::equal(bytes.begin(), bytes.end(), there.begin()); };
    const Pages::Ref before = contents_.at(page);
    if (same(before ? *before : kZeros)) continue;
    auto copy = std::make_shared<Page>();
    std::copy(bytes.begin(), bytes.end(), copy->begin());
    contents_.set(page, std::move(copy));
    pages_++;
  }
}

void Timeline::take(bool edit) {
  bus_.lines(now());  // what happens by now in devices has happened
  keepWritten();
  base::Writer devices;
  bus_.save(devices);
  auto snapshot = std::make_unique<Snapshot>(
      Snapshot{machine_.state, machine_.interrupts(), std::move(devices.bytes), contents_, {}, journal_.position(), edit});
  for (unsigned i = 0; i < 2; i++) {
    if (!disks_[i]) continue;
    snapshot->disks[i] = disks_[i]->contents();
    if (!snapshots_.empty())
      disks_[i]->contents().differences(*snapshots_.back()->disks[i], [&](uint32_t) { pages_++; });
  }
  const auto later = [](uint64_t time, const auto& other) { return time < other->time(); };
  snapshots_.insert(std::upper_bound(snapshots_.begin(), snapshots_.end(), now(), later), std::move(snapshot));
  thin();
}

void Timeline::thin() {
  while ((snapshots_.size() > budget_.snapshots || pages_ * machine::kPageSize > budget_.bytes) && budget_.interval <= last_) {
    budget_.interval *= 2;
    std::erase_if(snapshots_, [&](const auto& snapshot) { return !snapshot->edit && snapshot->time() % budget_.interval != 0; });
    pages_ = countPages();
  }
}

size_t Timeline::countPages() const {
  std::unordered_set<const Page*> held;
  const auto count = [&](const Pages& pages) {
    pages.each([&](uint32_t, const Page& page) { held.insert(&page); });
  };
  for (const auto& snapshot : snapshots_) {
    count(snapshot->memory);
    for (const auto& disk : snapshot->disks)
      if (disk) count(*disk);
  }
  snapshots_.front()->memory.each([&](uint32_t, const Page& page) { held.erase(&page); });
  return held.size();
}

void Timeline::restore(const Snapshot& snapshot) {
  const auto put = [&](uint32_t page) {
    const Pages::Ref kept = snapshot.memory.at(page);
    const Page& bytes = kept ? *kept : kZeros;
    if (!std::equal(bytes.begin(), bytes.end(), machine_.memory().begin() + ptrdiff_t(page) * machine::kPageSize))
      machine_.write(page * machine::kPageSize, bytes.data(), machine::kPageSize);
  };
  for (uint32_t page : machine_.takeWritten()) put(page);
  contents_.differences(snapshot.memory, put);
  machine_.takeWritten();
  contents_ = snapshot.memory;

  base::Reader devices(snapshot.devices.data(), snapshot.devices.size());
  (void)bus_.load(devices);  // its own state
  for (unsigned i = 0; i < 2; i++)
    if (disks_[i]) disks_[i]->restore(*snapshot.disks[i]);
  journal_.restore(snapshot.position);
  machine_.restore(snapshot.state, snapshot.interrupts);
}

size_t Timeline::before(uint64_t time) const {
  const auto later = [](uint64_t at, const auto& snapshot) { return at < snapshot->time(); };
  const auto after = std::upper_bound(snapshots_.begin(), snapshots_.end(), time, later);
  return size_t(std::max<ptrdiff_t>(after - snapshots_.begin() - 1, 0));
}

uint64_t Timeline::nextPause() const {
  uint64_t next = (now() / budget_.interval + 1) * budget_.interval;
  const size_t following = before(now()) + 1;
  if (following < snapshots_.size()) next = std::min(next, snapshots_[following]->time());
  return next;
}

void Timeline::pause() {
  const Snapshot& here = *snapshots_[before(now())];
  if (here.time() != now()) take(false);
  else if (here.edit) restore(here);
}

void Timeline::edited() {
  std::erase_if(snapshots_, [&](const auto& snapshot) { return snapshot->time() > now(); });
  journal_.forget();
  last_ = now();
  machine_.restore(machine_.state, machine_.interrupts());
  take(true);
}

// ---- moving -----------------------------------------------------------------------------------------------------------

void Timeline::stopAt(std::vector<uint32_t> places, std::vector<Range> ranges, std::function<bool(const State&)> wanted) {
  use(nullptr);
  breaks_.places = std::move(places), breaks_.ranges = std::move(ranges);
  wanted_ = std::move(wanted);
}

void Timeline::use(const machine::Breaks* breaks) {
  if (breaks && breaks->places.empty() && breaks->ranges.empty()) breaks = nullptr;
  if (std::exchange(used_, breaks) != breaks) machine_.setBreaks(breaks);
}

bool Timeline::wantedHere() const {
  const State& state = machine_.state;
  return state.pc == state.dpc + 4 && breaks_.at(state.dpc) && (!wanted_ || wanted_(state));
}

Reason Timeline::advance(uint64_t end, const machine::Breaks* breaks) {
  use(breaks);
  if (bus_.stopRequested()) return Reason::Host;
  while (now() < end) {
    const uint64_t pauseAt = nextPause();
    const Stop stop = machine_.run(std::min(end, pauseAt) - now());
    last_ = std::max(last_, now());
    if (stop == Stop::Host) return Reason::Host;
    if (stop == Stop::Store) return Reason::Store;
    if (stop == Stop::Break && wantedHere()) return Reason::Break;
    if (now() == pauseAt) pause();
    if (now() == last_ && interrupt && interrupt()) return Reason::Requested;
  }
  return Reason::Limit;
}

Reason Timeline::run(uint64_t instructions) {
  const uint64_t begin = now();
  breaks_.onStore = [this, begin](const State& state, Range to) { return store_ = to, state.steps != begin; };
  return advance(instructions > machine::kNever - begin ? machine::kNever : begin + instructions, &breaks_);
}

Reason Timeline::goTo(uint64_t time) {
  const bool tooEarly = time < first();
  time = std::max(time, first());
  const Snapshot& start = *snapshots_[before(time)];
  if (time < now() || start.time() > now()) restore(start);
  const Reason reason = advance(time, nullptr);
  return tooEarly ? Reason::Start : reason;
}

Reason Timeline::stepBack(uint64_t instructions) {
  const bool enough = now() - first() >= instructions;
  const Reason reason = goTo(enough ? now() - instructions : first());
  return enough ? reason : Reason::Start;
}

std::optional<uint64_t> Timeline::find(uint64_t earliest, const Scan& scan) {
  for (uint64_t end = now(); end > std::max(earliest, first());) {
    const Snapshot& start = *snapshots_[before(end - 1)];
    restore(start);
    if (const auto found = scan(end)) return *found >= earliest ? found : std::nullopt;
    end = start.time();
  }
  return std::nullopt;
}

Reason Timeline::runBack(uint64_t earliest) {
  std::optional<uint64_t> last;
  breaks_.onStore = [&](const State& state, Range to) { return store_ = to, last = state.steps, false; };
  const auto found = find(earliest, [&](uint64_t end) {
    last.reset();
    use(&breaks_);
    if (wantedHere()) last = now();
    while (now() < end && machine_.run(end - now()) != Stop::Host)
      if (now() < end && wantedHere()) last = now();
    return last;
  });
  goTo(found ? *found : std::max(earliest, first()));
  if (!found) return Reason::Start;
  return wantedHere() ? Reason::Break : Reason::Store;
}

std::optional<Write> Timeline::lastWrite(Range range) {
  const uint64_t here = now();
  std::optional<Write> last;
  machine::Breaks breaks;
  breaks.ranges = {range};
  breaks.onStore = [&](const State& state, Range to) { return last = Write{state.steps, state.dpc, to}, false; };
  find(0, [&](uint64_t end) {
    use(&breaks);
    machine_.run(end - now());
    return last ? std::optional(last->time) : std::nullopt;
  });
  use(nullptr);
  goTo(here);
  return last;
}

namespace {

class Matcher : public machine::Observer {
 public:
  using Matches = std::function<bool(const State&, const State&, const machine::Event&)>;
  Matcher(const State& start, const Matches& matches) : before_(start), matches_(matches) {}

  bool onStep(const State& after, const machine::Event& event) override {
    if (matches_(before_, after, event)) last = before_.steps;
    before_ = after;
    return true;
  }

  std::optional<uint64_t> last;

 private:
  State before_;
  const Matches& matches_;
};

}  // namespace

std::optional<uint64_t> Timeline::lastStep(
    const std::function<bool(const State& before, const State& after, const machine::Event&)>& matches, uint64_t earliest) {
  const uint64_t here = now();
  use(nullptr);
  const auto found = find(earliest, [&](uint64_t end) {
    Matcher matcher(machine_.state, matches);
    machine_.setObserver(&matcher);
    machine_.run(end - now());
    machine_.setObserver(nullptr);
    return matcher.last;
  });
  goTo(here);
  return found;
}

}  // namespace timeline
