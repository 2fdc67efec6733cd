#include "vm/devices/timer.h"

#include "vm/devices/ports.h"

namespace devices {

void Timer::start(uint64_t now) { expiry_ = (control_ & kEnable) && period_ ? now + period_ : UINT64_MAX; }

void Timer::catchUp(uint64_t now) {
  if (now < expiry_) return;
  expired_ = true;
  if (control_ & kReload) {
    expiry_ += ((now - expiry_) / period_ + 1) * period_;
  } else {
    control_ &= ~kEnable;
    expiry_ = UINT64_MAX;
  }
}

uint32_t Timer::read(unsigned port, uint64_t now) {
  catchUp(now);
  switch (port) {
    case timer::kControl: return control_;
    case timer::kPeriod: return period_;
    case timer::kLeft: return expiry_ == UINT64_MAX ? 0 : uint32_t(expiry_ - now);
    case timer::kExpired: return expired_;
    case timer::kTimeLow: return uint32_t(now);
    case timer::kTimeHigh: return uint32_t(now >> 32);
    default: return 0;
  }
}

void Timer::write(unsigned port, uint32_t value, uint64_t now) {
  catchUp(now);
  switch (port) {
    case timer::kControl: {
      bool starts = (value & kEnable) && !(control_ & kEnable);
      control_ = value & (kEnable | kInterrupt | kReload);
      if (starts || !(control_ & kEnable)) start(now);
      break;
    }
    case timer::kPeriod:
      period_ = value;
      start(now);
      break;
    case timer::kExpired: expired_ = false; break;
    default: break;
  }
}

bool Timer::line(uint64_t now) {
  catchUp(now);
  return expired_ && (control_ & kInterrupt);
}

uint64_t Timer::nextEvent(uint64_t now) {
  catchUp(now);
  return expiry_;
}

void Timer::save(base::Writer& to) const {
  to.u8(uint8_t(control_));
  to.u8(expired_);
  to.u32(period_);
  to.unsignedNumber(expiry_);
}

bool Timer::load(base::Reader& from) {
  *this = Timer();
  Timer saved;
  saved.control_ = from.u8();
  const uint8_t expired = from.u8();
  saved.expired_ = expired;
  saved.period_ = from.u32();
  saved.expiry_ = from.unsignedNumber();
  const bool runs = saved.expiry_ != UINT64_MAX;
  if (!from.ok() || expired > 1 || saved.control_ & ~(kEnable | kInterrupt | kReload) || (runs && saved.period_ == 0)) return false;
  *this = saved;
  return true;
}

}  // namespace devices
