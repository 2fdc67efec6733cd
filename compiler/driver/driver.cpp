#include "compiler/driver/driver.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "assembler/asm/assembler.h"
#include "assembler/base/tool.h"
#include "compiler/core/ld.h"
#include "compiler/core/print.h"
#include "compiler/driver/preprocess.h"
#include "llvm/Support/raw_ostream.h"

namespace driver {
namespace {

std::string_view extensionOf(std::string_view name) {
  size_t dot = name.rfind('.'), slash = name.rfind('/');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  return name.substr(dot + 1);
}

}  // namespace

std::optional<uint64_t> parseSize(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x")) base = 16, text.remove_prefix(2);
  uint64_t size = 0;
  auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  if (problem != std::errc() || rest == text.data()) return std::nullopt;
  std::string_view unit(rest, size_t(text.data() + text.size() - rest));
  unsigned shift = unit.empty() ? 0 : unit == "k" || unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : 64;
  constexpr uint64_t kMost = uint64_t(1) << 31;
  if (shift == 64 || size > kMost >> shift) return std::nullopt;
  return size << shift;
}

std::string runtimeFolder(const std::string& option) {
  if (!option.empty()) return option;
  if (const char* variable = std::getenv("C0_RUNTIME"); variable && *variable) return variable;
  char path[4096];
  ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  std::string_view program(path, length > 0 ? size_t(length) : 0);
  size_t slash = program.rfind('/');
  return slash == std::string_view::npos ? "../lib" : std::string(program.substr(0, slash)) + "/../lib";
}

void Driver::run() {
  for (const std::string& name : options_.inputs) input(name);
  if (options_.stage == Stage::Image && !options_.dependenciesOnly && !diagnostics_.errorCount()) link();
}

void Driver::say(const std::string& line) const {
  if (options_.verbose) llvm::errs() << "c0c: " << line << '\n';
}

Driver::Kind Driver::kindOf(const std::string& input) const {
  if (options_.language == Language::Assembly) return Kind::Assembly;
  if (options_.language != Language::ByName || input == "-") return Kind::Source;
  std::string_view extension = extensionOf(input);
  if (extension == "s" || extension == "S") return Kind::Assembly;
  if (extension == "o" || extension == "a") return Kind::Object;
  return Kind::Source;
}

void Driver::input(const std::string& name) {
  written_.clear();
  switch (kindOf(name)) {
    case Kind::Source: return source(name);
    case Kind::Assembly: return assemble(name);
    case Kind::Object: break;
  }
  base::Result<std::vector<uint8_t>> bytes = base::readFile(name);
  if (bytes) linked_.emplace_back(name, std::move(*bytes));
  else diagnostics_.error(bytes.error());
}

namespace {

// c0 has no preprocessor; it runs if it is asked for, and on what looks as though it needed it.
bool wantsPreprocessor(const std::string& name, const Options& options, std::string_view text) {
  if (name == "-") return false;  // cpp could not read it again
  if (options.stage == Stage::Preprocess || options.dependenciesOnly || !options.preprocessor.empty()) return true;
  return options.standard == sema::Standard::C0X && (text.starts_with("#") || text.find("\n#") != text.npos);
}

std::optional<uint32_t> preprocess(const std::string& name, const Options& options, base::Diagnostics& diagnostics) {
  std::vector<std::string> arguments = {"cpp", "-undef", "-nostdinc"};
  arguments.insert(arguments.end(), options.preprocessor.begin(), options.preprocessor.end());
  std::string include = runtimeFolder(options.runtime) + "/include";
  if (options.library) arguments.insert(arguments.end(), {"-isystem", include});
  arguments.push_back(name);
  if (options.verbose) llvm::errs() << "c0c: cpp " << name << '\n';
  base::Result<std::string> text = runPreprocessor(arguments);
  if (!text) {
    diagnostics.error(text.error(), name);
    return std::nullopt;
  }
  base::Result<uint32_t> file = diagnostics.sources().addText(name, std::move(*text));
  if (file) return *file;
  diagnostics.error(file.error());
  return std::nullopt;
}

}  // namespace

std::optional<uint32_t> readSource(const std::string& name, const Options& options, base::Diagnostics& diagnostics,
                                   bool& preprocessed) {
  base::Result<uint32_t> read = diagnostics.sources().addFile(name);
  if (!read) {
    diagnostics.error(read.error());
    return std::nullopt;
  }
  preprocessed = wantsPreprocessor(name, options, diagnostics.sources().text(*read));
  return preprocessed ? preprocess(name, options, diagnostics) : *read;
}

void Driver::source(const std::string& name) {
  bool known = name == "-" || options_.language != Language::ByName;
  std::string_view extension = extensionOf(name);
  if (!known && extension != "c0" && extension != "c" && extension != "c0a") {
    diagnostics_.error(
        {"what kind of file is this? c0c knows .c0 .c .c0a .s .o .a (or say it with -x)", "input-kind", name});
    return;
  }
  bool preprocessed = false;
  std::optional<uint32_t> read = readSource(name, options_, diagnostics_, preprocessed);
  if (!read) return;
  uint32_t file = *read;
  std::string_view text = diagnostics_.sources().text(file);
  if (options_.dependenciesOnly) return dependencies(name, file, preprocessed ? text : "");
  const unsigned errors = diagnostics_.errorCount();
  bool assembly = options_.assembly || options_.language == Language::C0A || extension == "c0a";
  if (options_.stage == Stage::Preprocess) print(std::string(text));
  else compile(name, file, assembly);
  if (options_.dependencies && diagnostics_.errorCount() == errors) dependencies(name, file, preprocessed ? text : "");
}

void Driver::dependencies(const std::string& name, uint32_t file, std::string_view preprocessed) {
  (void)file;
  std::string target = options_.dependencyTarget.empty() ? outputName(name, "o") : options_.dependencyTarget;
  std::string rule = dependencyRule(target, name, preprocessed);
  if (options_.dependenciesOnly && options_.dependencyFile.empty()) return print(rule);
  std::string path = options_.dependencyFile;
  if (path.empty()) {
    path = outputName(name, "d");
    if (!options_.output.empty()) path = options_.output.substr(0, options_.output.rfind('.')) + ".d";
  }
  write(path, rule.data(), rule.size());
}

void Driver::compile(const std::string& name, uint32_t file, bool assembly) {
  unsigned before = diagnostics_.errorCount();
  say("compile " + name);
  bool generate = options_.stage >= Stage::Assembly;
  codegen::UnitGenerator generator(name == "-" ? "<stdin>" : name, options_.code, &diagnostics_);
  sema::Options analysis;
  analysis.standard = options_.standard;
  analysis.assembly = assembly;
  analysis.warnings = options_.warnings;
  if (generate)
    analysis.onFunction = [&](core::Program& program, uint32_t index) {
      base::Status status = generator.function(program, index);
      if (!status) diagnostics_.error(status.error());
    };
  std::optional<core::Program> program = sema::analyze(diagnostics_.sources(), file, analysis, diagnostics_);
  if (!program || diagnostics_.errorCount() != before) return;
  if (options_.dumpCore) print(core::print(*program));
  if (!generate) return;
  base::Result<object::Object> unit = generator.finish(*program);
  if (!unit) {
    diagnostics_.error(unit.error(), name);
    return;
  }
  program.reset();
  object(name, std::move(*unit));
}

void Driver::assemble(const std::string& name) {
  if (options_.stage < Stage::Object) return;
  say("assemble " + name);
  base::Result<uint32_t> file = diagnostics_.sources().addFile(name);
  if (!file) {
    diagnostics_.error(file.error());
    return;
  }
  std::optional<object::Object> unit = assembler::assemble(*file, diagnostics_, options_.code.debugFolder);
  if (unit) object(name, std::move(*unit));
}

void Driver::object(const std::string& name, object::Object unit) {
  if (options_.stage == Stage::Assembly) {
    std::string text = codegen::printAssembly(unit, name);
    std::string path = outputName(name, "s");
    if (path == "-") return print(text);
    return write(path, text.data(), text.size());
  }
  std::vector<uint8_t> bytes = object::writeElf(unit);
  if (options_.stage == Stage::Image) linked_.emplace_back(name, std::move(bytes));
  else write(outputName(name, "o"), bytes.data(), bytes.size());
}

bool Driver::libraryInputs(std::vector<std::vector<uint8_t>>& contents, std::vector<linker::Input>& inputs) {
  std::string runtime = runtimeFolder(options_.runtime);
  std::vector<std::string> names = options_.libraries;
  if (options_.library) names.push_back(options_.kernel ? "abstract-kernel" : "c0");
  contents.reserve(names.size());
  for (const std::string& library : names) {
    std::vector<std::string> folders = options_.libraryFolders;
    folders.push_back(runtime);
    std::string path;
    for (const std::string& folder : folders) {
      path = folder + "/lib" + library + ".a";
      if (::access(path.c_str(), R_OK) == 0) break;
    }
    base::Result<std::vector<uint8_t>> bytes = base::readFile(path);
    if (!bytes) {
      diagnostics_.error({"the library is not there (looked for " + path + "; --runtime or C0_RUNTIME name its folder)",
                          "library-missing", "lib" + library + ".a"});
      return false;
    }
    contents.push_back(std::move(*bytes));
    inputs.push_back({path, contents.back()});
  }
  return true;
}

void Driver::link() {
  std::vector<std::vector<uint8_t>> libraries;
  std::vector<linker::Input> inputs;
  for (const auto& [name, bytes] : linked_) inputs.push_back({name, bytes});
  if (options_.kernel) inputs.back().implementation = true;
  linker::Options options = options_.link;
  if (options_.library) options.required.push_back("__reset");
  if (!libraryInputs(libraries, inputs)) return;
  say("link");
  written_.clear();
  std::string map;
  std::optional<object::Object> image =
      linker::link(inputs, options, diagnostics_, options_.mapFile.empty() ? nullptr : &map);
  if (!image) return;
  if (base::Status status = options_.kernel ? core::checkKernel(*image) : base::Ok{}; !status) {
    diagnostics_.error(status.error());
    return;
  }
  std::vector<uint8_t> bytes = object::writeElf(*image);
  write(options_.output.empty() ? "a.out" : options_.output, bytes.data(), bytes.size(), true);
  if (!options_.mapFile.empty()) write(options_.mapFile, map.data(), map.size());
}

// prog.c0 -> prog.o in the working folder, as cc does; standard input -> -.
std::string Driver::outputName(const std::string& input, const char* extension) const {
  bool named = !options_.output.empty() && options_.stage != Stage::Image && extension != std::string_view("d");
  if (named) return options_.output;
  if (input == "-") return std::string("a.") + extension;
  std::string name = input.substr(input.rfind('/') + 1);
  return name.substr(0, name.rfind('.')) + "." + extension;
}

void Driver::write(const std::string& path, const void* data, size_t size, bool executable) {
  base::Status status = base::writeFile(path, data, size, executable);
  if (status) return written_.push_back(path);
  diagnostics_.error(status.error());
  for (const std::string& other : written_) base::discardFile(other);
}

void Driver::print(const std::string& text) {
  if (options_.output.empty() || options_.output == "-" || options_.stage > Stage::Analyze) printed_ += text;
  else write(options_.output, text.data(), text.size());
}

}  // namespace driver
