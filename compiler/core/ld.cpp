#include "compiler/core/ld.h"

#include <unordered_map>

namespace core {
namespace {

using base::Error;

// What the implementation may use of the abstract kernel.
constexpr std::string_view kDispatch = "kdispatch", kResult = "i";

std::string placeOf(const Program& program, Position position) {
  if (position.line == 0 || position.file >= program.files.size()) return program.name;
  return program.files[position.file] + ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
}

// Visible names of some units, each with the place of its definition.
using Names = std::unordered_map<std::string_view, std::string>;
Names definitions(std::span<const Program> units) {
  Names names;
  auto add = [&names](const Program& unit, const auto& items) {
    for (const auto& item : items)
      if (item.defined && !item.internal) names.try_emplace(item.name, placeOf(unit, item.position));
  };
  for (const Program& unit : units) add(unit, unit.functions), add(unit, unit.globals);
  return names;
}

// A name that one side only declares and the other defines, other than those that `allowed` accepts.
template <class Allowed>
std::optional<Error> refuseForeign(std::span<const Program> units, const Names& others, const char* whose, Allowed allowed) {
  const Names own = definitions(units);
  std::optional<Error> error;
  auto look = [&](const Program& unit, const auto& items) {
    for (const auto& item : items) {
      if (error || item.defined || item.internal || own.count(item.name) || allowed(item.name)) continue;
      if (auto other = others.find(item.name); other != others.end())
        error = Error{"'" + item.name + "' is " + whose + " own, defined at " + other->second, "ld-names", placeOf(unit, item.position)};
    }
  };
  for (const Program& unit : units) look(unit, unit.functions), look(unit, unit.globals);
  return error;
}

bool isCvmPrimitive(std::string_view name) {
  const std::optional<Primitive> primitive = findPrimitive(name);
  return primitive && primitivePlatform(*primitive) == Platform::Cvm;
}

// A plain C0 program has no assembly and no variable at a place of its own.
std::optional<Error> refuseConcrete(const Program& ca) {
  for (const Global& global : ca.globals)
    if (global.address)
      return Error{"'" + global.name + "' has an address of its own: an abstract kernel is plain C0", "ld-asm", placeOf(ca, global.position)};
  for (const Function& function : ca.functions)
    for (const Stmt* stmt : function.statements)
      if (stmt->kind == StmtKind::Asm)
        return Error{"an asm block in function '" + function.name + "': an abstract kernel is plain C0", "ld-asm",
                     placeOf(ca, stmt->position)};
  return std::nullopt;
}

// `int i` and `int kdispatch(int, int)`: the kernel is started by i = kdispatch(mca, edata).
std::optional<Error> refuseWithoutDispatch(const Program& ca) {
  const std::optional<uint32_t> i = ca.findGlobal(kResult), dispatch = ca.findFunction(kDispatch);
  if (!i || ca.globals[*i].internal) return Error{"the abstract kernel defines no variable 'int i'", "ld-kdispatch", ""};
  const Global& result = ca.globals[*i];
  if (result.type != TypeTable::kInt || result.constant)
    return Error{"'i' is of type " + ca.types.print(result.type) + ", not int", "ld-kdispatch", placeOf(ca, result.position)};
  if (!dispatch || !ca.functions[*dispatch].defined || ca.functions[*dispatch].internal)
    return Error{"the abstract kernel defines no function 'int kdispatch(int mca, int edata)'", "ld-kdispatch", ""};
  const Function& function = ca.functions[*dispatch];
  bool ints = function.result == TypeTable::kInt && function.parameters == 2;
  for (uint32_t p = 0; p < function.parameters; p++) ints = ints && function.variables[p].type == TypeTable::kInt;
  if (!ints) return Error{"'kdispatch' is not of type int(int mca, int edata)", "ld-kdispatch", placeOf(ca, function.position)};
  return std::nullopt;
}

std::optional<Error> refuseMissingPrimitives(const Program& cc) {
  for (size_t p = 1; p <= size_t(kLastPrimitive); p++) {
    if (primitivePlatform(Primitive(p)) != Platform::Cvm) continue;
    const std::string name(primitiveName(Primitive(p)));
    const std::optional<uint32_t> index = cc.findFunction(name);
    const Function* function = index ? &cc.functions[*index] : nullptr;
    const std::string where = function ? placeOf(cc, function->position) : "";
    if (!function || !function->defined)
      return Error{"the CVM implementation does not define the primitive '" + name + "'" + (function ? ", which is declared here" : ""),
                   "ld-primitive", where};
    std::vector<TypeId> signature{function->result};
    for (uint32_t v = 0; v < function->parameters; v++) signature.push_back(function->variables[v].type);
    if (signature != primitiveSignature(Primitive(p)))
      return Error{"the primitive '" + name + "' has another type", "ld-primitive", where};
  }
  return std::nullopt;
}

}  // namespace

base::Result<KernelUnits> readKernelUnits(const object::Object& image) {
  const object::Section* section = image.section(".c0core");
  const std::optional<uint32_t> count = object::readKernelSection(image);
  if (!section) return Error{"the image holds no core program", "no-core", ""};
  if (!count) return Error{"the image is no kernel that vld --kernel linked", "no-kernel", std::string(object::kKernelSection)};
  base::Result<std::vector<Program>> units = deserialize(section->bytes);
  if (!units) return units.error();
  if (*count > units->size())
    return Error{"the image says that it has " + std::to_string(*count) + " units of an abstract kernel, but has " +
                 std::to_string(units->size()) + " in all", "no-kernel", std::string(object::kKernelSection)};
  return KernelUnits{std::move(*units), *count};
}

base::Result<Linked> linkAbstractKernel(const KernelUnits& kernel) {
  const Names others = definitions(std::span(kernel.units).subspan(kernel.abstractUnits));
  if (auto error = refuseForeign(kernel.abstract(), others, "the CVM implementation's", isCvmPrimitive)) return *error;
  base::Result<Linked> linked = link(kernel.abstract(), Platform::Cvm);
  if (!linked) return linked;
  if (auto error = refuseConcrete(linked->program)) return *error;
  if (auto error = refuseWithoutDispatch(linked->program)) return *error;
  return linked;
}

base::Result<Linked> ld(const KernelUnits& kernel) {
  base::Result<Linked> abstract = linkAbstractKernel(kernel);
  if (!abstract) return abstract;
  const std::span<const Program> implementation = std::span(kernel.units).subspan(kernel.abstractUnits);
  auto allowed = [](std::string_view name) { return name == kDispatch || name == kResult; };
  if (auto error = refuseForeign(implementation, definitions(kernel.abstract()), "the abstract kernel's", allowed)) return *error;
  base::Result<Linked> linked = link(kernel.units, Platform::Cvm);
  if (!linked) return linked;
  if (auto error = refuseMissingPrimitives(linked->program)) return *error;
  return linked;
}

base::Status checkKernel(const object::Object& image) {
  const base::Result<KernelUnits> kernel = readKernelUnits(image);
  if (!kernel) return kernel.error();
  const base::Result<Linked> linked = ld(*kernel);
  if (!linked) return linked.error();
  return base::Ok{};
}

}  // namespace core
