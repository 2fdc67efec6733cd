#include "vm/relate/cvm/user.h"

#include <algorithm>
#include <utility>

#include "assembler/isa/isa.h"

namespace cvm {
namespace {

constexpr uint32_t kEntriesPerPage = kPageSize / 4, kValid = 1u << 11;
// The code at address 0: a store to the host device, by which the run ends. It touches no register.
constexpr uint32_t kStub = 0xAC00E000;  // sw r0,-0x2000(r0)
constexpr uint32_t kTable = 1;          // the page where the page table begins

}  // namespace

// A VAMP in user mode whose page table maps page i to the i-th page behind the table, always, and as many as there are.
class User::Processor : private machine::Bus {
 public:
  explicit Processor(uint32_t capacity)
      : capacity_(capacity),
        base_(kTable + (capacity + kEntriesPerPage - 1) / kEntriesPerPage),
        machine_((base_ + capacity) * kPageSize, this) {
    machine_.write(0, &kStub, 4);
    for (uint32_t page = 0; page < capacity; ++page) {
      const uint32_t entry = (base_ + page) * kPageSize | kValid;
      machine_.write(kTable * kPageSize + 4 * page, &entry, 4);
    }
  }

  uint32_t capacity() const { return capacity_; }
  const uint8_t* memory(uint32_t address) const { return machine_.memory().data() + base_ * kPageSize + address; }
  void write(uint32_t address, const uint8_t* bytes, uint32_t size) { machine_.write(base_ * kPageSize + address, bytes, size); }

  Interrupt run(User& user, uint64_t limit, uint32_t mask, Lines& lines, uint64_t& now, Executor executor) {
    machine::State& state = machine_.state;
    state = user.registers;
    state.steps = now;
    state.spr[isa::SR] = mask, state.spr[isa::MODE] = 1;
    state.spr[isa::PTO] = kTable, state.spr[isa::PTL] = user.pages_ - 1;
    lines_ = &lines, stop_ = false;
    if (executor == Executor::Fast) {
      // The stub comes on top; it is no user step.
      if (machine_.run(limit) == machine::Stop::Host) --state.steps;
    } else {
      for (uint64_t i = 0; i < limit && state.user(); ++i) machine_.step();
    }
    now = state.steps;
    user.registers = state;
    if (state.user()) return {};
    user.registers.dpc = state.spr[isa::EDPC], user.registers.pc = state.spr[isa::EPC];
    return {state.spr[isa::ECA], state.spr[isa::EDATA]};
  }

 private:
  uint32_t read(unsigned, unsigned, uint64_t) override { return 0; }  // no page is a device
  void write(unsigned, unsigned, uint32_t, uint64_t) override { stop_ = true; }
  uint32_t lines(uint64_t now) override { return lines_->lines(now); }
  uint64_t nextEvent(uint64_t now) override { return lines_->nextEvent(now); }
  bool stopRequested() const override { return stop_; }

  uint32_t capacity_, base_;
  machine::Machine machine_;
  Lines* lines_ = nullptr;
  bool stop_ = false;
};

User::User() { reset(); }
User::~User() = default;
User::User(User&&) noexcept = default;
User& User::operator=(User&&) noexcept = default;

void User::reset() {
  registers = machine::resetState();
  mask = 0;
  pages_ = 0;
  processor_.reset();
}

void User::reserve(uint32_t pages) {
  if (processor_ && pages <= processor_->capacity()) return;
  auto wider = std::make_unique<Processor>(std::max({pages, 16u, processor_ ? 2 * processor_->capacity() : 0}));
  if (pages_) wider->write(0, processor_->memory(0), pages_ * kPageSize);
  processor_ = std::move(wider);
}

void User::resize(uint32_t pages) {
  if (pages) reserve(pages);
  static constexpr uint8_t kZeros[kPageSize] = {};
  for (uint32_t page = pages; page < pages_; ++page) processor_->write(page * kPageSize, kZeros, kPageSize);
  pages_ = pages;
}

void User::assign(const User& other) {
  registers = other.registers;
  mask = other.mask;
  pages_ = 0;
  processor_.reset();
  resize(other.pages_);
  if (pages_) processor_->write(0, other.processor_->memory(0), pages_ * kPageSize);
}

const uint8_t* User::memory(uint32_t address) const { return processor_->memory(address); }
void User::write(uint32_t address, std::span<const uint8_t> bytes) {
  if (!bytes.empty()) processor_->write(address, bytes.data(), uint32_t(bytes.size()));
}

Interrupt User::run(uint64_t limit, uint32_t mask, Lines& lines, uint64_t& now, Executor executor) {
  reserve(1);
  return processor_->run(*this, limit, mask, lines, now, executor);
}

}  // namespace cvm
