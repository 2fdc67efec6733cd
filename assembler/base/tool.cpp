#include "assembler/base/tool.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#ifndef C0_VERSION
#define C0_VERSION "0.1.0"
#endif

namespace base {
namespace {

namespace cl = llvm::cl;

enum class Color { Auto, Always, Never };

std::string toolName = "c0";
int failedStatus = kExitErrors;

cl::opt<Color>& colorOption() {
  static cl::opt<Color> option("color", cl::desc("colour on standard error"), cl::init(Color::Auto),
                               cl::values(clEnumValN(Color::Auto, "auto", "on a terminal"),
                                          clEnumValN(Color::Always, "always", ""), clEnumValN(Color::Never, "never", "")));
  return option;
}

cl::opt<DiagnosticFormat>& formatOption() {
  static cl::opt<DiagnosticFormat> option(
      "fdiagnostics-format", cl::desc("form of diagnostics"), cl::init(DiagnosticFormat::Text),
      cl::values(clEnumValN(DiagnosticFormat::Text, "text", "with source line and caret"),
                 clEnumValN(DiagnosticFormat::Json, "json", ""), clEnumValN(DiagnosticFormat::Sarif, "sarif", "2.1.0")));
  return option;
}

// LLVM registers a --color of its own in the static Support library; ours takes its place.
void dropForeignOptions() {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("color"); found != options.end()) found->second->removeArgument();
}

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

Error systemError(const char* what, const std::string& path) {
  return Error{std::string(what) + ": " + std::strerror(errno), "cannot-write", path};
}

// LLVM aborts when its standard output ends with an unseen error. This runs before, at exit, --help's too.
void finishOutput() {
  llvm::raw_fd_ostream& out = llvm::outs();
  out.flush();
  if (!out.has_error()) return;
  Error error{"cannot write: " + out.error().message(), "cannot-write", "standard output"};
  out.clear_error();
  std::fflush(nullptr);
  ::_exit(fail(error, {}, failedStatus));
}

}  // namespace

bool parseOptions(int argc, char** argv, const ToolInfo& info) {
  toolName = info.name;
  failedStatus = info.failed;
  llvm::outs(), llvm::errs();  // constructed now, and so destroyed after finishOutput
  std::atexit(finishOutput);
  dropForeignOptions();
  colorOption();
  formatOption();
  cl::SetVersionPrinter([](llvm::raw_ostream& out) { out << toolName << ' ' << C0_VERSION << " (LLVM Support " << LLVM_VERSION_STRING << ")\n"; });
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    if (argument == "--help" || argument == "-help" || argument == "-h")
      llvm::outs() << "EXAMPLES:\n" << info.examples << "\n\n";
  }
  std::string errors;
  llvm::raw_string_ostream out(errors);
  if (cl::ParseCommandLineOptions(argc, argv, info.purpose, &out)) return true;
  llvm::errs() << out.str();
  return false;
}

bool useColor() {
  if (colorOption() == Color::Always) return true;
  if (colorOption() == Color::Never || isSet("NO_COLOR")) return false;
  if (isSet("CLICOLOR_FORCE")) return true;
  const char* terminal = std::getenv("TERM");
  return ::isatty(2) && !(terminal && std::strcmp(terminal, "dumb") == 0);
}

int finish(const Diagnostics& diagnostics) {
  bool color = useColor();
  llvm::raw_ostream& out = llvm::errs();
  if (color) out.enable_colors(true);
  if (!diagnostics.all().empty() || formatOption() != DiagnosticFormat::Text)
    diagnostics.print(out, formatOption(), color, toolName);
  return diagnostics.errorCount() ? kExitErrors : kExitOk;
}

int fail(const Error& error, std::string_view file, int status) {
  llvm::raw_ostream& out = llvm::errs();
  out << toolName << ": error: ";
  if (!file.empty()) out << printable(std::string(file)) << ": ";
  if (!error.place.empty() && error.place != file) out << printable(error.place) << ": ";
  out << printable(error.text);
  if (!error.id.empty()) out << " [" << error.id << ']';
  out << '\n';
  return status;
}

Result<std::vector<uint8_t>> readFile(const std::string& path, uint64_t limit) {
  FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (!file) return Error{std::string("cannot open: ") + std::strerror(errno), "cannot-read", path};
  std::vector<uint8_t> bytes;
  struct stat status {};
  if (::fstat(::fileno(file), &status) == 0 && S_ISREG(status.st_mode)) bytes.reserve(size_t(status.st_size));
  uint8_t buffer[1 << 16];
  while (size_t got = std::fread(buffer, 1, sizeof buffer, file)) {
    bytes.insert(bytes.end(), buffer, buffer + got);
    if (bytes.size() > limit) break;
  }
  bool failed = std::ferror(file);
  int reason = errno;
  if (file != stdin) std::fclose(file);
  if (failed) return Error{std::string("cannot read: ") + std::strerror(reason), "cannot-read", path};
  if (bytes.size() > limit) return Error{"the file is too large", "too-large", path};
  return bytes;
}

std::string workingFolder() {
  std::error_code failed;
  return std::filesystem::current_path(failed).string();
}

Status writeFile(const std::string& path, const void* data, size_t size, bool executable) {
  if (path == "-") {
    if (std::fwrite(data, 1, size, stdout) != size || std::fflush(stdout)) return systemError("cannot write", path);
    return Ok{};
  }
  struct stat status {};
  bool special = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);  // /dev/null, a pipe
  std::string temporary = special ? path : path + ".tmp" + std::to_string(::getpid());
  FILE* file = std::fopen(temporary.c_str(), "wb");
  if (!file) return systemError("cannot create", path);
  bool good = std::fwrite(data, 1, size, file) == size;
  good = std::fclose(file) == 0 && good;
  if (special) return good ? Status(Ok{}) : Status(systemError("cannot write", path));
  if (good && executable) {
    mode_t mask = ::umask(0);
    ::umask(mask);
    ::chmod(temporary.c_str(), 0777 & ~mask);
  }
  if (good && std::rename(temporary.c_str(), path.c_str()) == 0) return Ok{};
  Error error = systemError("cannot write", path);
  ::unlink(temporary.c_str());
  return error;
}

void discardFile(const std::string& path) {
  struct stat status {};
  if (path != "-" && ::lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) ::unlink(path.c_str());
}

}  // namespace base
