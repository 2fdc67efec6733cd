#include "vm/timeline/journal.h"

#include <utility>

namespace timeline {

std::string_view sourceName(Source source) { return source == Source::Host ? "host" : "serial"; }

void Journal::replay(Events events) {
  events_ = std::move(events);
  replaying_ = true;
}

void Journal::forget() {
  for (unsigned i = 0; i < kSources; i++) events_[i].resize(position_[i]);
  for (Console* console : {&host_, &serial_}) console->written = std::min(console->written, *now_);
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
    events().push_back({*journal_.now_, byte < 0 ? std::string() : std::string(1, char(byte))});
  }
  const Event& event = events()[position()++];
  if (event.time != *journal_.now_) journal_.diverge(source_, event.time);
  return event.bytes.empty() ? -1 : uint8_t(event.bytes[0]);
}

bool Journal::Console::available() {
  if (ended()) return false;
  if (position() < events().size()) return events()[position()].time <= *journal_.now_;
  return !journal_.replaying_ && inner_.available();
}

}  // namespace timeline
