#include "vm/machine/translation.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace machine {
namespace {

constexpr unsigned kMaxUsers = 16;        // page tables whose translations are kept
constexpr unsigned kMaxCodePages = 1024;  // 16 KiB each
// We stop watching a page after 2^kPatience idle stores, and twice as many each further time.
constexpr unsigned kPatience = 6, kMaxPatience = 24;

constexpr uint64_t kTableBytes = uint64_t(kVirtualPages) * 8;
constexpr uint64_t kContextBytes = 3 * kTableBytes + kVirtualPages / 8;

}  // namespace

Translation::Translation(Memory& memory, const Handlers& handlers) : memory_(memory), handlers_(&handlers) {
  pages_ = static_cast<Page*>(reserve(uint64_t(memory.size() / 4096 + 1) * sizeof(Page), false));
  system_ = makeContext();
}

Translation::~Translation() {
  release(system_->read, kContextBytes);
  for (auto& context : users_) release(context->read, kContextBytes);
  release(pages_, uint64_t(memory_.size() / 4096 + 1) * sizeof(Page));
}

std::unique_ptr<Context> Translation::makeContext() {
  auto context = std::make_unique<Context>();
  auto* tables = static_cast<uint64_t*>(reserve(kContextBytes, false));
  context->read = tables;
  context->write = tables + kVirtualPages;
  context->fetch = reinterpret_cast<Record**>(tables + 2 * kVirtualPages);
  context->listed = tables + 3 * kVirtualPages;
  return context;
}

Context& Translation::user(uint32_t pto, uint32_t ptl) {
  uses_++;
  Context* oldest = nullptr;
  for (auto& context : users_) {
    if (context->pto == pto && context->ptl == ptl) return context->lastUse = uses_, *context;
    if (!oldest || context->lastUse < oldest->lastUse) oldest = context.get();
  }
  if (users_.size() < kMaxUsers) oldest = users_.emplace_back(makeContext()).get();
  flush(*oldest);
  oldest->pto = pto, oldest->ptl = ptl, oldest->user = true, oldest->lastUse = uses_;
  return *oldest;
}

void Translation::flush(Context& context) {
  for (uint32_t page : context.filled) {
    context.read[page] = context.write[page] = 0, context.fetch[page] = nullptr;
    context.listed[page / 64] = 0;
  }
  context.filled.clear();
}

bool Translation::translate(const Context& context, uint32_t va, bool write, uint32_t& physical) const {
  if (!context.user) return physical = va, true;
  uint32_t page = va >> 12, entryAddress = (context.pto << 12) + (page << 2);
  if (page >= context.ptl + 1 || !memory_.contains(entryAddress, 4)) return false;
  uint32_t entry = memory_.load<uint32_t>(entryAddress);
  physical = (entry & ~0xFFFu) | (va & 0xFFF);
  return (entry & 0x800) && !(write && (entry & 0x400));
}

// A translation of a user context is about to be entered: from now on stores to its page-table entry matter.
void Translation::remember(Context& context, uint32_t va) {
  if (!context.user) return;
  uint32_t page = va >> 12;
  uint64_t& listed = context.listed[page / 64];
  if (uint64_t bit = uint64_t(1) << page % 64; !(listed & bit)) {
    listed |= bit;
    context.filled.push_back(page);
  }
  watch(((context.pto << 12) + (page << 2)) >> 12, kTable);
}

void Translation::fillRead(Context& context, uint32_t va, uint32_t physical) {
  remember(context, va);
  context.read[va >> 12] = uint64_t(memory_.data() + physical) - va;
}

void Translation::fillWrite(Context& context, uint32_t va, uint32_t physical) {
  Page& page = pages_[physical >> 12];
  if (page.flags & (kCode | kTable | kGuarded)) return;
  remember(context, va);
  if (page.flags & kTable) return;  // its own page-table entry lies in it
  if (context.user) page.flags |= kUserWritable;
  context.write[va >> 12] = uint64_t(memory_.data() + physical) - va;
  context.written[va >> 27] |= uint64_t(1) << (va >> 21) % 64;
}

Record* Translation::fillFetch(Context& context, uint32_t va, uint32_t physical) {
  Page& page = pages_[physical >> 12];
  if (!page.code) {
    if (code_.size() >= kMaxCodePages) dropAllCode();
    page.code = code_.emplace_back(std::make_unique<CodePage>()).get();
    page.code->frame = physical >> 12;
    resetRecords(*page.code);
  }
  remember(context, va);
  return context.fetch[va >> 12] = page.code->records;
}

void Translation::watch(uint32_t frame, Flag flag) {
  Page& page = pages_[frame];
  if (page.flags & flag) return;
  page.flags |= flag;
  system_->write[frame] = 0;
  if (!(page.flags & kUserWritable)) return;
  page.flags &= uint8_t(~kUserWritable);
  uint64_t host = uint64_t(memory_.data()) + (uint64_t(frame) << 12);
  for (auto& context : users_)
    for (uint32_t va : context->filled)
      if (context->write[va] + (uint64_t(va) << 12) == host) context->write[va] = 0;
}

