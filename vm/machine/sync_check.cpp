#include "vm/machine/sync_check.h"

namespace machine {

bool SyncCheck::onStep(const State& after, const Event& event) {
  fetched(event);
  const bool sets = event.word && isa::decode(event.word).op == isa::Op::Movi2s;
  if (sets && after.user() && !before_.user())
    found({SyncFinding::Mode, before_.steps, before_.steps, event.dpc, event.dpc, false, false, 0});
  if (event.stored) stored(event);
  // An instruction that is interrupted has gone through the pipe, as has what it stored.
  if (event.causes || (event.word && isa::decode(event.word).op == isa::Op::Rfe)) drained_ = after.steps;
  before_ = after;
  return !next_ || next_->onStep(after, event);
}

void SyncCheck::fetched(const Event& event) {
  uint32_t physical = event.dpc & ~3u;
  if (before_.user()) {
    const uint32_t page = event.dpc / kPageSize, where = before_.spr[isa::PTO] * kPageSize + 4 * page;
    uint32_t entry;
    if (page >= before_.spr[isa::PTL] + 1 || !machine_.read(where, &entry, 4)) return;
    uses(SyncFinding::Table, where, event);
    physical = (entry & ~(kPageSize - 1)) | (physical % kPageSize);
  }
  if (event.word) uses(SyncFinding::Code, physical, event);
}

void SyncCheck::uses(SyncFinding::Kind kind, uint32_t address, const Event& event) {
  const uint32_t frame = address / kPageSize;
  if (frame >= pages_.size() || !pages_[frame]) return;
  const Store& store = (*pages_[frame])[address % kPageSize / 4];
  if (store.number <= drained_) return;
  found({kind, store.number - 1, before_.steps, store.place, event.dpc, store.user, before_.user(), address});
}

void SyncCheck::stored(const Event& event) {
  for (uint32_t address = event.address & ~3u; address < event.address + event.size; address += 4) {
    const uint32_t frame = address / kPageSize;
    if (frame >= pages_.size()) return;  // a device
    if (!pages_[frame]) pages_[frame] = std::make_unique<Page>();
    (*pages_[frame])[address % kPageSize / 4] = {before_.steps + 1, event.dpc, before_.user()};
  }
}

void SyncCheck::found(const SyncFinding& finding) {
  const auto [known, isNew] = known_.try_emplace({finding.kind, finding.storePlace, finding.fetchPlace}, findings_.size());
  if (isNew) findings_.push_back(finding);
  else findings_[known->second].count++;
}

}  // namespace machine
