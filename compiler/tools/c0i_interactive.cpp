#include "compiler/tools/c0i_interactive.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "assembler/base/line_editor.h"
#include "assembler/base/tool.h"

namespace c0i {

namespace {

constexpr const char* kPrompt = "(c0i) ";

volatile std::sig_atomic_t interrupted = 0;
void onInterrupt(int) { interrupted = 1; }

}  // namespace

// The program's console and the prompt's answers share standard output; an answer begins on a line of its own.
struct Interactive::Streams : debug::Console {
  bool midLine = false;

  uint32_t read() override {
    std::fflush(stdout);
    return uint32_t(std::getchar());
  }
  void write(char c) override {
    std::putchar(c);
    midLine = c != '\n';
  }
  void answer(std::string_view text) {
    if (midLine) std::putchar('\n');
    midLine = false;
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
};

Interactive::Interactive(core::Program& program, interp::Limits limits, uint64_t maxSteps)
    : streams_(std::make_unique<Streams>()),
      session_(program, *streams_, limits),
      prompt_(
          session_, [this](std::string_view text) { streams_->answer(text); }, maxSteps, &interrupted) {
  prompt_.begin();
}
Interactive::~Interactive() = default;

bool Interactive::echoed(const std::string& line) {
  streams_->answer(kPrompt + line + '\n');
  quit_ = quit_ || !prompt_.execute(line);
  return !quit_;
}

base::Status Interactive::runFile(const std::string& name) {
  base::Result<std::vector<uint8_t>> bytes = base::readFile(name);
  if (!bytes) return bytes.error();
  const std::string text(bytes->begin(), bytes->end());
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (!echoed(text.substr(at, end - at))) break;
    at = end + 1;
  }
  return base::Ok{};
}

void Interactive::runInput() {
  if (quit_) return;
  if (::isatty(STDIN_FILENO) && ::isatty(STDOUT_FILENO)) {
    struct sigaction action {};
    action.sa_handler = onInterrupt;
    ::sigaction(SIGINT, &action, nullptr);
    base::LineEditor terminal("c0i", kPrompt, [this](std::string_view line) { return prompt_.complete(line); });
    std::string last;
    while (std::optional<std::string> line = terminal.read()) {
      if (line->empty()) line = last;  // again
      if (!prompt_.execute(*line)) return;
      std::fflush(stdout);
      last = *line;
    }
    streams_->answer("\n");
    return;
  }
  std::string line;
  for (int c; (c = std::getchar()) != EOF;) {
    if (c != '\n') line += char(c);
    else if (!echoed(std::exchange(line, {}))) return;
  }
  if (!line.empty()) echoed(line);
}

const interp::Machine& Interactive::machine() const { return session_.machine(); }

int Interactive::status() const {
  switch (session_.stop()) {
    case interp::Stop::Ended: return int(machine().exitStatus() & 0xFF);
    case interp::Stop::Faulted: return base::kExitGuestFault;
    case interp::Stop::Running: break;
  }
  return 0;
}

}  // namespace c0i
