// The specification functions fS of the CVM primitives (seed 003, 5.2; shared/spec/cvm.md; decisions.md, 28-32): from the values of
// the arguments and the users, the value and the new users.
#pragma once

#include <array>
#include <optional>

#include "vm/relate/cvm/user.h"

namespace cvm {

constexpr uint32_t kProcesses = 128;  // P
// What a mask may contain: overflow and the floating-point exceptions, devices 1..7 (decisions.md, 31).
constexpr uint32_t kMaskBits = 0x001FCFC0;
constexpr uint32_t kMaxPages = 1u << 20;  // of a process

enum Error : int32_t { kNoProcess = -1, kNoNumber = -2, kNoMemory = -3, kOutOfRange = -4, kPageLost = -5 };

// A page that could not be read from the swap disk: an external event (decisions.md, 29).
struct Page {
  uint32_t user, number;
  bool operator==(const Page&) const = default;
};

// What the users do not determine: devices, and what happens to the swap disk.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual uint32_t in(unsigned device, unsigned port) = 0;
  virtual void out(unsigned device, unsigned port, uint32_t value) = 0;
  // Asked by primitives that touch memory of users, for each page before it is touched: whether it is lost now.
  virtual bool lost(Page page) = 0;
};

// up(1..P), and what they share.
struct Users {
  std::array<User, kProcesses + 1> up;  // up[0] is nobody
  uint32_t mask = kMaskBits;            // the global one
  uint32_t slots = 0;                   // so many pages can there be together,
  uint32_t tables = 0;                  // and so many pages of page-table entries, 1024 each

  uint32_t effectiveMask(uint32_t u) const { return up[u].mask & mask; }
};

int32_t resetS(uint32_t u, Users& users);
int32_t cloneS(uint32_t u1, uint32_t u2, Users& users, Outside& outside);
int32_t allocS(uint32_t u, int32_t x, Users& users);
int32_t freeS(uint32_t u, int32_t x, Users& users);
int32_t copyS(uint32_t u1, uint32_t a1, uint32_t u2, uint32_t a2, int32_t d, Users& users, Outside& outside);
int32_t getVmGprS(uint32_t r, uint32_t u, const Users& users);
int32_t setVmGprS(uint32_t r, uint32_t u, uint32_t x, Users& users);
int32_t getSizeS(uint32_t u, const Users& users);
int32_t inWordS(uint32_t device, uint32_t port, Outside& outside);
int32_t outWordS(uint32_t device, uint32_t port, uint32_t x, Outside& outside);
int32_t virtInS(uint32_t device, uint32_t port, uint32_t u, uint32_t a, int32_t n, Users& users, Outside& outside);
int32_t virtOutS(uint32_t device, uint32_t port, uint32_t u, uint32_t a, int32_t n, const Users& users, Outside& outside);
int32_t setMaskS(uint32_t u, uint32_t m, Users& users);

// cvm_start and cvm_wait have no fS, but conditions: whether u can be started.
inline bool isProcess(uint32_t u) { return 1 <= u && u <= kProcesses; }

}  // namespace cvm
