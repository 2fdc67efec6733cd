#include "vm/consis/mirror.h"

#include "vm/consis/checker.h"

namespace consis {

std::optional<std::string> Mirror::store(const machine::Event& event,
                                         std::vector<interp::AssemblyOutcome::Store>& stores) const {
  const Image::Owner owner = image_.ownerOf(event.address);
  if (owner == Image::Owner::Nobody) return std::nullopt;
  const auto where = [&] { return "stores to " + hex(event.address); };
  if (owner == Image::Owner::Code) return where() + ", in the program's code";
  const std::optional<interp::SubVariable> sub = aba_.inverse(event.address);
  if (!sub) return where() + ", in the program's data but in no variable";
  if (auto what = wrong(*sub, event))
    return where() + ", " + abstract_.name(*sub) + " of type " + image_.program().types.print(sub->type) + *what;
  stores.push_back({*sub, event.value});
  return std::nullopt;
}

std::optional<std::string> Mirror::wrong(const interp::SubVariable& sub, const machine::Event& event) const {
  const core::Program& program = image_.program();
  if (!program.types[sub.type].arithmetic()) return "; only int and unsigned variables may be stored to";
  if (event.size != 4 || aba_.aba(sub.frame, sub.variable, sub.index) != event.address) return ", but not the whole word";
  if (sub.frame == interp::kGlobalFrame && program.globals[sub.variable].constant) return ", which is constant";
  return std::nullopt;
}

}  // namespace consis
