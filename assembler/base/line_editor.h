// Lines from a terminal, with editing, history and completion (libedit).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

class LineEditor {
 public:
  // `complete`: how the last word of what stands before the cursor may go on, as whole words.
  LineEditor(const char* program, std::string prompt, std::function<std::vector<std::string>(std::string_view)> complete);
  ~LineEditor();

  // Without its end; nothing at the end of input. Lines that are not empty join the history.
  std::optional<std::string> read();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
