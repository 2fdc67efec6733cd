#include "vm/network/mesh.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace network {
namespace {

constexpr size_t kLongestPacket = 4096;
constexpr int kPatience = 10;  // ms between two attempts to reach a node that is not there yet

base::Error failed(const std::string& path) { return {std::strerror(errno), "network", path}; }

std::string pathOf(const Meeting& meeting, unsigned node) { return meeting.path + "." + std::to_string(node); }

base::Result<sockaddr_un> addressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return base::Error{"the path of a socket has at most 107 bytes", "network", path};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

// -1, with errno, if it cannot be reached.
int reach(const sockaddr_un& address) {
  const int handle = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (handle < 0 || connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return handle;
  const int reason = errno;
  close(handle);
  errno = reason;
  return -1;
}

// Where node `path` is to be reached; a socket that a dead process has left is replaced.
base::Result<int> listenAt(const std::string& path) {
  auto address = addressOf(path);
  if (!address) return address.error();
  if (const int other = reach(*address); other >= 0) {
    close(other);
    return base::Error{"another process is this node", "network", path};
  }
  if (errno == ECONNREFUSED) unlink(path.c_str());
  const int handle = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (handle < 0) return failed(path);
  if (bind(handle, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0 && listen(handle, kMostNodes) == 0) return handle;
  const base::Error error = failed(path);
  close(handle);
  return error;
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

base::Result<Meeting> parseMeeting(std::string_view text, std::string_view place) {
  const auto bad = [&](std::string why) { return base::Error{std::move(why), "bad-argument", std::string(place)}; };
  const size_t comma = text.rfind(','), slash = text.rfind('/');
  if (comma == text.npos || comma == 0 || slash == text.npos || slash < comma) return bad("expected PATH,NODE/NODES");
  const auto node = number(text.substr(comma + 1, slash - comma - 1)), nodes = number(text.substr(slash + 1));
  if (!node || !nodes) return bad("expected PATH,NODE/NODES");
  if (*nodes < 2 || *nodes > kMostNodes) return bad("there must be 2 to " + std::to_string(kMostNodes) + " nodes");
  if (*node >= *nodes) return bad("nodes are numbered from 0 to " + std::to_string(*nodes - 1));
  return Meeting{std::string(text.substr(0, comma)), *node, *nodes};
}

base::Result<std::unique_ptr<Mesh>> Mesh::join(const Meeting& meeting) {
  std::unique_ptr<Mesh> mesh(new Mesh(meeting.node, meeting.nodes));
  if (auto status = mesh->meet(meeting); !status) return status.error();
  return mesh;
}

// Goes to the nodes below, and lets those above come.
base::Status Mesh::meet(const Meeting& meeting) {
  const std::string own = pathOf(meeting, node_);
  auto listening = listenAt(own);
  if (!listening) return listening.error();
  const auto finish = [&](base::Status status) {
    close(*listening), unlink(own.c_str());
    return status;
  };
  for (unsigned node = 0; node < node_; ++node) {
    auto address = addressOf(pathOf(meeting, node));
    if (!address) return finish(address.error());
    while ((sockets_[node] = reach(*address)) < 0) {
      if (errno != ENOENT && errno != ECONNREFUSED) return finish(failed(pathOf(meeting, node)));
      poll(nullptr, 0, kPatience);
    }
    const auto name = uint8_t(node_);
    if (!send(node, {&name, 1}, true)) return finish(base::Error{"the node has gone", "network", pathOf(meeting, node)});
  }
  for (unsigned missing = nodes() - 1 - node_; missing > 0;) {
    const int handle = accept4(*listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (handle < 0) return finish(failed(own));
    uint8_t name = 0;  // none is sent by who only asks whether this node is there
    const bool expected = recv(handle, &name, 1, 0) == 1 && name > node_ && name < nodes() && sockets_[name] < 0;
    if (!expected) {
      close(handle);
      continue;
    }
    sockets_[name] = handle, --missing;
  }
  return finish(base::Ok{});
}

Mesh::~Mesh() {
  for (unsigned node = 0; node < nodes(); ++node) leave(node);
}

void Mesh::leave(unsigned node) {
  if (sockets_[node] >= 0) close(sockets_[node]);
  sockets_[node] = -1;
}

bool Mesh::send(unsigned to, std::span<const uint8_t> packet, bool wait) {
  if (sockets_[to] < 0) return false;
  const int flags = MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT);
  ssize_t done;
  do done = ::send(sockets_[to], packet.data(), packet.size(), flags);
  while (done < 0 && errno == EINTR);
  return done == ssize_t(packet.size());
}

bool Mesh::receive(unsigned from, std::vector<uint8_t>& packet, bool wait) {
  if (sockets_[from] < 0) return false;
  packet.resize(kLongestPacket);
  ssize_t done;
  do done = recv(sockets_[from], packet.data(), packet.size(), wait ? 0 : MSG_DONTWAIT);
  while (done < 0 && errno == EINTR);
  packet.resize(done > 0 ? size_t(done) : 0);
  if (done > 0) return true;
  if (done == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) leave(from);
  return false;
}

}  // namespace network
