// The surroundings of a CVM machine that runs on its own: the devices of a VAMP but the swap disk, external events from outside or
// from a list, and time (decisions.md, 25): one tick for each user step, kernel step and port access.
#pragma once

#include "vm/devices/system_bus.h"
#include "vm/relate/cvm/events.h"
#include "vm/relate/cvm/machine.h"

namespace cvm {

class Surroundings : public Outside, public Lines {
 public:
  // The consoles are asked for input, unless a list of events to replay is given.
  Surroundings(devices::Console& host, devices::Console& serial, uint32_t memorySize, uint32_t seed,
               std::optional<std::deque<Event>> replay);

  uint64_t now = 0;
  devices::SystemBus bus;
  std::deque<Event> recorded;  // what came from outside: the list with which the run can be repeated

  uint32_t in(unsigned device, unsigned port) override { return bus.read(device, port, now++); }
  void out(unsigned device, unsigned port, uint32_t value) override;
  bool lost(Page page) override;
  uint32_t lines(uint64_t at) override { return now = at, bus.lines(at) | forced(); }
  uint64_t nextEvent(uint64_t now) override { return std::min(bus.nextEvent(now), nextForced(now)); }

  // The step of user u at this time is replaced by the event that a page of it is lost; and the time of the next such event.
  bool losesPage(uint32_t u);
  uint64_t nextLoss() const;

 private:
  // Input of one console, with the times at which it came.
  class Console : public devices::Console {
   public:
    Console(Surroundings& around, devices::Console& inner, Event::Kind kind) : around_(around), inner_(inner), kind_(kind) {}
    void put(uint8_t byte) override { inner_.put(byte); }
    int get() override;
    bool available() override;

   private:
    Surroundings& around_;
    devices::Console& inner_;
    const Event::Kind kind_;
    std::optional<uint8_t> waiting_;  // known to be available
  };

  void record(Event event) { event.time = now, recorded.push_back(event); }
  uint32_t forced();
  uint64_t nextForced(uint64_t now) const;

  const bool replaying_;
  std::deque<Event> inputs_[2];  // by console
  std::deque<Event> forced_, lost_;
  uint32_t up_ = 0;  // forced lines
  Console host_, serial_;
};

}  // namespace cvm
