// What addresses of the text mean to somebody who sees only the VAMP: where a statement surely begins, where `new` is
// executed, which call a return address belongs to. Computed once from an image.
#pragma once

#include <optional>
#include <unordered_map>

#include "vm/consis/image.h"
#include "vm/machine/machine.h"

namespace consis {

class Landmarks {
 public:
  explicit Landmarks(const Image& image);

  // A statement that emits code, is no asm, and begins here and nowhere else: where DPC is such an address and
  // PC = DPC + 4, a consistent run is at s(i) for some i, and this statement is the head of the program rest.
  std::optional<StatementId> statement(uint32_t address) const { return find(statements_, address); }
  // The `new` that begins here; it may begin at other addresses too.
  std::optional<StatementId> allocation(uint32_t address) const { return find(allocations_, address); }
  std::optional<StatementId> callBefore(uint32_t returnPoint) const { return find(calls_, returnPoint); }

  const machine::Watch& allocations() const { return allocationWatch_; }
  const machine::Watch& all() const { return allWatch_; }  // and the statements

 private:
  using Index = std::unordered_map<uint32_t, StatementId>;
  static std::optional<StatementId> find(const Index& index, uint32_t address) {
    const auto at = index.find(address);
    return at == index.end() ? std::nullopt : std::optional(at->second);
  }

  Index statements_, allocations_, calls_;
  machine::Watch allocationWatch_, allWatch_;
};

// The entries of all statements, and the return points of primitives; trails end where something is asked of the VAMP. Stores are listed.
machine::Watch entryWatch(const Image& image);

}  // namespace consis
