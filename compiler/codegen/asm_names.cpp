#include "compiler/codegen/asm_names.h"

#include "compiler/codegen/emitter.h"

namespace codegen {

using base::Range;

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::nullopt_t AsmNames::fail(const char* id, Range where, std::string text) {
  diagnostics_.error(id, where, std::move(text));
  return std::nullopt;
}

std::optional<assembler::BlockNames::Place> AsmNames::variable(std::string_view text, Range where) {
  for (size_t i = function_.variables.size(); i-- > 0;) {
    if (function_.variables[i].name != text) continue;
    for (size_t j = 0; j < i; j++)
      if (function_.variables[j].name == text)
        return fail("asm-name", where, "'" + std::string(text) + "' names several variables of this function");
    if (fits16(offsets_[i])) return Place{isa::kFrame, {offsets_[i], ""}, object::Relocation::None};
    return fail("asm-reach", where, "'" + std::string(text) + "' lies beyond 32767 bytes from r29");
  }
  std::optional<uint32_t> global = program_.findGlobal(text);
  if (!global) return fail("asm-name", where, "no variable '" + std::string(text) + "' is in scope");
  if (isSmall_(*global)) return Place{isa::kGlobals, {0, std::string(text)}, object::Relocation::Gprel16};
  return fail(
      "asm-reach", where,
      "'" + std::string(text) + "' may lie beyond 32767 bytes from r28; use la r,%addr(" + std::string(text) + ")");
}

std::optional<assembler::BlockNames::Meaning> AsmNames::function(std::string_view name, std::string_view argument,
                                                                 Range where) {
  if (name == "addr" && program_.findGlobal(argument)) return Meaning{0, std::string(argument)};
  if (name == "addr") return fail("asm-name", where, "%addr wants a global variable");
  size_t comma = argument.find(',');
  std::optional<core::TypeId> type = typeNamed(trimmed(argument.substr(0, comma)));
  if (name == "size" && type && comma == argument.npos) return Meaning{program_.types[*type].asize, ""};
  if (name == "offset" && type && comma != argument.npos) {
    std::string_view field = trimmed(argument.substr(comma + 1));
    for (const core::Field& each : program_.types[*type].fields)
      if (each.name == field) return Meaning{each.offset, ""};
    return fail("asm-name", where, "there is no field '" + std::string(field) + "'");
  }
  if (!type) return fail("asm-name", where, "'" + std::string(argument) + "' is no type");
  return fail("asm-name", where, "there is no function %" + std::string(name));
}

std::optional<core::TypeId> AsmNames::typeNamed(std::string_view name) const {
  if (name.starts_with("struct ")) name = trimmed(name.substr(7));
  for (core::TypeId id = 0; id < program_.types.count(); id++) {
    const core::Type& type = program_.types[id];
    if (type.kind == core::TypeKind::Struct ? type.name == name : type.asize && program_.types.print(id) == name)
      return id;
  }
  return std::nullopt;
}

}  // namespace codegen
