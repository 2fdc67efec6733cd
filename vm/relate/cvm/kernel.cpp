#include "vm/relate/cvm/kernel.h"

#include <algorithm>
#include <set>

namespace cvm {
namespace {

using Units = std::vector<core::Program>;

base::Error in(const std::string& name, base::Error error) {
  error.place = error.place.empty() ? name : name + ": " + error.place;
  return error;
}

// An object of assembly has no core: what it defines is missed by name, if it is used.
base::Result<Units> unitsOf(std::span<const uint8_t> bytes, const std::string& name) {
  auto object = object::readElf(bytes);
  if (!object) return in(name, object.error());
  const object::Section* section = object->section(".c0core");
  if (!section) return Units{};
  auto units = core::deserialize(section->bytes);
  if (!units) return in(name, units.error());
  return units;
}

// The units of the objects, and of the archives' members that are needed.
class Collector {
 public:
  base::Status add(const Input& input) {
    if (!object::isArchive(input.bytes)) return object(input.bytes, input.name, units_);
    auto members = object::readArchive(input.bytes);
    if (!members) return in(input.name, members.error());
    for (const object::Member& member : *members) {
      Units units;
      if (auto status = object(member.bytes, input.name + '(' + member.name + ')', units); !status) return status;
      if (!units.empty()) offers_.push_back(std::move(units));
    }
    return base::Ok{};
  }

  Units take() {
    while (true) {
      const std::set<std::string> names = missing();
      auto found = std::find_if(offers_.begin(), offers_.end(), [&](const Units& units) { return defines(units, names); });
      if (found == offers_.end()) return std::move(units_);
      for (core::Program& unit : *found) units_.push_back(std::move(unit));
      offers_.erase(found);
    }
  }

 private:
  static base::Status object(std::span<const uint8_t> bytes, const std::string& name, Units& to) {
    auto units = unitsOf(bytes, name);
    if (!units) return units.error();
    for (core::Program& unit : *units) to.push_back(std::move(unit));
    return base::Ok{};
  }

  template <class F>
  static void forEachName(const Units& units, F&& f) {
    for (const core::Program& unit : units) {
      for (const core::Function& function : unit.functions)
        if (!function.internal) f(function.name, function.defined);
      for (const core::Global& global : unit.globals)
        if (!global.internal) f(global.name, global.defined);
    }
  }
  std::set<std::string> missing() const {
    std::set<std::string> declared, defined;
    forEachName(units_, [&](const std::string& name, bool isDefined) { (isDefined ? defined : declared).insert(name); });
    for (const std::string& name : defined) declared.erase(name);
    return declared;
  }
  static bool defines(const Units& units, const std::set<std::string>& names) {
    bool found = false;
    forEachName(units, [&](const std::string& name, bool isDefined) { found = found || (isDefined && names.count(name)); });
    return found;
  }

  Units units_;
  std::vector<Units> offers_;
};

base::Result<interp::Limits> limitsOf(const object::Object& image) {
  uint32_t at[4];
  const char* const names[] = {"__heap_start", "__heap_end", "__stack_limit", "__stack_top"};
  for (int i = 0; i < 4; ++i) {
    const object::Symbol* symbol = image.symbol(names[i]);
    if (!symbol) return base::Error{std::string("the image does not define ") + names[i], "missing-symbol", "symbol table"};
    at[i] = symbol->value;
  }
  return interp::Limits{at[1] - at[0], at[3] - at[2]};
}

base::Result<Kernel> fromImage(const object::Object& image) {
  auto units = core::readKernelUnits(image);
  if (!units) return units.error();
  auto limits = limitsOf(image);
  if (!limits) return limits.error();
  return makeKernel(*units, *limits);
}

}  // namespace

base::Result<Kernel> makeKernel(const core::KernelUnits& units, interp::Limits limits) {
  auto linked = core::linkAbstractKernel(units);
  if (!linked) return linked.error();
  Kernel kernel{std::move(linked->program), limits};
  if (auto status = core::verify(kernel.program); !status) return status.error();
  if (auto why = interp::whyIncomplete(kernel.program)) return base::Error{*why, "not-runnable", ""};
  kernel.i = *kernel.program.findGlobal("i");
  kernel.kdispatch = *kernel.program.findFunction("kdispatch");
  return kernel;
}

base::Result<Kernel> loadKernel(const std::vector<Input>& inputs, interp::Limits limits) {
  Collector collector;
  for (const Input& input : inputs) {
    if (!object::isArchive(input.bytes)) {
      auto object = object::readElf(input.bytes);
      if (!object) return in(input.name, object.error());
      if (object->executable && inputs.size() > 1)
        return base::Error{"an image is a whole kernel: nothing else can be added", "no-kernel", input.name};
      if (object->executable) {
        auto kernel = fromImage(*object);
        if (!kernel) return in(input.name, kernel.error());
        return kernel;
      }
    }
    if (auto status = collector.add(input); !status) return status.error();
  }
  core::KernelUnits units{collector.take(), 0};
  units.abstractUnits = units.units.size();
  return makeKernel(units, limits);
}

}  // namespace cvm
