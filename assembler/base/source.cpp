#include "assembler/base/source.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace base {
namespace {

constexpr uint64_t kMaximumText = uint64_t(1) << 30;

Result<std::string> readText(const std::string& path) {
  FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (!file) return Error{"cannot open: " + std::string(std::strerror(errno)), "cannot-read", path};
  std::string text;
  char buffer[1 << 16];
  while (size_t got = std::fread(buffer, 1, sizeof buffer, file)) {
    text.append(buffer, got);
    if (text.size() > kMaximumText) break;
  }
  bool failed = std::ferror(file);
  int reason = errno;
  if (file != stdin) std::fclose(file);
  if (failed) return Error{"cannot read: " + std::string(std::strerror(reason)), "cannot-read", path};
  return text;
}

}  // namespace

Result<uint32_t> SourceManager::addFile(const std::string& path) {
  Result<std::string> text = readText(path);
  if (!text) return text.error();
  return addText(path == "-" ? "<stdin>" : path, std::move(*text));
}

Result<uint32_t> SourceManager::addText(std::string name, std::string text) {
  if (next_ + uint64_t(text.size()) > kMaximumText) return Error{"too much source text (1 GiB at most)", "too-large", name};
  File& file = files_.emplace_back();
  file.name = std::move(name);
  file.text = std::move(text);
  file.begin = next_;
  file.lines.push_back(next_);
  const char* begin = file.text.data();
  const char* end = begin + file.text.size();
  for (const char* at = begin; (at = static_cast<const char*>(std::memchr(at, '\n', size_t(end - at))));)
    file.lines.push_back(next_ + Loc(++at - begin));
  next_ += Loc(file.text.size()) + 1;  // the place of the final NUL belongs to the file
  return uint32_t(files_.size() - 1);
}

const SourceManager::File* SourceManager::fileOf(Loc loc) const {
  if (loc == 0 || loc >= next_) return nullptr;
  if (lastFile_ >= files_.size() || loc < files_[lastFile_].begin ||
      loc > files_[lastFile_].begin + files_[lastFile_].text.size()) {
    auto after = std::upper_bound(files_.begin(), files_.end(), loc,
                                  [](Loc value, const File& file) { return value < file.begin; });
    lastFile_ = size_t(after - files_.begin()) - 1;
    lastLine_ = 0;
  }
  return &files_[lastFile_];
}

size_t SourceManager::lineIndex(const File& file, Loc loc) const {
  const std::vector<Loc>& lines = file.lines;
  size_t at = lastLine_ < lines.size() && lines[lastLine_] <= loc ? lastLine_ : 0;
  for (unsigned tries = 0; tries < 4; ++tries, ++at)
    if (at + 1 == lines.size() || loc < lines[at + 1]) return lastLine_ = at;
  at = size_t(std::upper_bound(lines.begin(), lines.end(), loc) - lines.begin()) - 1;
  return lastLine_ = at;
}

Place SourceManager::place(Loc loc) const {
  const File* file = fileOf(loc);
  if (!file) return {};
  size_t index = lineIndex(*file, loc);
  Place place{file->name, uint32_t(index + 1), loc - file->lines[index] + 1};
  auto marker = std::upper_bound(file->markers.begin(), file->markers.end(), loc,
                                 [](Loc value, const Marker& m) { return value < m.from; });
  if (marker != file->markers.begin()) {
    --marker;
    place.file = marker->file;
    place.line = marker->line + (place.line - marker->physicalLine);
  }
  return place;
}

std::string_view SourceManager::line(Loc loc) const {
  const File* file = fileOf(loc);
  if (!file) return {};
  size_t index = lineIndex(*file, loc);
  size_t from = file->lines[index] - file->begin;
  size_t to = index + 1 < file->lines.size() ? file->lines[index + 1] - file->begin : file->text.size();
  std::string_view line = std::string_view(file->text).substr(from, to - from);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

void SourceManager::addLineMarker(Loc loc, std::string_view name, uint32_t line) {
  const File* found = fileOf(loc);
  if (!found) return;
  File& file = files_[lastFile_];
  if (file.markers.empty() || file.markers.back().file != name) {
    auto known = std::find_if(markerNames_.begin(), markerNames_.end(), [&](const auto& s) { return *s == name; });
    if (known == markerNames_.end())
      known = markerNames_.insert(markerNames_.end(), std::make_unique<std::string>(name));
    name = **known;
  } else {
    name = file.markers.back().file;
  }
  file.markers.push_back({loc, name, line, uint32_t(lineIndex(file, loc) + 1)});
}

}  // namespace base
