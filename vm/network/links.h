// What the emulator's network interface and bus controller are plugged into.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "vm/devices/bus_controller.h"
#include "vm/devices/network.h"
#include "vm/network/mesh.h"

namespace network {

// An Ethernet of emulators: a frame goes to all of them.
class LocalWire : public devices::Wire {
 public:
  explicit LocalWire(std::unique_ptr<Mesh> mesh) : mesh_(std::move(mesh)) {}
  void send(std::span<const uint8_t> frame, uint64_t now) override;
  bool receive(devices::Frame& frame, uint64_t now) override;

 private:
  std::unique_ptr<Mesh> mesh_;
  unsigned turn_ = 0;  // who is asked first
};

// A bus of emulators. A node whose process has ended is silent from then on.
class LocalBus : public devices::BusLink {
 public:
  explicit LocalBus(std::unique_ptr<Mesh> mesh) : mesh_(std::move(mesh)) {}
  unsigned node() const override { return mesh_->node(); }
  unsigned nodes() const override { return mesh_->nodes(); }
  devices::BusSlot meet(uint64_t slot, bool sends, std::span<const uint8_t> message) override;

 private:
  std::unique_ptr<Mesh> mesh_;
  std::vector<uint8_t> packet_;
};

// Keeps what passes a wire in a file in pcapng format (IETF draft-ietf-opsawg-pcapng; one instruction counts as a microsecond), then hands it on.
class Capture : public devices::Wire {
 public:
  // [cannot-write]
  static base::Result<std::unique_ptr<Capture>> create(const std::string& path, devices::Wire& wire);
  void send(std::span<const uint8_t> frame, uint64_t now) override;
  bool receive(devices::Frame& frame, uint64_t now) override;
  bool flush() { return std::fflush(file_.get()) == 0 && !std::ferror(file_.get()); }  // false: some of it was lost

 private:
  Capture(FILE* file, devices::Wire& wire) : file_(file, std::fclose), wire_(wire) {}
  void keep(std::span<const uint8_t> frame, uint64_t now, uint32_t direction);

  std::unique_ptr<FILE, int (*)(FILE*)> file_;
  devices::Wire& wire_;
};

}  // namespace network
