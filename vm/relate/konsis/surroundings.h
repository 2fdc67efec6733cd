// Devices of the three machines (decisions.md, 25). The VAMP's bus notes every access to a device that the abstract kernel may know; the
// CVM machine's devices, of their own, get the same accesses at the same times. A forced line is up in both from one time on.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vm/devices/system_bus.h"
#include "vm/relate/cvm/machine.h"
#include "vm/relate/konsis/swap_disk.h"

namespace konsis {

// Lines that are forced up, until a port of the device is written.
class Forced {
 public:
  void at(uint64_t time, unsigned device) { waiting_.push_back({time, device}); }
  void cancelFrom(uint64_t time);  // those not yet up
  void written(unsigned device) { up_ &= ~(1u << (13 + device)); }
  uint32_t lines(uint64_t now);
  uint64_t next(uint64_t now) const;

  struct Line {
    uint64_t time;
    unsigned device;
  };
  std::vector<Line> raised;  // all that came up

 private:
  std::vector<Line> waiting_;
  uint32_t up_ = 0;
};

struct Access {
  unsigned device, port;
  bool write;
  uint32_t value;
  uint64_t time;
};

// Of the VAMP.
class NotingBus : public machine::Bus {
 public:
  // `now` is told the time of every access and question.
  NotingBus(devices::SystemBus& inner, uint64_t& now) : inner_(inner), now_(now) {}

  Forced forced;
  std::vector<Access> accesses;  // to devices other than the swap disk, since their reader cleared them
  uint64_t diskErrors = 0;       // how often the swap disk's status told one

  uint32_t read(unsigned device, unsigned port, uint64_t time) override;
  void write(unsigned device, unsigned port, uint32_t value, uint64_t time) override;
  uint32_t lines(uint64_t time) override { return now_ = time, inner_.lines(time) | forced.lines(time); }
  uint64_t nextEvent(uint64_t time) override { return std::min(inner_.nextEvent(time), forced.next(time)); }
  bool stopRequested() const override { return inner_.stopRequested(); }

 private:
  devices::SystemBus& inner_;
  uint64_t& now_;
};

// The serial line of the VAMP: bytes with the times at which they were there.
struct TimedByte {
  uint64_t time;
  uint8_t byte;
};
class NotingConsole : public devices::Console {
 public:
  // Without `inner` the bytes are those of `replay`.
  NotingConsole(devices::Console* inner, const uint64_t& now, std::vector<TimedByte> replay = {})
      : inner_(inner), now_(now), replay_(std::move(replay)) {}

  std::vector<TimedByte> bytes;
  void put(uint8_t byte) override {
    if (inner_) inner_->put(byte);
  }
  int get() override;
  bool available() override;

 private:
  devices::Console* inner_;
  const uint64_t& now_;
  const std::vector<TimedByte> replay_;
  bool waiting_ = false;  // the last of `bytes` has not been fetched
};

// Around the VAMP: serial line, bus and disks of one run.
class VampSide {
 public:
  VampSide(std::span<const uint8_t> disk, std::span<const uint8_t> secondDisk, devices::Console& serial);
  // The same again, with what came from outside in a first run.
  VampSide(std::span<const uint8_t> disk, std::span<const uint8_t> secondDisk, const VampSide& first);

  devices::Console& serial() { return serial_; }
  const std::vector<TimedByte>& bytes() const { return serial_.bytes; }
  machine::Bus& attach(devices::SystemBus& devices);
  // From attach() on.
  NotingBus& bus() { return *bus_; }
  const NotingBus& bus() const { return *bus_; }
  SwapDisk& disk() { return *disk_; }
  devices::Disk& drive() { return *drive_; }
  // Also when the run is over.
  const Transfers& transfers() const { return transfers_; }

 private:
  std::span<const uint8_t> image_, secondImage_;
  uint64_t now_ = 0;
  std::vector<Forced::Line> again_;
  std::unique_ptr<NotingBus> bus_;
  NotingConsole serial_;
  Transfers transfers_;
  SwapDisk* disk_ = nullptr;  // the bus has it
  devices::Disk* drive_ = nullptr;
};

// Around the CVM machine.
class CvmSide : public cvm::Outside, public cvm::Lines {
 public:
  CvmSide(const std::vector<Access>& accesses, const std::vector<TimedByte>& serialBytes, std::span<const uint8_t> secondDisk);

  Forced forced;
  devices::SystemBus bus;

  // A primitive of the CVM machine is made after the VAMP's, which lost a page or not: the n-th time that it was touched.
  struct Loss {
    cvm::Page page;
    uint32_t touch;
  };
  void beginPrimitive(std::optional<Loss> loss);
  // What was different, if anything: accesses that only one machine made, or with other values.
  std::optional<std::string> endPrimitive();

  uint32_t in(unsigned device, unsigned port) override;
  void out(unsigned device, unsigned port, uint32_t value) override;
  bool lost(cvm::Page page) override;
  uint32_t lines(uint64_t time) override { return now_ = time, bus.lines(time) | forced.lines(time); }
  uint64_t nextEvent(uint64_t time) override { return std::min(bus.nextEvent(time), forced.next(time)); }

 private:
  // Answers as the VAMP's console did, which is asked first.
  class HostConsole : public devices::Console {
   public:
    explicit HostConsole(const CvmSide& side) : side_(side) {}
    void put(uint8_t) override {}
    int get() override { return side_.current_ ? int(side_.current_->value) : -1; }
    bool available() override { return true; }

   private:
    const CvmSide& side_;
  };
  class SerialConsole : public devices::Console {
   public:
    SerialConsole(const std::vector<TimedByte>& bytes, const uint64_t& now) : bytes_(bytes), now_(now) {}
    void put(uint8_t) override {}
    int get() override { return available() ? bytes_[next_++].byte : -1; }
    bool available() override { return next_ < bytes_.size() && bytes_[next_].time <= now_; }

   private:
    const std::vector<TimedByte>& bytes_;
    const uint64_t& now_;
    size_t next_ = 0;
  };

  const Access* take(unsigned device, unsigned port, bool write, uint32_t value);

  const std::vector<Access>& accesses_;
  size_t taken_ = 0;
  const Access* current_ = nullptr;
  uint64_t now_ = 0;
  std::optional<Loss> loss_;
  uint32_t touches_ = 0;
  std::optional<std::string> different_;
  HostConsole host_;
  SerialConsole serial_;
};

}  // namespace konsis
