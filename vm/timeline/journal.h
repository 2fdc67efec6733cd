// What comes from outside, as a list of events: with it, a run is a function of image and options. The devices' consoles, wire and bus go
// through it: where the run has been before, input is that of the list and output is not made again; where it has not, the world is asked
// and the answer joins the list.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vm/devices/bus_controller.h"
#include "vm/devices/console.h"
#include "vm/devices/network.h"

namespace timeline {

enum class Source : uint8_t { Host, Serial, Network, Bus, Count };
std::string_view sourceName(Source source);

struct Event {
  uint64_t time;      // State::steps when it was taken
  std::string bytes;  // of a console: one, or none for the end of input; a frame; of a slot of the bus: senders, sender, message
  bool operator==(const Event&) const = default;
};

class Journal {
 public:
  static constexpr unsigned kSources = unsigned(Source::Count);
  using Events = std::array<std::vector<Event>, kSources>;  // of each source, by time
  using Position = std::array<size_t, kSources>;            // of each source, how many have been taken

  // The consoles outlive the journal.
  Journal(devices::Console& host, devices::Console& serial)
      : host_(*this, Source::Host, host), serial_(*this, Source::Serial, serial), wire_(*this), bus_(*this) {}

  // For the devices.
  devices::Console& host() { return host_; }
  devices::Console& serial() { return serial_; }
  // What network interface and bus controller are plugged into; in a replay there need not be any.
  devices::Wire& wire(devices::Wire* inner) { return wire_.inner = inner, wire_; }
  devices::BusLink& bus(devices::BusLink* inner, unsigned node, unsigned nodes) { return bus_.inner = inner, bus_.number = node, bus_.count = nodes, bus_; }

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

  class Wire : public devices::Wire {
   public:
    explicit Wire(Journal& journal) : journal_(journal) {}
    void send(std::span<const uint8_t> frame, uint64_t now) override;
    bool receive(devices::Frame& frame, uint64_t now) override;

    devices::Wire* inner = nullptr;
    uint64_t written = 0;

   private:
    Journal& journal_;
  };

  class BusLink : public devices::BusLink {
   public:
    explicit BusLink(Journal& journal) : journal_(journal) {}
    unsigned node() const override { return number; }
    unsigned nodes() const override { return count; }
    devices::BusSlot meet(uint64_t slot, bool sends, std::span<const uint8_t> message) override;

    devices::BusLink* inner = nullptr;
    unsigned number = 0, count = 0;

   private:
    Journal& journal_;
  };

  // The next event of the source, which is taken now; null if there is none left.
  const Event* take(Source source);
  void join(Source source, std::string bytes);
  void diverge(Source source, uint64_t recorded);

  static constexpr uint64_t kStart = 0;
  const uint64_t* now_ = &kStart;
  bool replaying_ = false;
  Events events_;
  Position position_{};
  std::optional<std::string> diverged_;
  Console host_, serial_;
  Wire wire_;
  BusLink bus_;
};

}  // namespace timeline
