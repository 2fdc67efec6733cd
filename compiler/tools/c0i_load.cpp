#include "compiler/tools/c0i_load.h"

#include <algorithm>
#include <set>

#include "assembler/base/tool.h"
#include "assembler/object/elf.h"
#include "compiler/core/serialize.h"
#include "compiler/interp/interp.h"
#include "compiler/sema/sema.h"

namespace c0i {

namespace {

using base::Error;

class Loader {
 public:
  Loader(const LoadOptions& options, base::Diagnostics& diagnostics) : options_(options), diagnostics_(diagnostics) {}

  std::optional<core::Program> load() {
    for (const std::string& name : options_.inputs) input(name);
    if (options_.library && !image_ && !failed()) library();
    if (failed()) return std::nullopt;
    base::Result<core::Linked> linked = core::link(units_);
    if (!linked) return diagnostics_.error(linked.error()), std::nullopt;
    core::Program& program = linked->program;
    if (auto reason = interp::whyNotRunnable(program))
      return diagnostics_.error(Error{*reason, "not-runnable", ""}, options_.inputs.size() == 1 ? options_.inputs[0] : ""),
             std::nullopt;
    return refuseAsm(program) ? std::nullopt : std::optional(std::move(program));
  }

 private:
  bool failed() const { return diagnostics_.errorCount() != 0; }

  void input(const std::string& name) {
    base::Result<std::vector<uint8_t>> bytes = base::readFile(name);
    if (!bytes) {
      diagnostics_.error(bytes.error());
    } else if (bytes->size() >= 4 && std::equal(bytes->begin(), bytes->begin() + 4, "\x7F" "ELF")) {
      object(*bytes, name);
    } else if (object::isArchive(*bytes)) {
      archive(*bytes, name);
    } else {
      source(name, {bytes->begin(), bytes->end()});
    }
  }

  // The core of an object; empty for objects from assembly: what they define is missed by name, if it is used.
  std::optional<std::vector<core::Program>> unitsOf(std::span<const uint8_t> bytes, const std::string& name) {
    base::Result<object::Object> object = object::readElf(bytes);
    if (!object) return diagnostics_.error(object.error(), name), std::nullopt;
    image_ = image_ || object->executable;
    const object::Section* section = object->section(".c0core");
    if (!section && object->executable)
      return diagnostics_.error(Error{"the image holds no core program", "no-core", ""}, name), std::nullopt;
    if (!section) return std::vector<core::Program>{};
    base::Result<std::vector<core::Program>> units = core::deserialize(section->bytes);
    if (!units) return diagnostics_.error(units.error(), name), std::nullopt;
    return std::move(*units);
  }
  void add(std::vector<core::Program> units) {
    for (core::Program& unit : units) units_.push_back(std::move(unit));
  }
  void object(std::span<const uint8_t> bytes, const std::string& name) {
    if (auto units = unitsOf(bytes, name)) add(std::move(*units));
  }

  void archive(std::span<const uint8_t> bytes, const std::string& name) {
    base::Result<std::vector<object::Member>> members = object::readArchive(bytes);
    if (!members) {
      diagnostics_.error(members.error(), name);
      return;
    }
    for (const object::Member& member : *members) object(member.bytes, name + '(' + member.name + ')');
  }

  void source(const std::string& name, std::string text) {
    driver::Options reading;
    reading.stage = driver::Stage::Object;
    reading.standard = options_.standard;
    reading.preprocessor = options_.preprocessor;
    reading.runtime = options_.libraryFolder;
    std::optional<uint32_t> file;
    bool preprocessed = false;
    if (name != "-") {
      file = driver::readSource(name, reading, diagnostics_, preprocessed);
    } else if (base::Result<uint32_t> added = diagnostics_.sources().addText("<stdin>", std::move(text))) {
      file = *added;
    } else {
      diagnostics_.error(added.error());
    }
    if (!file) return;
    sema::Options options;
    options.standard = options_.standard;
    options.assembly = options_.assembly || name.ends_with(".c0a");
    std::optional<core::Program> unit = sema::analyze(diagnostics_.sources(), *file, options, diagnostics_);
    if (unit) units_.push_back(std::move(*unit));
  }

  // The members of the library that define what is missing, as the linker takes them.
  void library() {
    const std::string name = options_.libraryFolder + "/libc0.a";
    base::Result<std::vector<uint8_t>> bytes = base::readFile(name);
    if (!bytes) return;  // link() tells what is missing
    base::Result<std::vector<object::Member>> members = object::readArchive(*bytes);
    if (!members) {
      diagnostics_.error(members.error(), name);
      return;
    }
    std::vector<std::vector<core::Program>> offers;
    for (const object::Member& member : *members) {
      auto units = unitsOf(member.bytes, name + '(' + member.name + ')');
      if (units && !units->empty()) offers.push_back(std::move(*units));
    }
    while (!failed()) {
      const std::set<std::string> names = missing();
      auto found = std::find_if(offers.begin(), offers.end(), [&](const auto& units) { return defines(units, names); });
      if (found == offers.end()) return;
      add(std::move(*found));
      offers.erase(found);
    }
  }
  std::set<std::string> missing() const {
    std::set<std::string> declared, defined;
    for (const core::Program& unit : units_)
      for (const core::Function& function : unit.functions)
        if (!function.internal && !isPrimitive(function.name))
          (function.defined ? defined : declared).insert(function.name);
    for (const std::string& name : defined) declared.erase(name);
    return declared;
  }
  static bool isPrimitive(const std::string& name) {
    const std::optional<core::Primitive> primitive = core::findPrimitive(name);
    return primitive && core::primitivePlatform(*primitive) == core::Platform::Standalone;
  }
  static bool defines(const std::vector<core::Program>& units, const std::set<std::string>& names) {
    for (const core::Program& unit : units)
      for (const core::Function& function : unit.functions)
        if (function.defined && !function.internal && names.count(function.name)) return true;
    return false;
  }

  // Assembly blocks have a meaning on the machine only.
  bool refuseAsm(const core::Program& program) {
    for (const core::Function& function : program.functions)
      for (const core::Stmt* stmt : function.statements)
        if (stmt->kind == core::StmtKind::Asm) {
          const core::Position at = stmt->position;
          const std::string file = at.file < program.files.size() ? program.files[at.file] : function.name;
          diagnostics_.error(Error{"an asm block needs the machine: run the program under consis", "asm-without-machine",
                                   file + ':' + std::to_string(at.line) + ':' + std::to_string(at.column)});
          return true;
        }
    return false;
  }

  const LoadOptions& options_;
  base::Diagnostics& diagnostics_;
  std::vector<core::Program> units_;
  bool image_ = false;  // which has its library inside
};

}  // namespace

std::optional<core::Program> load(const LoadOptions& options, base::Diagnostics& diagnostics) {
  return Loader(options, diagnostics).load();
}

}  // namespace c0i
