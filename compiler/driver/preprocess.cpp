#include "compiler/driver/preprocess.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace driver {
namespace {

base::Error startError(const std::string& program, int reason) {
  return {"cannot run " + program + ": " + std::strerror(reason), "preprocessor", {}};
}

// In make's syntax: spaces and # escaped, $ doubled.
std::string escaped(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == ' ' || c == '#') out += '\\';
    if (c == '$') out += '$';
    out += c;
  }
  return out;
}

}  // namespace

base::Result<std::string> runPreprocessor(const std::vector<std::string>& arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return startError(arguments[0], errno);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  pid_t child = 0;
  int problem = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  char buffer[1 << 16];
  if (problem == 0) {
    for (;;) {
      ssize_t got = ::read(ends[0], buffer, sizeof buffer);
      if (got > 0) text.append(buffer, size_t(got));
      else if (got == 0 || errno != EINTR) break;
    }
  }
  ::close(ends[0]);
  if (problem != 0) return startError(arguments[0], problem);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return base::Error{"the preprocessor reported errors", "preprocessor", {}};
  return text;
}

std::string dependencyRule(const std::string& target, const std::string& source, std::string_view preprocessed) {
  std::vector<std::string> files = {source};
  // # 12 "file.h" flags
  for (size_t at = 0; at < preprocessed.size();) {
    size_t end = std::min(preprocessed.find('\n', at), preprocessed.size());
    std::string_view line = preprocessed.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with("# ")) continue;
    size_t open = line.find('"'), close = line.rfind('"');
    if (open == line.npos || close <= open + 1 || line[open + 1] == '<') continue;
    std::string name(line.substr(open + 1, close - open - 1));
    if (std::find(files.begin(), files.end(), name) == files.end()) files.push_back(std::move(name));
  }
  std::string rule = escaped(target) + ":";
  for (const std::string& file : files) rule += " \\\n  " + escaped(file);
  return rule + "\n";
}

}  // namespace driver
