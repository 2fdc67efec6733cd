// Source texts as the debugger needs them: lines to show, and where one statement of a line ends and the next begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/core/core.h"

namespace debug {

class Sources {
 public:
  explicit Sources(const core::Program& program) : program_(program), files_(program.files.size()) {}

  // Line `line` (from 1) without its end; nothing if the file cannot be read or is shorter.
  std::optional<std::string_view> line(uint16_t file, uint32_t line);
  uint32_t lineCount(uint16_t file);
  // In the text of a test, in place of the file.
  void supply(uint16_t file, std::string text);

  // Both places lie in one source statement: on one line, with no `;`, `{` or `}` between them. Without the text: on
  // one line.
  bool sameStatement(core::Position a, core::Position b);
  // The code of the C0X library, whose functions one does not step into.
  bool isLibrary(uint16_t file) const {
    return file < files_.size() && program_.files[file].starts_with("runtime/lib/");
  }

 private:
  struct File {
    bool read = false;
    std::string text;
    std::vector<uint32_t> begins;                              // of lines
    std::unordered_map<uint32_t, std::vector<uint32_t>> ends;  // by line: columns of ; { }
  };
  File* file(uint16_t file);
  static void index(File& file);

  const core::Program& program_;
  std::vector<File> files_;
};

}  // namespace debug
