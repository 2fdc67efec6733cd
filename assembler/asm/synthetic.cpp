#include "assembler/asm/synthetic.h"

#include <algorithm>
#include <charconv>

namespace assembler {
namespace {

constexpr SyntheticRow kRows[] = {
#define SYNTHETIC(mnemonic, operands, condition, expansion, meaning) \
  {mnemonic, operands, Condition::condition, expansion, meaning},
#include "assembler/asm/synthetic.def"
};

// Cuts the text before the separator off `rest`, without the blanks around it.
std::string_view cut(std::string_view& rest, char separator) {
  std::string_view head = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), head.size() + 1));
  while (!head.empty() && head.front() == ' ') head.remove_prefix(1);
  while (!head.empty() && head.back() == ' ') head.remove_suffix(1);
  return head;
}

// An operand of an expansion: $n, %hi($n), %lo($n), a register, a number.
Operand substitute(std::string_view text, std::span<const Operand> operands, Range where) {
  Modifier modifier = Modifier::None;
  if (text.starts_with("%hi(") || text.starts_with("%lo(")) {
    modifier = text[1] == 'h' ? Modifier::Hi : Modifier::Lo;
    text = text.substr(4, text.size() - 5);
  }
  if (text[0] == '$') {
    Operand result = operands[size_t(text[1] - '1')];
    if (result.modifier == Modifier::None) result.modifier = modifier;
    return result;
  }
  Operand result;
  result.where = result.value.where = where;
  if (text[0] == 'r') result.value.kind = Expr::Name, result.value.name = text;
  else std::from_chars(text.data(), text.data() + text.size(), result.value.value);
  return result;
}

}  // namespace

std::span<const SyntheticRow> syntheticRows() { return kRows; }

std::span<const SyntheticRow> findSynthetic(std::string_view mnemonic) {
  auto is = [&](const SyntheticRow& row) { return row.mnemonic == mnemonic; };
  const SyntheticRow* begin = std::find_if(std::begin(kRows), std::end(kRows), is);
  return {begin, std::find_if_not(begin, std::end(kRows), is)};
}

std::optional<std::vector<Encoded>> expand(const SyntheticRow& row, std::span<const Operand> operands, Range where,
                                           base::Diagnostics& diagnostics) {
  size_t wanted = row.operands.empty() ? 0 : 1 + size_t(std::count(row.operands.begin(), row.operands.end(), ','));
  auto fail = [&](Range at, std::string text) {
    diagnostics.error("asm-operands", at, std::move(text));
    return std::nullopt;
  };
  if (operands.size() != wanted)
    return fail(where, "'" + std::string(row.mnemonic) + "' takes " +
                           (wanted ? std::string(row.operands) : "no operands") + ", not " +
                           std::to_string(operands.size()) + (operands.size() == 1 ? " operand" : " operands"));
  for (const Operand& operand : operands)
    if (operand.modifier != Modifier::None)
      return fail(operand.where, "'" + std::string(row.mnemonic) + "' takes no %hi, %lo or %gprel");
  std::vector<Encoded> result;
  for (std::string_view rest = row.expansion; !rest.empty();) {
    std::string_view one = cut(rest, ';');
    std::string_view mnemonic = cut(one, ' ');
    if (mnemonic == "nop") {
      result.push_back({isa::decode(isa::kNop), Field::None, {}});
      continue;
    }
    std::vector<Operand> list;
    while (!one.empty()) list.push_back(substitute(cut(one, ','), operands, where));
    std::optional<Encoded> encoded = encode(*isa::findMnemonic(mnemonic), list, where, diagnostics);
    if (!encoded) return std::nullopt;
    result.push_back(*encoded);
  }
  return result;
}

}  // namespace assembler