bool Translation::written(uint32_t address, uint32_t bytes) {
  bool changed = false;
  for (uint64_t at = address, end = at + bytes; at < end;) {
    uint32_t frame = uint32_t(at >> 12);
    uint64_t pageEnd = std::min<uint64_t>(end, uint64_t(frame + 1) << 12);
    Page& page = pages_[frame];
    bool hit = false;
    if (!(page.flags & kWritten)) page.flags |= kWritten, written_.push_back(frame);
    if (page.flags & kCode) hit |= changeCode(*page.code, uint32_t(at), uint32_t(pageEnd - at));
    if (page.flags & kTable)
      for (uint64_t word = at & ~uint64_t(3); word < pageEnd; word += 4) hit |= changeTable(uint32_t(word));
    if (hit) page.idleStores = 0;
    else if (page.flags & (kCode | kTable) && ++page.idleStores >> std::min(kPatience + page.abandoned, kMaxPatience))
      hit = abandon(frame);
    changed |= hit;
    at = pageEnd;
  }
  return changed;
}

bool Translation::changeCode(CodePage& code, uint32_t address, uint32_t bytes) {
  unsigned first = (address & 0xFFF) / 4, last = ((address & 0xFFF) + bytes - 1) / 4;
  bool changed = false;
  for (unsigned i = first; i <= last; i++) {
    if (code.records[i].kind == Kind::Undecoded) continue;
    changed = true;
    code.records[i].kind = Kind::Undecoded;
    // Those before it stay decoded (a fused handler may count on that), but must choose their handlers anew.
    for (unsigned j = i - std::min(i, kFusedAhead); j <= i; j++) code.records[j].handler = handlers_->alone[unsigned(Kind::Undecoded)];
  }
  return changed;
}

bool Translation::changeTable(uint32_t address) {
  bool changed = false;
  for (auto& context : users_) {
    uint32_t page = (address - (context->pto << 12)) >> 2;
    if (page >= kVirtualPages) continue;
    changed |= context->read[page] || context->write[page] || context->fetch[page];
    context->read[page] = context->write[page] = 0, context->fetch[page] = nullptr;
  }
  return changed;
}

void Translation::relearn(const Handlers& handlers) {
  handlers_ = &handlers;
  dropAllCode();
  forgetWrites();
}

void Translation::forgetWrites() {
  for (size_t word = 0; word < system_->written.size(); ++word)
    for (uint64_t bits = std::exchange(system_->written[word], 0); bits != 0; bits &= bits - 1)
      std::fill_n(system_->write + 512 * (64 * word + unsigned(std::countr_zero(bits))), 512, 0);
  for (auto& context : users_)
    for (uint32_t va : context->filled) context->write[va] = 0;
}

void Translation::guard(const std::vector<Breaks::Range>& ranges) {
  for (uint32_t frame : guarded_) pages_[frame].flags &= uint8_t(~kGuarded);
  guarded_.clear();
  for (const Breaks::Range& range : ranges)
    for (uint32_t frame = range.address >> 12; frame <= (range.address + range.size - 1) >> 12 && frame < memory_.size() >> 12; frame++)
      if (!(pages_[frame].flags & kGuarded)) pages_[frame].flags |= kGuarded, guarded_.push_back(frame);
  relearn(*handlers_);
}

// Whoever writes to a page again must come to written() again.
std::vector<uint32_t> Translation::takeWritten() {
  for (uint32_t frame : written_) pages_[frame].flags &= uint8_t(~(kWritten | kUserWritable)), system_->write[frame] = 0;
  for (auto& context : users_)
    for (uint32_t va : context->filled) context->write[va] = 0;
  return std::exchange(written_, {});
}

// A page that is stored to again and again without effect is data by now. If it turns out to be code or page table
// after all, we are more patient the next time.
bool Translation::abandon(uint32_t frame) {
  Page& page = pages_[frame];
  if (page.flags & kCode) resetRecords(*page.code);
  if (page.flags & kTable)
    for (uint32_t entry = frame << 12; entry >> 12 == frame; entry += 4) changeTable(entry);
  page.flags &= uint8_t(~(kCode | kTable));
  page.idleStores = 0;
  if (page.abandoned < kMaxPatience) page.abandoned++;
  return true;
}

void Translation::resetRecords(CodePage& code) {
  for (Record& record : code.records) record = {handlers_->alone[unsigned(Kind::Undecoded)], 0, Kind::Undecoded, 0, 0, 0};
  code.records[kPageRecords] = {handlers_->alone[unsigned(Kind::PageEnd)], 0, Kind::PageEnd, 0, 0, 0};
}

void Translation::dropAllCode() {
  for (auto& code : code_) {
    Page& page = pages_[code->frame];
    page.code = nullptr;
    page.flags &= uint8_t(~kCode);
    system_->fetch[code->frame] = nullptr;
  }
  for (auto& context : users_) flush(*context);
  code_.clear();
}

}  // namespace machine
