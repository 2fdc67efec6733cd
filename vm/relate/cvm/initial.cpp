#include "vm/relate/cvm/initial.h"

namespace cvm {

Users usersOf(std::span<const uint8_t> image, const cvmimage::Header& header) {
  Users users;
  users.slots = header.slots, users.tables = header.tablePages;
  for (uint32_t u = 1; u <= header.processes.size(); ++u) {
    const cvmimage::Process& process = header.processes[u - 1];
    User& user = users.up[u];
    user.mask = process.mask;
    user.registers.dpc = process.dpc, user.registers.pc = process.pc;
    user.registers.gpr = process.gpr;
    user.resize(process.pages());
    user.write(0, cvmimage::memory(image, header, process));
  }
  return users;
}

}  // namespace cvm
