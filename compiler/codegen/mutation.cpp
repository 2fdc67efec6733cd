#include "compiler/codegen/mutation.h"

#include <charconv>

namespace codegen {
namespace {

struct Row {
  std::string_view name, text;
};
constexpr Row kRows[] = {
#define MUTATION(Name, name, text) {name, text},
#include "compiler/codegen/mutation.def"
};

Mutation selected = Mutation::None;
uint32_t wanted = 0;  // 0 = every occurrence
uint32_t seen = 0;

}  // namespace

bool mutated(Mutation mutation) {
  if (mutation != selected) return false;
  return ++seen == wanted || wanted == 0;
}

base::Status selectMutation(std::string_view text) {
  std::string_view name = text.substr(0, text.find(':'));
  uint32_t number = 0;
  if (name.size() < text.size()) {
    std::string_view digits = text.substr(name.size() + 1);
    auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (status != std::errc() || end != digits.data() + digits.size() || number == 0)
      return base::Error{"the occurrence must be a positive number", "usage", std::string(text)};
  }
  for (size_t i = 0; i < std::size(kRows); i++) {
    if (kRows[i].name != name) continue;
    selected = Mutation(i), wanted = number, seen = 0;
    return base::Ok{};
  }
  return base::Error{"no such mutation", "usage", std::string(name)};
}

std::string listMutations() {
  std::string out;
  for (const Row& row : kRows) out += std::string(row.name) + ": " + std::string(row.text) + "\n";
  return out;
}

uint32_t mutationCount() { return seen; }

}  // namespace codegen
