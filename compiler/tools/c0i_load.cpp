#include "compiler/tools/c0i_load.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "assembler/base/tool.h"
#include "assembler/object/elf.h"
#include "compiler/core/serialize.h"
#include "compiler/interp/interp.h"
#include "compiler/sema/sema.h"

namespace c0i {

namespace {

namespace fs = std::filesystem;
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
      return diagnostics_.error(Error{*reason, "not-runnable", ""}), std::nullopt;
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

  void object(std::span<const uint8_t> bytes, const std::string& name) {
    base::Result<object::Object> object = object::readElf(bytes);
    if (!object) {
      diagnostics_.error(object.error(), name);
      return;
    }
    image_ = image_ || object->executable;
    const object::Section* section = object->section(".c0core");
    // Objects from assembly have no core; what they define is missed by name, if it is used.
    if (!section) {
      if (object->executable) diagnostics_.error(Error{"the image holds no core program", "no-core", ""}, name);
      return;
    }
    base::Result<std::vector<core::Program>> units = core::deserialize(section->bytes);
    if (!units) {
      diagnostics_.error(units.error(), name);
      return;
    }
    for (core::Program& unit : *units) units_.push_back(std::move(unit));
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
    base::Result<uint32_t> file = diagnostics_.sources().addText(name == "-" ? "<stdin>" : name, std::move(text));
    if (!file) {
      diagnostics_.error(file.error());
      return;
    }
    sema::Options options;
    options.assembly = options_.assembly || name.ends_with(".c0a");
    std::optional<core::Program> unit = sema::analyze(diagnostics_.sources(), *file, options, diagnostics_);
    if (unit) units_.push_back(std::move(*unit));
  }

  // Adds library files until no file defines a name that is missing, as a linker does with an archive's members.
  void library() {
    std::error_code none;
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(options_.libraryFolder, none))
      if (entry.path().extension() == ".c0") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    while (!files.empty() && !failed()) {
      const std::set<std::string> names = missing();
      auto found = std::find_if(files.begin(), files.end(), [&](const fs::path& file) { return defines(file, names); });
      if (found == files.end()) return;
      input(found->string());
      files.erase(found);
    }
  }
  std::set<std::string> missing() const {
    std::set<std::string> declared, defined;
    for (const core::Program& unit : units_)
      for (const core::Function& function : unit.functions)
        if (!function.internal && !core::findPrimitive(function.name))
          (function.defined ? defined : declared).insert(function.name);
    for (const std::string& name : defined) declared.erase(name);
    return declared;
  }
  // Whether the file's analysis, apart from the rest, gives a definition of one of the names.
  bool defines(const fs::path& path, const std::set<std::string>& names) const {
    base::Result<std::vector<uint8_t>> bytes = base::readFile(path.string());
    if (!bytes) return false;
    std::string text(bytes->begin(), bytes->end());
    if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return text.find(name) != text.npos; }))
      return false;
    base::SourceManager sources;
    base::Diagnostics diagnostics(sources);
    base::Result<uint32_t> file = sources.addText(path.string(), std::move(text));
    if (!file) return false;
    std::optional<core::Program> unit = sema::analyze(sources, *file, {}, diagnostics);
    return unit && std::any_of(unit->functions.begin(), unit->functions.end(), [&](const core::Function& function) {
      return function.defined && !function.internal && names.count(function.name);
    });
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

std::string findLibrary(const char* executable) {
  std::error_code none;
  const fs::path self = fs::read_symlink("/proc/self/exe", none);
  const fs::path beside = (self.empty() ? fs::path(executable) : self).parent_path().parent_path();
  std::vector<fs::path> folders;
  if (const char* runtime = std::getenv("C0_RUNTIME"); runtime && *runtime) folders = {fs::path(runtime) / "lib"};
  else folders = {beside / "share" / "c0" / "lib", fs::path(C0_SOURCE_DIR) / "runtime" / "lib"};
  for (const fs::path& folder : folders)
    if (fs::is_directory(folder, none)) return folder.string();
  return "";
}

}  // namespace c0i
