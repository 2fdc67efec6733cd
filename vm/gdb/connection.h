// Bytes to and from a debugger: standard input and output, a TCP port of this host, or a socket in the file system.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"

namespace gdb {

class Connection {
 public:
  // "-"; a port number, 0 = any that is free; else a path. Waits for the debugger; `listening` hears before that where it is expected.
  // Errors [bad-connection].
  template <class Listening>
  static base::Result<std::unique_ptr<Connection>> open(const std::string& where, Listening listening);

  Connection(int in, int out) : in_(in), out_(out) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int get();     // the next byte, waiting for it; -1 at the end
  bool ready();  // get() would not wait
  int peek();    // the byte that get() would give
  bool put(std::string_view bytes);

 private:
  bool fill();

  int in_, out_;
  std::vector<uint8_t> buffer_;
  size_t at_ = 0;
};

// A socket that waits for one debugger.
class Listener {
 public:
  static base::Result<std::unique_ptr<Listener>> open(const std::string& where);
  ~Listener();
  const std::string& place() const { return place_; }  // "127.0.0.1:1234", or the path
  base::Result<std::unique_ptr<Connection>> accept();

 private:
  int socket_ = -1;
  std::string place_, path_;
};

template <class Listening>
base::Result<std::unique_ptr<Connection>> Connection::open(const std::string& where, Listening listening) {
  if (where == "-") return std::make_unique<Connection>(0, 1);
  auto listener = Listener::open(where);
  if (!listener) return listener.error();
  listening((*listener)->place());
  return (*listener)->accept();
}

}  // namespace gdb
