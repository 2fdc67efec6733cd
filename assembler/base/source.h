// Source texts and places in them. A Loc is an offset into the concatenation of all loaded texts
// (0 = nowhere), so that a token's place is four bytes; SourceManager turns it into file, line, column.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"

namespace base {

using Loc = uint32_t;

// Half-open: [begin, end).
struct Range {
  Loc begin = 0;
  Loc end = 0;
  bool valid() const { return begin != 0; }
};

// A place as a person reads it: 1-based line and column (bytes); line 0 = nowhere.
struct Place {
  std::string_view file;
  uint32_t line = 0;
  uint32_t column = 0;
};

class SourceManager {
 public:
  // Reads a file ("-" = standard input) or takes a text; the text is followed by a NUL byte.
  // Returns the file's index. Errors: unreadable, or more than 1 GiB in all.
  Result<uint32_t> addFile(const std::string& path);
  Result<uint32_t> addText(std::string name, std::string text);

  std::string_view text(uint32_t file) const { return files_[file].text; }
  const std::string& name(uint32_t file) const { return files_[file].name; }
  Loc begin(uint32_t file) const { return files_[file].begin; }
  uint32_t fileCount() const { return uint32_t(files_.size()); }

  // O(log lines); O(1) when asked in ascending order within a line or to the next lines.
  Place place(Loc loc) const;
  // The text of the line that contains loc, without its newline.
  std::string_view line(Loc loc) const;

  // A line marker of a preprocessor (# 12 "file.c0"): from `loc` (the start of a line) on, lines
  // count from `line` in `file`.
  void addLineMarker(Loc loc, std::string_view file, uint32_t line);

 private:
  struct Marker {
    Loc from;
    std::string_view file;
    uint32_t line;  // of the line that starts at `from`
    uint32_t physicalLine;
  };
  struct File {
    std::string name;
    std::string text;
    Loc begin;
    std::vector<Loc> lines;  // start of each line
    std::vector<Marker> markers;
  };
  const File* fileOf(Loc loc) const;
  size_t lineIndex(const File& file, Loc loc) const;

  std::deque<File> files_;  // stable: views into texts are handed out
  std::vector<std::unique_ptr<std::string>> markerNames_;
  Loc next_ = 1;
  mutable size_t lastFile_ = 0;
  mutable size_t lastLine_ = 0;
};

}  // namespace base
