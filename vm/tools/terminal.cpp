#include "vm/tools/terminal.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace vamp {
namespace {

constexpr size_t kBuffer = 1 << 16;

}  // namespace

Terminal::Terminal(const volatile std::sig_atomic_t* interrupted, int input)
    : interrupted_(interrupted), inputFile_(input), interactive_(::isatty(STDOUT_FILENO)) {}

void Terminal::put(uint8_t byte) {
  output_.push_back(byte);
  midLine_ = byte != '\n';
  if (output_.size() >= kBuffer || (byte == '\n' && interactive_)) flush();
}

void Terminal::print(std::string_view text) {
  for (char c : text) put(uint8_t(c));
}

void Terminal::answer(std::string_view text) {
  if (midLine_) put('\n');
  print(text);
}

int Terminal::get() {
  if (position_ == size_) flush();
  return available() ? input_[position_++] : -1;
}

bool Terminal::fill() {
  ssize_t got;
  do got = ::read(inputFile_, input_, sizeof input_);
  while (got < 0 && errno == EINTR && !(interrupted_ && *interrupted_));
  position_ = 0, size_ = got > 0 ? size_t(got) : 0;
  return size_ != 0;
}

bool Terminal::ready() {
  pollfd input{inputFile_, POLLIN, 0};
  return position_ < size_ || ::poll(&input, 1, 0) > 0;
}

bool Terminal::flush() {
  for (size_t done = 0; done < output_.size() && !failed_;) {
    ssize_t now = ::write(STDOUT_FILENO, output_.data() + done, output_.size() - done);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) failed_ = true;
    else done += size_t(now);
  }
  output_.clear();
  return !failed_;
}

bool SerialTerminal::available() {
  if (ended_ || !terminal_.ready()) return false;
  ended_ = !terminal_.available();
  return !ended_;
}

}  // namespace vamp
