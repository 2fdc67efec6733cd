// Processes of one host that send each other packets: every two are connected by a local socket.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assembler/base/result.h"

namespace network {

// Where a process meets the others.
struct Meeting {
  std::string path;        // node k listens at "path.k"
  unsigned node, nodes;    // this process's number, 0 <= node < nodes <= kMostNodes
};

constexpr unsigned kMostNodes = 16;

// "PATH,NODE/NODES"; `place` is for errors [bad-argument].
base::Result<Meeting> parseMeeting(std::string_view text, std::string_view place);

class Mesh {
 public:
  // Waits until all nodes are there. Errors: [network] if the sockets cannot be made.
  static base::Result<std::unique_ptr<Mesh>> join(const Meeting& meeting);
  ~Mesh();
  Mesh(const Mesh&) = delete;
  Mesh& operator=(const Mesh&) = delete;

  unsigned node() const { return node_; }
  unsigned nodes() const { return unsigned(sockets_.size()); }

  // A packet to another node; false if it is lost: the node has gone, or has not taken what came before, if this does not wait.
  bool send(unsigned to, std::span<const uint8_t> packet, bool wait);
  // A packet from another node; false if there is none, or never will be.
  bool receive(unsigned from, std::vector<uint8_t>& packet, bool wait);

 private:
  Mesh(unsigned node, unsigned nodes) : node_(node), sockets_(nodes, -1) {}
  base::Status meet(const Meeting& meeting);
  void leave(unsigned node);

  unsigned node_;
  std::vector<int> sockets_;  // by node; -1 is this one itself, and those that have gone
};

}  // namespace network
