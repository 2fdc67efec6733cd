#include "vm/gdb/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

namespace gdb {
namespace {

base::Error failure(const char* what, const std::string& where) {
  return {std::string(what) + ": " + std::strerror(errno), "bad-connection", where};
}

}  // namespace

Connection::~Connection() {
  if (in_ > 1) ::close(in_);
}

bool Connection::fill() {
  if (at_ < buffer_.size()) return true;
  buffer_.resize(4096);
  ssize_t got;
  do got = ::read(in_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  buffer_.resize(got > 0 ? size_t(got) : 0);
  at_ = 0;
  return got > 0;
}

int Connection::get() { return fill() ? buffer_[at_++] : -1; }
int Connection::peek() { return fill() ? buffer_[at_] : -1; }

bool Connection::ready() {
  if (at_ < buffer_.size()) return true;
  pollfd entry{in_, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

bool Connection::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(out_, bytes.data(), bytes.size());
    if (done < 0 && errno != EINTR) return false;
    if (done > 0) bytes.remove_prefix(size_t(done));
  }
  return true;
}

base::Result<std::unique_ptr<Listener>> Listener::open(const std::string& where) {
  std::signal(SIGPIPE, SIG_IGN);
  auto listener = std::make_unique<Listener>();
  uint16_t port = 0;
  const char* end = where.data() + where.size();
  auto [rest, problem] = std::from_chars(where.data(), end, port);
  if (where.empty() || (rest == end && problem != std::errc()))
    return base::Error{"expected -, a port number, or a socket's path", "bad-connection", where};
  const bool tcp = rest == end;
  listener->socket_ = ::socket(tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener->socket_ < 0) return failure("cannot make a socket", where);
  sockaddr_in host{};
  sockaddr_un local{};
  const sockaddr* address = reinterpret_cast<const sockaddr*>(&local);
  socklen_t size = sizeof local;
  if (tcp) {
    const int on = 1;
    ::setsockopt(listener->socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    host.sin_family = AF_INET, host.sin_port = htons(port), host.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address = reinterpret_cast<const sockaddr*>(&host), size = sizeof host;
  } else {
    if (where.size() >= sizeof local.sun_path) return base::Error{"the socket's path is too long", "bad-connection", where};
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, where.data(), where.size());
  }
  if (::bind(listener->socket_, address, size) || ::listen(listener->socket_, 1)) return failure("cannot listen", where);
  if (tcp) {
    ::getsockname(listener->socket_, reinterpret_cast<sockaddr*>(&host), &size);
    listener->place_ = "127.0.0.1:" + std::to_string(ntohs(host.sin_port));
  } else {
    listener->place_ = listener->path_ = where;
  }
  return listener;
}

base::Result<std::unique_ptr<Connection>> Listener::accept() {
  int peer;
  do peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  while (peer < 0 && errno == EINTR);
  if (peer < 0) return failure("nobody could connect", place_);
  const int on = 1;
  ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return std::make_unique<Connection>(peer, peer);
}

Listener::~Listener() {
  if (socket_ >= 0) ::close(socket_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace gdb
