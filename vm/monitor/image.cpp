#include "vm/monitor/image.h"

#include <fstream>

#include "assembler/object/map.h"

namespace monitor {
namespace {

constexpr size_t kLongestLine = 200, kMostLines = 1'000'000;
constexpr uint32_t kFarthest = 1 << 16;  // bytes from a symbol that may belong to it

std::vector<std::string> readLines(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream in(file, std::ios::binary);
  for (std::string line; lines.size() < kMostLines && std::getline(in, line); lines.push_back(std::move(line))) {
    line.resize(std::min(line.size(), kLongestLine));
    for (char& c : line)
      if (uint8_t(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return lines;
}

}  // namespace

Image::Image(const object::Object& object) {
  for (const object::Symbol& symbol : object.symbols) {
    if (symbol.name.empty() || symbol.section == object::kUndefined || symbol.kind == object::Symbol::File) continue;
    const bool isNew = symbols_.try_emplace(symbol.name, Symbol{symbol.value, symbol.size}).second;
    if (!isNew && symbol.global) symbols_[symbol.name] = {symbol.value, symbol.size};  // locals of several units may have its name
    if (symbol.section != object::kAbsolute) labels_.emplace(symbol.value, symbol.name);
  }
  const object::Section* section = object.section(".c0map");
  auto units = section ? object::readMap(section->bytes) : std::vector<object::MapUnit>();
  if (!units) return;
  for (const object::MapUnit& unit : *units)
    for (const object::MapFunction& function : unit.functions)
      for (const object::MapStatement& statement : function.statements) {
        const object::MapPosition& at = statement.position;
        if (statement.entries.empty() || !statement.emits || at.file >= unit.files.size() || at.line == 0) continue;
        const std::string& file = files_.try_emplace(unit.files[at.file]).first->first;
        boundaries_.try_emplace(function.address + statement.entries[0], Boundary{&file, at.line, at.column, function.address + function.size});
      }
}

std::optional<Image::Symbol> Image::symbol(std::string_view name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<uint32_t> Image::line(std::string_view file, uint32_t line) const {
  const std::map<uint32_t, Boundary>::value_type* best = nullptr;
  for (const auto& each : boundaries_) {
    const std::string& name = *each.second.file;
    const bool same = name == file || (name.size() > file.size() && name.ends_with(file) && name[name.size() - file.size() - 1] == '/');
    if (same && each.second.line >= line && (!best || each.second.line < best->second.line)) best = &each;
  }
  return best ? std::optional(best->first) : std::nullopt;
}

std::string Image::name(uint32_t address) const {
  auto label = labels_.upper_bound(address);
  if (label == labels_.begin()) return {};
  label = labels_.lower_bound(std::prev(label)->first);
  if (address == label->first) return label->second;
  if (address - label->first >= kFarthest) return {};
  char offset[16];
  std::snprintf(offset, sizeof offset, "+0x%x", address - label->first);
  return label->second + offset;
}

std::optional<Image::Source> Image::source(const Boundary& boundary) const {
  std::vector<std::string>& lines = files_.find(*boundary.file)->second;
  if (lines.empty()) lines = readLines(*boundary.file);
  return Source{*boundary.file + ':' + std::to_string(boundary.line) + ':' + std::to_string(boundary.column),
                boundary.line <= lines.size() ? lines[boundary.line - 1] : ""};
}

std::optional<Image::Source> Image::begins(uint32_t address) const {
  const auto found = boundaries_.find(address);
  return found == boundaries_.end() ? std::nullopt : source(found->second);
}

std::optional<Image::Source> Image::within(uint32_t address) const {
  const auto after = boundaries_.upper_bound(address);
  if (after == boundaries_.begin()) return std::nullopt;
  const Boundary& last = std::prev(after)->second;
  return address < last.end ? source(last) : std::nullopt;
}

std::vector<std::string> Image::names() const {
  std::vector<std::string> names;
  for (const auto& each : symbols_) names.push_back(each.first);
  return names;
}

}  // namespace monitor
