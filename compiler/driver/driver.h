// The compiler driver: from inputs of all kinds to assembly, objects or an image (docs/c0c.md). Diagnostics are
// collected, files are written whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "assembler/link/link.h"
#include "compiler/codegen/codegen.h"
#include "compiler/sema/sema.h"

namespace driver {

// Without -std=.
constexpr sema::Standard kDefaultStandard = sema::Standard::C0X;

enum class Stage : uint8_t {
  Preprocess,  // -E
  Analyze,     // -fsyntax-only, -fdump-core
  Assembly,    // -S
  Object,      // -c
  Image,
};

enum class Language : uint8_t { ByName, C0, C0A, Assembly };  // -x

struct Options {
  Stage stage = Stage::Image;
  Language language = Language::ByName;
  sema::Standard standard = kDefaultStandard;
  bool assembly = false;  // -fasm
  bool dumpCore = false;
  codegen::Options code;
  bool verbose = false;
  sema::WarningSet warnings;

  std::vector<std::string> inputs;
  std::string output;                            // empty: by stage and input
  std::vector<std::string> preprocessor;         // -I, -D, -U as given
  bool dependencies = false;                     // -MD
  bool dependenciesOnly = false;                 // -M
  std::string dependencyFile, dependencyTarget;  // -MF, -MT

  bool library = true;                      // not -nostdlib
  std::string runtime;                      // the folder of libc0.a
  std::vector<std::string> libraryFolders;  // -L
  std::vector<std::string> libraries;       // -l
  std::string mapFile;                      // --map
  bool kernel = false;                      // --kernel: the last input is the CVM implementation
  linker::Options link;
};

// "4096", "0x1000", "64k", "16M", "1G"; at most 2^31.
std::optional<uint64_t> parseSize(std::string_view text);

// The folder of libc0.a: `option`, else C0_RUNTIME, else ../lib beside the program.
std::string runtimeFolder(const std::string& option);

// A source file, through the preprocessor if it needs that; `preprocessed` says so. nullopt after a report.
std::optional<uint32_t> readSource(const std::string& name, const Options& options, base::Diagnostics& diagnostics,
                                   bool& preprocessed);

class Driver {
 public:
  Driver(const Options& options, base::Diagnostics& diagnostics) : options_(options), diagnostics_(diagnostics) {}

  // Everything that was asked for. Problems are in the diagnostics.
  void run();
  // What -E, -fdump-core, -S and -M print on standard output when there is no -o.
  const std::string& printed() const { return printed_; }

 private:
  enum class Kind : uint8_t { Source, Assembly, Object };

  Kind kindOf(const std::string& input) const;
  void input(const std::string& name);
  void source(const std::string& name);
  void assemble(const std::string& name);
  void compile(const std::string& name, uint32_t file, bool assembly);
  void object(const std::string& name, object::Object object);
  void dependencies(const std::string& name, uint32_t file, std::string_view preprocessed);
  void link();
  bool libraryInputs(std::vector<std::vector<uint8_t>>& contents, std::vector<linker::Input>& inputs);

  void write(const std::string& path, const void* data, size_t size, bool executable = false);
  void print(const std::string& text);
  std::string outputName(const std::string& input, const char* extension) const;
  void say(const std::string& line) const;  // -v

  const Options& options_;
  base::Diagnostics& diagnostics_;
  std::vector<std::pair<std::string, std::vector<uint8_t>>> linked_;  // name, bytes of an object or archive
  std::string printed_;
  std::vector<std::string> written_;  // outputs of the input at hand: together or not at all
};

}  // namespace driver
