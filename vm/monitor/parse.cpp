// What the words after a command mean.
#include <charconv>

#include "vm/monitor/monitor.h"

namespace monitor {
namespace {

std::optional<uint64_t> digits(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<uint64_t> Monitor::number(std::string_view text) {
  const auto value = digits(text);
  if (!value) say("'%s' is not a number\n", std::string(text).c_str());
  return value;
}

std::optional<uint64_t> Monitor::count(Arguments arguments, size_t index, uint64_t otherwise) {
  return index < arguments.size() ? number(arguments[index]) : otherwise;
}

std::optional<uint32_t> Monitor::address(std::string_view text) {
  const size_t sign = text.find_first_of("+-", 1);
  const std::string_view base = text.substr(0, sign);
  std::optional<uint64_t> value = digits(base);
  if (!value)
    if (const auto symbol = image_.symbol(base)) value = symbol->address;
  if (!value) return say("'%s' is neither a number nor a symbol\n", std::string(base).c_str()), std::nullopt;
  if (sign != std::string_view::npos) {
    const auto offset = number(text.substr(sign + 1));
    if (!offset) return std::nullopt;
    value = text[sign] == '+' ? *value + *offset : *value - *offset;
  }
  if (*value > UINT32_MAX) return say("'%s' does not fit 32 bits\n", std::string(text).c_str()), std::nullopt;
  return uint32_t(*value);
}

std::optional<uint32_t> Monitor::place(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return address(text);
  const auto line = number(text.substr(colon + 1));
  if (!line) return std::nullopt;
  const auto found = image_.line(text.substr(0, colon), uint32_t(std::min<uint64_t>(*line, UINT32_MAX)));
  if (!found) say("no statement begins at %s, or after it\n", std::string(text).c_str());
  return found;
}

std::optional<timeline::Range> Monitor::range(Arguments arguments) {
  if (arguments.empty()) return say("an address, or a symbol, is wanted\n"), std::nullopt;
  const auto where = address(arguments[0]);
  if (!where) return std::nullopt;
  const auto symbol = image_.symbol(arguments[0]);
  const auto size = count(arguments, 1, symbol && symbol->size ? symbol->size : 4);
  if (!size) return std::nullopt;
  const Translated translated = translate(*where, state().user());
  if (!translated.physical) return say("%s\n", translated.problem.c_str()), std::nullopt;
  if (*size == 0 || *translated.physical + *size > machine_.memorySize())
    return say("the range is not in memory\n"), std::nullopt;
  return timeline::Range{*translated.physical, uint32_t(*size)};
}

}  // namespace monitor
