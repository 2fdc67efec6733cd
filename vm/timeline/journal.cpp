#include "vm/timeline/journal.h"

#include <algorithm>
#include <utility>

namespace timeline {

std::string_view sourceName(Source source) {
  constexpr std::string_view kNames[Journal::kSources] = {"host", "serial", "network", "bus"};
  return kNames[unsigned(source)];
}

void Journal::replay(Events events) {
  events_ = std::move(events);
  replaying_ = true;
}

void Journal::forget() {
  for (unsigned i = 0; i < kSources; i++) events_[i].resize(position_[i]);
  for (Console* console : {&host_, &serial_}) console->written = std::min(console->written, *now_);
  wire_.written = std::min(wire_.written, *now_);
}

void Journal::diverge(Source source, uint64_t recorded) {
  if (diverged_) return;
  diverged_ = "at instruction " + std::to_string(*now_) + ": input of the device " + std::string(sourceName(source)) +
              " was taken at instruction " + std::to_string(recorded);
}

std::optional<std::string> Journal::divergence() const {
  if (diverged_) return diverged_;
  for (unsigned i = 0; i < kSources; i++)
    if (position_[i] < events_[i].size() && events_[i][position_[i]].time < *now_)
      return "at instruction " + std::to_string(events_[i][position_[i]].time) + ": input of the device " +
             std::string(sourceName(Source(i))) + " was not taken";
  return std::nullopt;
}

const Event* Journal::take(Source source) {
  auto& events = events_[unsigned(source)];
  size_t& position = position_[unsigned(source)];
  if (position == events.size()) return nullptr;
  const Event& event = events[position++];
  if (event.time != *now_) diverge(source, event.time);
  return &event;
}

void Journal::join(Source source, std::string bytes) { events_[unsigned(source)].push_back({*now_, std::move(bytes)}); }

void Journal::Console::put(uint8_t byte) {
  if (*journal_.now_ < written) return;
  written = *journal_.now_ + 1;
  inner_.put(byte);
}

int Journal::Console::get() {
  if (ended()) return -1;
  if (position() == events().size()) {
    if (journal_.replaying_) return -1;
    const int byte = inner_.get();
    journal_.join(source_, byte < 0 ? std::string() : std::string(1, char(byte)));
  }
  const Event* event = journal_.take(source_);
  return event->bytes.empty() ? -1 : uint8_t(event->bytes[0]);
}

bool Journal::Console::available() {
  if (ended()) return false;
  if (position() < events().size()) return events()[position()].time <= *journal_.now_;
  return !journal_.replaying_ && inner_.available();
}

void Journal::Wire::send(std::span<const uint8_t> frame, uint64_t now) {
  if (now < written) return;
  written = now + 1;
  if (inner) inner->send(frame, now);
}

bool Journal::Wire::receive(devices::Frame& frame, uint64_t now) {
  const auto& events = journal_.events_[unsigned(Source::Network)];
  const size_t position = journal_.position_[unsigned(Source::Network)];
  if (position == events.size()) {
    if (journal_.replaying_ || !inner || !inner->receive(frame, now)) return false;
    journal_.join(Source::Network, {frame.begin(), frame.end()});
  } else if (events[position].time > now) {
    return false;
  }
  const Event* event = journal_.take(Source::Network);
  frame.assign(event->bytes.begin(), event->bytes.end());
  return true;
}

devices::BusSlot Journal::BusLink::meet(uint64_t slot, bool sends, std::span<const uint8_t> message) {
  devices::BusSlot heard;
  const Event* event = journal_.take(Source::Bus);
  if (!event && !journal_.replaying_ && inner) {
    heard = inner->meet(slot, sends, message);
    std::string bytes{char(heard.senders), char(heard.sender)};
    journal_.join(Source::Bus, bytes.append(heard.message.begin(), heard.message.begin() + heard.length));
    event = journal_.take(Source::Bus);
  }
  if (!event || event->bytes.size() < 2) return heard;
  heard.senders = uint8_t(event->bytes[0]), heard.sender = uint8_t(event->bytes[1]);
  heard.length = uint32_t(std::min<size_t>(event->bytes.size() - 2, devices::BusSlot::kLongest));
  std::copy_n(event->bytes.begin() + 2, heard.length, heard.message.begin());
  return heard;
}

}  // namespace timeline
