#include "compiler/debug/source.h"

#include <algorithm>

#include "assembler/base/tool.h"

namespace debug {

namespace {

// Columns (from 1) of ; { } outside of literals, comments and initialisers.
std::vector<uint32_t> separators(std::string_view line) {
  std::vector<uint32_t> columns;
  char before = ' ';    // the last character but spaces
  unsigned braces = 0;  // of an initialiser
  for (size_t i = 0; i < line.size(); i++) {
    const char c = line[i];
    if (c == '"' || c == '\'') {
      for (i++; i < line.size() && line[i] != c; i++) i += line[i] == '\\';
    } else if (line.substr(i, 2) == "//") {
      break;
    } else if (line.substr(i, 2) == "/*") {
      i = line.find("*/", i + 2);
      if (i++ == line.npos) break;
    } else if (c == '{' && (braces || before == '=')) {
      braces++;
    } else if (c == '}' && braces) {
      braces--;
    } else if (c == ';' || c == '{' || c == '}') {
      columns.push_back(uint32_t(i) + 1);
    }
    if (c != ' ') before = c;
  }
  return columns;
}

}  // namespace

Sources::File* Sources::file(uint16_t number) {
  if (number >= files_.size()) return nullptr;
  File& file = files_[number];
  if (!file.read) {
    file.read = true;
    const std::string& name = program_.files[number];
    if (name != "-" && name != "<stdin>")
      if (auto bytes = base::readFile(name, 1 << 26)) file.text.assign(bytes->begin(), bytes->end());
    index(file);
  }
  return file.text.empty() ? nullptr : &file;
}

void Sources::supply(uint16_t number, std::string text) {
  files_[number] = {.read = true, .text = std::move(text), .begins = {}, .ends = {}};
  index(files_[number]);
}

void Sources::index(File& file) {
  for (size_t at = 0; at < file.text.size(); at = std::min(file.text.find('\n', at), file.text.size() - 1) + 1)
    file.begins.push_back(uint32_t(at));
}

std::optional<std::string_view> Sources::line(uint16_t number, uint32_t line) {
  const File* in = file(number);
  if (!in || line == 0 || line > in->begins.size()) return std::nullopt;
  std::string_view text = std::string_view(in->text).substr(in->begins[line - 1]);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

uint32_t Sources::lineCount(uint16_t number) {
  const File* in = file(number);
  return in ? uint32_t(in->begins.size()) : 0;
}

bool Sources::sameStatement(core::Position a, core::Position b) {
  if (a.file != b.file || a.line != b.line) return false;
  if (a.column > b.column) std::swap(a, b);
  File* in = file(a.file);
  if (!in) return true;
  auto [found, fresh] = in->ends.try_emplace(a.line);
  if (fresh) found->second = separators(line(a.file, a.line).value_or(""));
  auto end = std::lower_bound(found->second.begin(), found->second.end(), a.column);
  return end == found->second.end() || *end >= b.column;
}

}  // namespace debug
