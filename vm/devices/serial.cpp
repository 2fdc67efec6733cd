#include "vm/devices/serial.h"

#include "vm/devices/ports.h"

namespace devices {
namespace {

constexpr uint8_t kReceiveInterrupt = 1, kTransmitInterrupt = 2, kLineInterrupt = 4;               // IER
constexpr uint8_t kNone = 0x01, kTransmit = 0x02, kReceive = 0x04, kLine = 0x06, kTimeout = 0x0C;  // IIR
constexpr uint8_t kDivisorLatch = 0x80;                                                            // LCR
constexpr uint8_t kLoop = 0x10;                                                                    // MCR
constexpr uint8_t kDataReady = 0x01, kOverrun = 0x02, kTransmitterIdle = 0x60;                     // LSR
constexpr uint8_t kConnected = 0xB0;                                                               // MSR: CTS, DSR, DCD

}  // namespace

unsigned Serial::interrupt() const {
  if ((ier_ & kLineInterrupt) && overrun_) return kLine;
  if ((ier_ & kReceiveInterrupt) && !received_.empty()) return received_.size() >= trigger_ ? kReceive : kTimeout;
  if ((ier_ & kTransmitInterrupt) && transmitterEmpty_) return kTransmit;
  return kNone;
}

void Serial::receive() {
  if (mcr_ & kLoop) return;
  while (received_.size() < room() && console_->available()) {
    int byte = console_->get();
    if (byte < 0) return;
    received_.push_back(uint8_t(byte));
  }
}

void Serial::send(uint8_t byte) {
  transmitterEmpty_ = true;
  if (!(mcr_ & kLoop)) return console_->put(byte);
  if (received_.size() < room()) received_.push_back(byte);
  else overrun_ = true;
}

uint32_t Serial::read(unsigned port, uint64_t) {
  receive();
  bool latch = lcr_ & kDivisorLatch;
  switch (port) {
    case serial::kData: {
      if (latch) return divisorLow_;
      if (received_.empty()) return 0;
      uint8_t byte = received_.front();
      received_.pop_front();
      return byte;
    }
    case serial::kInterruptEnable: return latch ? divisorHigh_ : ier_;
    case serial::kInterruptIdentity: {
      unsigned pending = interrupt();
      if (pending == kTransmit) transmitterEmpty_ = false;
      return pending | (fifo_ ? 0xC0 : 0);
    }
    case serial::kLineControl: return lcr_;
    case serial::kModemControl: return mcr_;
    case serial::kLineStatus: {
      uint32_t status = kTransmitterIdle | (received_.empty() ? 0 : kDataReady) | (overrun_ ? kOverrun : 0);
      overrun_ = false;
      return status;
    }
    // In loop mode the modem's lines are the MCR's: DTR, RTS, OUT1, OUT2 appear as DSR, CTS, RI, DCD.
    case serial::kModemStatus: return mcr_ & kLoop ? (mcr_ & 1) << 5 | (mcr_ & 2) << 3 | (mcr_ & 4) << 4 | (mcr_ & 8) << 4 : kConnected;
    case serial::kScratch: return scratch_;
    default: return 0;
  }
}

void Serial::write(unsigned port, uint32_t value, uint64_t) {
  auto byte = uint8_t(value);
  bool latch = lcr_ & kDivisorLatch;
  switch (port) {
    case serial::kData:
      if (latch) divisorLow_ = byte;
      else send(byte);
      break;
    case serial::kInterruptEnable:
      if (latch) {
        divisorHigh_ = byte;
        break;
      }
      if (byte & ~ier_ & kTransmitInterrupt) transmitterEmpty_ = true;
      ier_ = byte & 0x0F;
      nextPoll_ = 0;
      break;
    case serial::kInterruptIdentity: {
      constexpr uint8_t kTriggers[] = {1, 4, 8, 14};
      if (fifo_ != bool(byte & 1) || byte & 2) received_.clear();
      fifo_ = byte & 1;
      trigger_ = fifo_ ? kTriggers[byte >> 6] : 1;
      break;
    }
    case serial::kLineControl: lcr_ = byte; break;
    case serial::kModemControl: mcr_ = byte & 0x1F; break;
    case serial::kScratch: scratch_ = byte; break;
    default: break;
  }
}

bool Serial::line(uint64_t now) {
  if ((ier_ & kReceiveInterrupt) && now >= nextPoll_) {
    receive();
    nextPoll_ = (now / kPollPeriod + 1) * kPollPeriod;
  }
  return interrupt() != kNone;
}

uint64_t Serial::nextEvent(uint64_t now) {
  if (!(ier_ & kReceiveInterrupt) || !received_.empty()) return UINT64_MAX;
  return nextPoll_ > now ? nextPoll_ : now + 1;
}

void Serial::save(base::Writer& to) const {
  to.u8(uint8_t(received_.size()));
  for (uint8_t byte : received_) to.u8(byte);
  for (uint8_t byte : {ier_, lcr_, mcr_, scratch_, divisorLow_, divisorHigh_, trigger_}) to.u8(byte);
  to.u8(uint8_t(fifo_ | overrun_ << 1 | transmitterEmpty_ << 2));
  to.unsignedNumber(nextPoll_);
}

bool Serial::load(base::Reader& from) {
  *this = Serial(*console_);
  Serial saved(*console_);
  const uint8_t size = from.u8();
  for (unsigned i = 0; i < size && from.ok(); ++i) saved.received_.push_back(from.u8());
  for (uint8_t* byte : {&saved.ier_, &saved.lcr_, &saved.mcr_, &saved.scratch_, &saved.divisorLow_, &saved.divisorHigh_, &saved.trigger_})
    *byte = from.u8();
  const uint8_t flags = from.u8();
  saved.fifo_ = flags & 1, saved.overrun_ = flags & 2, saved.transmitterEmpty_ = flags & 4;
  saved.nextPoll_ = from.unsignedNumber();
  if (!from.ok() || size > 16 || flags > 7 || saved.trigger_ == 0) return false;
  *this = saved;
  return true;
}

}  // namespace devices
