#include "vm/relate/refine/linking.h"

#include <algorithm>
#include <set>

#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

namespace refine {
namespace {

using models::Name;
using models::RelationName;

// Primitives of the platform (decisions.md, 22): traps to system-mode code.
constexpr std::string_view kRuntime[] = {"put_char", "get_char", "exit"};
bool isRuntime(std::string_view name) { return std::count(std::begin(kRuntime), std::end(kRuntime), name); }

std::string nameOf(Name model) { return std::string(models::modelName(model)); }
std::string describe(const Module& module) { return "module " + module.name + " over " + nameOf(module.model); }

bool hasPrimitive(Name model, std::string_view name) {
  switch (model) {
    case Name::ALE: return models::findPrimitive<models::ALE>(name);
    case Name::PMAP: return models::findPrimitive<models::PMAP>(name);
    case Name::AS: return models::findPrimitive<models::AS>(name);
    default: return false;
  }
}
// p and g of the stub, in words.
std::pair<std::string_view, std::string_view> specification(Name model, std::string_view name) {
  auto of = [](const auto* primitive) {
    return primitive ? std::pair(primitive->p, primitive->g) : std::pair<std::string_view, std::string_view>();
  };
  switch (model) {
    case Name::HW: return of(models::findPrimitive<models::HW>(name));
    case Name::PD: return of(models::findPrimitive<models::PD>(name));
    case Name::ALD: return of(models::findPrimitive<models::ALD>(name));
    case Name::ALE: return of(models::findPrimitive<models::ALE>(name));
    case Name::PMAP: return of(models::findPrimitive<models::PMAP>(name));
    case Name::AS: return of(models::findPrimitive<models::AS>(name));
    default: return {};
  }
}

base::Error error(std::string text, const char* id, const Module& module) {
  return {std::move(text), id, "module " + module.name + ", layer " + nameOf(module.model)};
}

// Who takes the place of a stub; nothing after an error.
std::optional<Stub> resolveOne(const Modules& modules, const Module& user, const std::string& name,
                               base::Diagnostics& diagnostics) {
  const Module* by = modules.exporting(name);
  if (!by) {
    if (isRuntime(name)) return Stub{Stub::Runtime, name};
    diagnostics.error(
        error("stub " + name + " of " + describe(user) + " is left over: no module exports it", "stub-left", user));
    return std::nullopt;
  }
  if (by->model == user.model) return Stub{Stub::Procedure, name, by};
  if (user.model == Name::HW) return Stub{Stub::Upcall, name, by, path(by->model, Name::HW)};
  auto through = path(user.model, by->model);
  if (through.empty()) {
    diagnostics.error(
        error(describe(user) + " cannot call " + name + " of " + describe(*by) + ", which is not below it",
              "wrong-layer", user));
    return std::nullopt;
  }
  for (RelationName relation : through)
    if (Name upper = models::upperOf(relation); !hasPrimitive(upper, name)) {
      diagnostics.error(error(describe(user) + " calls " + name + " of " + describe(*by) + ", but " + nameOf(upper) +
                                  " has no primitive of this name",
                              "no-primitive", user));
      return std::nullopt;
    }
  return Stub{Stub::Primitive, name, by, std::move(through)};
}

std::string sha256(const std::vector<uint8_t>& bytes) {
  llvm::SHA256 hash;
  hash.update(llvm::ArrayRef<uint8_t>(bytes));
  std::string text;
  constexpr char kDigits[] = "0123456789abcdef";
  for (char c : hash.final()) text += kDigits[uint8_t(c) >> 4], text += kDigits[uint8_t(c) & 15];
  return text;
}

}  // namespace

std::vector<RelationName> path(Name upper, Name lower) {
  static constexpr Name kOn[] = {Name::AS, Name::PMAP, Name::ALE, Name::PE, Name::HW};
  static constexpr Name kOff[] = {Name::ALD, Name::PD, Name::HW};
  auto walk = [&](auto& chain) {
    auto from = std::find(std::begin(chain), std::end(chain), upper), to = std::find(from, std::end(chain), lower);
    std::vector<RelationName> found;
    if (to == std::end(chain)) return found;
    for (; from != to; ++from)
      for (unsigned r = 0; r < models::kRelationCount; ++r)
        if (models::upperOf(RelationName(r)) == *from && models::lowerOf(RelationName(r)) == from[1])
          found.push_back(RelationName(r));
    return found;
  };
  auto found = walk(kOn);
  return found.empty() ? walk(kOff) : found;
}

std::vector<LinkedModule> resolve(const Modules& modules, base::Diagnostics& diagnostics) {
  std::vector<LinkedModule> linked;
  for (const Module& module : modules.all()) {
    LinkedModule own{&module, {}, path(module.model, Name::HW)};
    for (const auto& name : module.imports)
      if (auto stub = resolveOne(modules, module, name, diagnostics)) own.stubs.push_back(std::move(*stub));
    linked.push_back(std::move(own));
  }
  return linked;
}

void checkObjects(const Modules& modules, const std::vector<LinkInput>& inputs, std::vector<LinkedModule>& linked,
                  base::Diagnostics& diagnostics) {
  std::map<std::string, size_t> definedBy;  // exported functions only
  std::vector<std::vector<std::string>> undefined(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (object::isArchive(inputs[i].bytes)) continue;
    auto object = object::readElf(inputs[i].bytes);
    if (!object) {
      diagnostics.error(base::Error{object.error().text, object.error().id, inputs[i].name});
      continue;
    }
    for (const auto& symbol : object->symbols) {
      const Module* module = symbol.global ? modules.exporting(symbol.name) : nullptr;
      if (!module) continue;
      if (symbol.section == object::kUndefined) {
        undefined[i].push_back(symbol.name);
      } else if (auto [at, fresh] = definedBy.emplace(symbol.name, i); !fresh) {
        diagnostics.error(error(symbol.name + " of " + describe(*module) + " is defined by " + inputs[at->second].name +
                                    " and by " + inputs[i].name,
                                "name-clash", *module));
      }
    }
  }
  std::vector<std::set<std::string>> allowed(inputs.size());
  for (auto& own : linked) {
    const Module& module = *own.module;
    for (const auto& name : module.exports) {
      auto at = definedBy.find(name);
      if (at == definedBy.end())
        diagnostics.error(error("no object defines " + name + " of " + describe(module), "missing-function", module));
      else own.object = at->second;
    }
    if (!module.exports.empty()) allowed[own.object].insert(module.imports.begin(), module.imports.end());
  }
  for (size_t i = 0; i < inputs.size(); ++i)
    for (const auto& name : undefined[i])
      if (!allowed[i].count(name)) {
        const Module* module = modules.exporting(name);
        for (const auto& own : linked)
          if (own.object == i && !own.module->exports.empty() && own.module != module) {
            diagnostics.error(error(inputs[i].name + " calls " + name + " of " + describe(*module) + ", which " +
                                        describe(*own.module) + " does not import",
                                    "undeclared-call", *own.module));
            break;
          }
      }
}

base::Error weakStub(const Counterexample& found, const std::vector<LinkedModule>& linked) {
  std::string call = found.function + "(";
  for (size_t i = 0; i < found.arguments.size(); ++i)
    call += (i ? ", " : "") + std::to_string(int32_t(found.arguments[i]));
  std::string users;
  for (const auto& own : linked)
    for (const auto& stub : own.stubs)
      if (stub.name == found.function && (own.module->model == found.top || stub.kind == Stub::Upcall))
        users += (users.empty() ? " of " : ", ") + own.module->name;
  return {"the stub " + found.function + users + ", layer " + nameOf(found.top) +
              ", promises more than its code in module " + found.module + " keeps: after " + call + "), " +
              found.failure.text + "; from " + found.state,
          "weak-stub", "module " + found.module + ", layer " + nameOf(found.failure.model)};
}

// {"name": "as_request", "kind": "primitive", "module": "as", "over": "PMAP", "through": ["AS-PMAP"], ..}
static void writeStub(llvm::json::OStream& out, const Module& user, const Stub& stub) {
  constexpr const char* kKinds[] = {"procedure", "primitive", "upcall", "runtime"};
  auto str = [](std::string_view s) { return llvm::StringRef(s.data(), s.size()); };
  out.object([&] {
    out.attribute("name", stub.name), out.attribute("kind", kKinds[stub.kind]);
    if (!stub.by) return;
    out.attribute("module", stub.by->name), out.attribute("over", str(models::modelName(stub.by->model)));
    if (stub.through.empty()) return;
    out.attributeArray("through", [&] {
      for (RelationName r : stub.through) out.value(str(models::relationName(r)));
    });
    auto [p, g] = specification(stub.kind == Stub::Upcall ? stub.by->model : user.model, stub.name);
    if (!g.empty()) out.attribute("p", str(p)), out.attribute("g", str(g));
    if (stub.evidence)
      out.attribute("states", int64_t(stub.evidence->states)), out.attribute("calls", int64_t(stub.evidence->calls));
  });
}

std::string certificate(const CertificateParts& parts) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, 2);
  auto str = [](std::string_view s) { return llvm::StringRef(s.data(), s.size()); };
  auto relations = [&](const char* name, const std::vector<RelationName>& list) {
    out.attributeArray(name, [&] {
      for (RelationName r : list) out.value(str(models::relationName(r)));
    });
  };
  auto file = [&](const char* name, const std::string& path, const std::vector<uint8_t>& bytes) {
    out.attributeObject(name, [&] { out.attribute("file", path), out.attribute("sha256", sha256(bytes)); });
  };
  out.object([&] {
    out.attribute("format", "refine certificate 1");
    file("image", parts.imageName, parts.image);
    out.attributeObject(
        "chain", [&] { relations("on", path(Name::AS, Name::HW)), relations("off", path(Name::ALD, Name::HW)); });
    out.attributeArray("modules", [&] {
      for (const auto& own : parts.linked)
        out.object([&] {
          const Module& module = *own.module;
          out.attribute("name", module.name), out.attribute("model", str(models::modelName(module.model)));
          relations("refinement", own.refinement);
          file("object", parts.inputs[own.object].name, parts.inputs[own.object].bytes);
          out.attributeArray("exports", [&] {
            for (const auto& name : module.exports) out.value(name);
          });
          out.attributeArray("stubs", [&] {
            for (const auto& stub : own.stubs) writeStub(out, module, stub);
          });
        });
    });
    out.attributeObject("scope", [&] {
      out.attribute("frames", int64_t(parts.scopeOptions.frames)),
          out.attribute("pages", int64_t(parts.scopeOptions.pages));
      out.attribute("accesses", int64_t(parts.scope.accesses));
    });
    out.attributeObject("run", [&] {
      out.attribute("steps", int64_t(parts.run.steps));
      out.attribute("ended", parts.run.verdict == Verdict::Related);
      out.attributeObject("checks", [&] {
        for (unsigned r = 0; r < models::kRelationCount; ++r)
          out.attribute(str(models::relationName(RelationName(r))),
                        int64_t(parts.run.counters.checks[r] + parts.run.counters.full[r]));
      });
    });
  });
  stream << "\n";
  return stream.str();
}

}  // namespace refine
