#include "vm/network/user_network.h"

#include <arpa/inet.h>
#include <libslirp.h>
#include <poll.h>

#include <chrono>
#include <deque>
#include <list>

namespace network {
namespace {

int64_t nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Timer {
  SlirpTimerCb expire;
  void* argument;
  int64_t due = INT64_MAX;  // ms
};

class UserNetwork : public devices::Wire {
 public:
  UserNetwork() {
    SlirpConfig config{};
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork = address("10.0.2.0"), config.vnetmask = address("255.255.255.0"), config.vhost = address("10.0.2.2");
    config.vdhcp_start = address("10.0.2.15"), config.vnameserver = address("10.0.2.3");
    slirp_ = slirp_new(&config, &kCallbacks, this);
  }
  ~UserNetwork() override { slirp_cleanup(slirp_); }

  void send(std::span<const uint8_t> frame, uint64_t) override { slirp_input(slirp_, frame.data(), int(frame.size())); }

  bool receive(devices::Frame& frame, uint64_t) override {
    serve();
    if (frames_.empty()) return false;
    frame = std::move(frames_.front());
    frames_.pop_front();
    return true;
  }

 private:
  static const SlirpCb kCallbacks;

  static in_addr address(const char* text) {
    in_addr result{};
    inet_pton(AF_INET, text, &result);
    return result;
  }

  // What has come from the host, and what is due, without waiting.
  void serve() {
    polled_.clear();
    uint32_t timeout = 0;
    slirp_pollfds_fill(slirp_, &timeout, [](int handle, int events, void* self) {
      auto& polled = static_cast<UserNetwork*>(self)->polled_;
      polled.push_back({handle, short((events & SLIRP_POLL_IN ? POLLIN : 0) | (events & SLIRP_POLL_OUT ? POLLOUT : 0) |
                                      (events & SLIRP_POLL_PRI ? POLLPRI : 0)), 0});
      return int(polled.size() - 1);
    }, this);
    const bool failed = poll(polled_.data(), polled_.size(), 0) < 0;
    slirp_pollfds_poll(slirp_, failed, [](int index, void* self) {
      const short events = static_cast<UserNetwork*>(self)->polled_[size_t(index)].revents;
      return (events & POLLIN ? SLIRP_POLL_IN : 0) | (events & POLLOUT ? SLIRP_POLL_OUT : 0) | (events & POLLPRI ? SLIRP_POLL_PRI : 0) |
             (events & POLLERR ? SLIRP_POLL_ERR : 0) | (events & POLLHUP ? SLIRP_POLL_HUP : 0);
    }, this);
    for (Timer& timer : timers_)
      if (timer.due <= nanoseconds() / 1'000'000) timer.due = INT64_MAX, timer.expire(timer.argument);
  }

  Slirp* slirp_;
  std::deque<devices::Frame> frames_;
  std::vector<pollfd> polled_;
  std::list<Timer> timers_;
};

const SlirpCb UserNetwork::kCallbacks = [] {
  SlirpCb calls{};
  calls.send_packet = [](const void* bytes, size_t size, void* self) -> ssize_t {
    const auto* first = static_cast<const uint8_t*>(bytes);
    static_cast<UserNetwork*>(self)->frames_.emplace_back(first, first + size);
    return ssize_t(size);
  };
  calls.guest_error = [](const char*, void*) {};
  calls.clock_get_ns = [](void*) { return nanoseconds(); };
  calls.timer_new = [](SlirpTimerCb expire, void* argument, void* self) -> void* {
    return &static_cast<UserNetwork*>(self)->timers_.emplace_back(Timer{expire, argument});
  };
  calls.timer_free = [](void* timer, void* self) {
    static_cast<UserNetwork*>(self)->timers_.remove_if([&](const Timer& each) { return &each == timer; });
  };
  calls.timer_mod = [](void* timer, int64_t due, void*) { static_cast<Timer*>(timer)->due = due; };
  calls.register_poll_fd = calls.unregister_poll_fd = [](int, void*) {};
  calls.notify = [](void*) {};
  return calls;
}();

}  // namespace

base::Result<std::unique_ptr<devices::Wire>> makeUserNetwork() { return std::unique_ptr<devices::Wire>(new UserNetwork); }

}  // namespace network
