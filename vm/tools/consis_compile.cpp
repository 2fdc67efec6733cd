#include "vm/tools/consis_compile.h"

#include <unistd.h>

#include <cstdlib>

#include "assembler/base/tool.h"
#include "vm/tools/consis_arguments.h"

namespace consis {
namespace {

// The driver writes files; ours is gone before anybody sees it.
class TemporaryFile {
 public:
  TemporaryFile() {
    const char* folder = std::getenv("TMPDIR");
    path_ = std::string(folder && *folder ? folder : "/tmp") + "/consis-XXXXXX";
    descriptor_ = ::mkstemp(path_.data());
  }
  ~TemporaryFile() {
    if (!good()) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  bool good() const { return descriptor_ >= 0; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
};

bool isElf(const std::vector<uint8_t>& bytes) {
  return bytes.size() >= 4 && bytes[0] == 0x7F && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
}

// Compiles and links in this process; nullopt after errors, which are then in the diagnostics.
std::optional<std::vector<uint8_t>> compile(driver::Options options, base::Diagnostics& diagnostics) {
  TemporaryFile image;
  if (!image.good()) {
    diagnostics.error(base::Error{"cannot create a temporary file", "cannot-write", image.path()});
    return std::nullopt;
  }
  options.output = image.path();
  driver::Driver(options, diagnostics).run();
  if (diagnostics.errorCount()) return std::nullopt;
  auto bytes = base::readFile(image.path());
  if (bytes) return std::move(*bytes);
  diagnostics.error(bytes.error());
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<uint8_t>> readProgram(RunRecord& record, int& status) {
  auto failed = [&](const base::Error& error, const std::string& file, int code) {
    status = base::fail(error, file, code);
    return std::nullopt;
  };
  if (!record.disk.empty()) {
    auto contents = base::readFile(record.disk);
    if (!contents) return failed(contents.error(), record.disk, base::kExitErrors);
    record.options.disk = std::move(*contents);
  }
  const std::string& first = record.inputs[0];
  if (record.inputs.size() == 1) {
    auto bytes = base::readFile(first);
    if (!bytes) return failed(bytes.error(), first, base::kExitErrors);
    if (isElf(*bytes) && !first.ends_with(".o")) return record.compiled.reset(), std::move(*bytes);
    if (first == "-")
      return failed({"a source cannot come from here: it is the program's input", "usage", ""}, "standard input",
                    base::kExitUsage);
  }
  if (!record.compiled) return failed({"not an ELF file, but the run was of an image", "bad-elf", ""}, first, base::kExitErrors);
  auto options = compilerOptions(record);
  if (!options) return failed(options.error(), {}, base::kExitErrors);
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  auto image = compile(*options, diagnostics);
  status = base::finish(diagnostics);
  if (status != base::kExitOk) return std::nullopt;
  record.options.checked |= record.compiled->checks;
  return image;
}

}  // namespace consis
