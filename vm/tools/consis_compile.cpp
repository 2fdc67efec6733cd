#include "vm/tools/consis_compile.h"

#include <unistd.h>

#include <cstdlib>

#include "assembler/base/tool.h"

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

}  // namespace

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

}  // namespace consis
