// Every function checks its arguments in the order process, number, range, memory; an error changes nothing, but a lost page
// what its comment says.
#include "vm/relate/cvm/specification.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "assembler/base/bytes.h"

namespace cvm {
namespace {

bool isPort(uint32_t device, uint32_t port) { return 1 <= device && device <= 6 && port < 1024; }

// count bytes from a on are in the process's memory; none are, wherever a is.
bool isRange(const User& user, uint32_t a, int64_t count) { return count == 0 || (count > 0 && user.contains(a, uint64_t(count))); }

uint32_t tablePages(uint32_t pages) { return (pages + 1023) / 1024; }

// u can have `pages` instead of those that it has (decisions.md, 28).
bool hasRoom(const Users& users, uint32_t u, uint64_t pages) {
  uint64_t slots = pages, tables = tablePages(uint32_t(pages));
  for (uint32_t v = 1; v <= kProcesses; ++v)
    if (v != u) slots += users.up[v].pages(), tables += tablePages(users.up[v].pages());
  return slots <= users.slots && tables <= users.tables;
}

uint32_t pageOf(uint32_t a) { return a / kPageSize; }
uint32_t offset(uint32_t a) { return a % kPageSize; }

}  // namespace

// "registers 0, DPC 0, PC 4, V = 0", mask 0.
int32_t resetS(uint32_t u, Users& users) {
  if (!isProcess(u)) return kNoProcess;
  users.up[u].reset();
  return 0;
}

// up'(u2) = up(u1). u2's memory is given up first. If a page of u1 is lost, u2 is reset.
int32_t cloneS(uint32_t u1, uint32_t u2, Users& users, Outside& outside) {
  if (!isProcess(u1) || !isProcess(u2)) return kNoProcess;
  if (u1 == u2) return 0;
  if (!hasRoom(users, u2, users.up[u1].pages())) return kNoMemory;
  for (uint32_t page = 0; page < users.up[u1].pages(); ++page)
    if (outside.lost({u1, page}) || outside.lost({u2, page})) {
      users.up[u2].reset();
      return kPageLost;
    }
  users.up[u2].assign(users.up[u1]);
  return 0;
}

// up'(u).V = up(u).V + x, up'(u).vm(y) = 0^8 for up(u).V 4K <= y < up'(u).V 4K.
int32_t allocS(uint32_t u, int32_t x, Users& users) {
  if (!isProcess(u)) return kNoProcess;
  const uint32_t V = users.up[u].pages();
  if (x < 0 || uint32_t(x) > kMaxPages - V) return kOutOfRange;
  if (!hasRoom(users, u, V + uint32_t(x))) return kNoMemory;
  users.up[u].resize(V + uint32_t(x));
  return 0;
}

// up'(u).V = up(u).V - x.
int32_t freeS(uint32_t u, int32_t x, Users& users) {
  if (!isProcess(u)) return kNoProcess;
  const uint32_t V = users.up[u].pages();
  if (x < 0 || uint32_t(x) > V) return kOutOfRange;
  users.up[u].resize(V - uint32_t(x));
  return 0;
}

// up'(u2).vm_d(a2) = up(u1).vm_d(a1), by chunks that lie in one page on both sides: from the lowest on, unless the ranges overlap and
// a2 is the higher one, then from the highest on. The chunk that needs a lost page, and those that follow, are not copied.
int32_t copyS(uint32_t u1, uint32_t a1, uint32_t u2, uint32_t a2, int32_t d, Users& users, Outside& outside) {
  if (!isProcess(u1) || !isProcess(u2)) return kNoProcess;
  if (!isRange(users.up[u1], a1, d) || !isRange(users.up[u2], a2, d)) return kOutOfRange;
  const bool down = u1 == u2 && a2 - a1 < uint32_t(d);
  for (uint32_t left = uint32_t(d), low = 0; left > 0;) {
    uint32_t count = down ? std::min(offset(a1 + left - 1), offset(a2 + left - 1)) + 1
                          : kPageSize - std::max(offset(a1 + low), offset(a2 + low));
    count = std::min(count, left);
    left -= count;
    const uint32_t at = down ? left : low;
    if (outside.lost({u1, pageOf(a1 + at)}) || outside.lost({u2, pageOf(a2 + at)})) return kPageLost;
    const uint8_t* from = users.up[u1].memory(a1 + at);
    const std::vector<uint8_t> chunk(from, from + count);
    users.up[u2].write(a2 + at, chunk);
    low += count;
  }
  return 0;
}

// (up(u).GPR[r], up).
int32_t getVmGprS(uint32_t r, uint32_t u, const Users& users) {
  if (!isProcess(u)) return kNoProcess;
  if (r >= 32) return kNoNumber;
  return int32_t(users.up[u].registers.gpr[r]);
}

// up'(u).GPR[r] = x; GPR[0] stays 0.
int32_t setVmGprS(uint32_t r, uint32_t u, uint32_t x, Users& users) {
  if (!isProcess(u)) return kNoProcess;
  if (r >= 32) return kNoNumber;
  if (r != 0) users.up[u].registers.gpr[r] = x;
  return 0;
}

// (up(u).V, up).
int32_t getSizeS(uint32_t u, const Users& users) {
  if (!isProcess(u)) return kNoProcess;
  return int32_t(users.up[u].pages());
}

int32_t inWordS(uint32_t device, uint32_t port, Outside& outside) {
  if (!isPort(device, port)) return kNoNumber;
  return int32_t(outside.in(device, port));
}

int32_t outWordS(uint32_t device, uint32_t port, uint32_t x, Outside& outside) {
  if (!isPort(device, port)) return kNoNumber;
  outside.out(device, port, x);
  return 0;
}

// up'(u).vm_4(a + 4 i) = the i-th word from the port, for i < n. Words from the first lost page on are not moved.
int32_t virtInS(uint32_t device, uint32_t port, uint32_t u, uint32_t a, int32_t n, Users& users, Outside& outside) {
  if (!isProcess(u)) return kNoProcess;
  if (!isPort(device, port)) return kNoNumber;
  if (a % 4 != 0 || !isRange(users.up[u], a, int64_t(n) * 4)) return kOutOfRange;
  for (uint32_t i = 0; i < uint32_t(n); ++i) {
    if ((i == 0 || offset(a + 4 * i) == 0) && outside.lost({u, pageOf(a + 4 * i)})) return kPageLost;
    const uint32_t word = outside.in(device, port);
    uint8_t bytes[4];
    base::store(bytes, word);
    users.up[u].write(a + 4 * i, bytes);
  }
  return 0;
}

// The port gets up(u).vm_4(a + 4 i) for i < n. Likewise.
int32_t virtOutS(uint32_t device, uint32_t port, uint32_t u, uint32_t a, int32_t n, const Users& users, Outside& outside) {
  if (!isProcess(u)) return kNoProcess;
  if (!isPort(device, port)) return kNoNumber;
  if (a % 4 != 0 || !isRange(users.up[u], a, int64_t(n) * 4)) return kOutOfRange;
  for (uint32_t i = 0; i < uint32_t(n); ++i) {
    if ((i == 0 || offset(a + 4 * i) == 0) && outside.lost({u, pageOf(a + 4 * i)})) return kPageLost;
    outside.out(device, port, base::load<uint32_t>(users.up[u].memory(a + 4 * i)));
  }
  return 0;
}

// The mask of u, or (u = 0) the global one, which is part of nobody; other bits than those of kMaskBits are 0.
int32_t setMaskS(uint32_t u, uint32_t m, Users& users) {
  if (u != 0 && !isProcess(u)) return kNoProcess;
  (u == 0 ? users.mask : users.up[u].mask) = m & kMaskBits;
  return 0;
}

}  // namespace cvm
