#include "vm/relate/cvm/surroundings.h"

#include <algorithm>
#include <utility>

namespace cvm {

Surroundings::Surroundings(devices::Console& host, devices::Console& serial, uint32_t memorySize, uint32_t seed,
                           std::optional<std::deque<Event>> replay)
    : bus(host_, serial_, memorySize, seed), replaying_(replay), host_(*this, host, Event::Host), serial_(*this, serial, Event::Serial) {
  if (!replay) return;
  for (const Event& event : *replay) {
    if (event.kind == Event::Line) forced_.push_back(event);
    else if (event.kind == Event::Lost) lost_.push_back(event);
    else inputs_[event.kind].push_back(event);
  }
}

void Surroundings::out(unsigned device, unsigned port, uint32_t value) {
  up_ &= ~(1u << (13 + device));
  bus.write(device, port, value, now++);
}

uint32_t Surroundings::forced() {
  while (!forced_.empty() && forced_.front().time <= now) {
    record(forced_.front());
    up_ |= 1u << (13 + forced_.front().a);
    forced_.pop_front();
  }
  return up_;
}

uint64_t Surroundings::nextForced(uint64_t now) const {
  return forced_.empty() ? machine::kNever : std::max(forced_.front().time, now + 1);
}

bool Surroundings::lost(Page page) {
  for (auto event = lost_.begin(); event != lost_.end() && event->time <= now; ++event)
    if (Page{event->a, event->b} == page) {
      record(*event);
      lost_.erase(event);
      return true;
    }
  return false;
}

bool Surroundings::losesPage(uint32_t u) {
  for (auto event = lost_.begin(); event != lost_.end() && event->time <= now; ++event)
    if (event->time == now && event->a == u) {
      record(*event);
      lost_.erase(event);
      return true;
    }
  return false;
}

uint64_t Surroundings::nextLoss() const {
  for (const Event& event : lost_)
    if (event.time > now) return event.time;
  return machine::kNever;
}

// ---- input ------------------------------------------------------------------------------------------------------------

// The host device waits for a byte, so that the time does not matter; on the serial line a byte is there or not.
int Surroundings::Console::get() {
  if (!waiting_ && kind_ == Event::Host && !around_.replaying_) {
    const int byte = inner_.get();
    if (byte >= 0) around_.record({0, kind_, uint32_t(byte), 0});
    return byte;
  }
  auto& inputs = around_.inputs_[kind_];
  if (!waiting_ && kind_ == Event::Host && !inputs.empty()) {
    waiting_ = uint8_t(inputs.front().a);
    around_.record(inputs.front());
    inputs.pop_front();
  }
  if (!waiting_) return -1;
  return *std::exchange(waiting_, std::nullopt);
}

bool Surroundings::Console::available() {
  if (waiting_) return true;
  auto& inputs = around_.inputs_[kind_];
  if (around_.replaying_) {
    if (inputs.empty() || inputs.front().time > around_.now) return false;
    waiting_ = uint8_t(inputs.front().a);
    inputs.pop_front();
  } else {
    if (!inner_.available()) return false;
    const int byte = inner_.get();
    if (byte < 0) return false;
    waiting_ = uint8_t(byte);
  }
  around_.record({0, kind_, *waiting_, 0});
  return true;
}

}  // namespace cvm
