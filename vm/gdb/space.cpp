#include "vm/gdb/space.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gdb {
namespace {

constexpr uint32_t kValid = 1u << 11, kProtected = 1u << 10;

uint32_t restOfPage(uint32_t address) { return machine::kPageSize - address % machine::kPageSize; }

}  // namespace

Space spaceOf(const machine::State& state) {
  if (!state.user()) return {};
  return {true, state.spr[isa::PTO], state.spr[isa::PTL]};
}

// shared/spec/vamp.md "Translation".
std::optional<uint32_t> physical(const machine::Machine& machine, const Space& space, uint32_t address, bool write) {
  uint32_t result = address;
  if (space.translated) {
    const uint32_t page = address / machine::kPageSize;
    uint32_t entry = 0;
    if (page >= space.ptl + 1) return std::nullopt;
    if (!machine.read(space.pto * machine::kPageSize + 4 * page, &entry, sizeof entry)) return std::nullopt;
    if (!(entry & kValid) || (write && entry & kProtected)) return std::nullopt;
    result = entry / machine::kPageSize * machine::kPageSize + address % machine::kPageSize;
  }
  if (result >= machine.memorySize()) return std::nullopt;
  return result;
}

std::string readMemory(const machine::Machine& machine, const Space& space, uint32_t address, uint32_t size) {
  std::string bytes;
  while (size) {
    const uint32_t piece = std::min(size, restOfPage(address));
    const std::optional<uint32_t> from = physical(machine, space, address, false);
    if (!from) break;
    const size_t at = bytes.size();
    bytes.resize(at + piece);
    machine.read(*from, bytes.data() + at, piece);
    address += piece, size -= piece;
  }
  return bytes;
}

bool writeMemory(machine::Machine& machine, const Space& space, uint32_t address, std::string_view bytes) {
  std::vector<std::pair<uint32_t, std::string_view>> pieces;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, restOfPage(address));
    const std::optional<uint32_t> to = physical(machine, space, address, true);
    if (!to) return false;
    pieces.emplace_back(*to, piece);
    address += uint32_t(piece.size());
    bytes.remove_prefix(piece.size());
  }
  for (const auto& [to, piece] : pieces) machine.write(to, piece.data(), uint32_t(piece.size()));
  return true;
}

}  // namespace gdb
