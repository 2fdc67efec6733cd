// What comes from outside, as a list of events: with it, a run is a function of image and options. The devices' consoles go through it:
// where the run has been before, input is that of the list and output is not made again; where it has not, the world is asked
// and the answer joins the list.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vm/devices/console.h"

namespace timeline {

enum class Source : uint8_t { Host, Serial, Count };
std::string_view sourceName(Source source);

struct Event {
  uint64_t time;      // State::steps when it was taken
  std::string bytes;  // of a console: one, or none for the end of input
  bool operator==(const Event&) const = default;
};

class Journal {
 public:
  static constexpr unsigned kSources = unsigned(Source::Count);
  using Events = std::array<std::vector<Event>, kSources>;  // of each source, by time
  using Position = std::array<size_t, kSources>;            // of each source, how many have been taken

  // The consoles outlive the journal.
  Journal(devices::Console& host, devices::Console& serial) : host_(*this, Source::Host, host), serial_(*this, Source::Serial, serial) {}

  // For the devices.
  devices::Console& host() { return host_; }
  devices::Console& serial() { return serial_; }

  // State::steps of the machine that has these devices; before it runs.
  void setClock(const uint64_t& now) { now_ = &now; }

  // Nothing comes from outside but these, from now on.
  void replay(Events events);

  const Events& events() const { return events_; }
  const Position& position() const { return position_; }
  // The machine is in the state that it had at this position.
  void restore(const Position& position) { position_ = position; }
  // What has not been taken yet never was: the run goes on in another way.
  void forget();

  // Why the run is not the one that the events belong to: the first taken at another time, or not at all by now.
  std::optional<std::string> divergence() const;

 private:
  class Console : public devices::Console {
   public:
    Console(Journal& journal, Source source, devices::Console& inner) : journal_(journal), source_(source), inner_(inner) {}
    void put(uint8_t byte) override;
    int get() override;
    bool available() override;

    uint64_t written = 0;  // output before this time has been made

   private:
    std::vector<Event>& events() { return journal_.events_[unsigned(source_)]; }
    size_t& position() { return journal_.position_[unsigned(source_)]; }
    bool ended() { return position() != 0 && events()[position() - 1].bytes.empty(); }

    Journal& journal_;
    const Source source_;
    devices::Console& inner_;
  };

  void diverge(Source source, uint64_t recorded);

  static constexpr uint64_t kStart = 0;
  const uint64_t* now_ = &kStart;
  bool replaying_ = false;
  Events events_;
  Position position_{};
  std::optional<std::string> diverged_;
  Console host_, serial_;
};

}  // namespace timeline
