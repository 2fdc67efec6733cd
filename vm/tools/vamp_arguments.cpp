#include "vm/tools/vamp_arguments.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace vamp {
namespace {

base::Error bad(std::string_view place, std::string text) {
  return {std::move(text), "bad-argument", std::string(place)};
}

std::optional<uint64_t> digits(std::string_view text, int radix) {
  uint64_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  return result.append(text).append("'");
}

// The number of a register "r7" or "f31" of the bank.
std::optional<unsigned> bankRegister(std::string_view name, char bank) {
  if (name.size() < 2 || name.size() > 3 || std::tolower(name[0]) != bank || !std::isdigit(uint8_t(name[1])))
    return std::nullopt;
  auto number = digits(name.substr(1), 10);
  if (!number || *number > 31) return std::nullopt;
  return unsigned(*number);
}

// Where the named register lives; nullptr if there is none.
uint32_t* locate(std::string_view name, machine::State& state) {
  if (auto number = bankRegister(name, 'r')) return &state.gpr[*number];
  if (auto number = bankRegister(name, 'f')) return &state.fpr[*number];
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return char(std::toupper(c)); });
  if (upper == "DPC") return &state.dpc;
  if (upper == "PC") return &state.pc;
  auto spr = isa::findSpr(upper);
  return spr && isa::sprExists(*spr) ? &state.spr[*spr] : nullptr;
}

}  // namespace

base::Result<uint32_t> parseNumber(std::string_view text, std::string_view place) {
  bool negative = text.starts_with('-');
  std::string_view rest = text.substr(negative);
  bool hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
  auto value = digits(hexadecimal ? rest.substr(2) : rest, hexadecimal ? 16 : 10);
  if (!value) return bad(place, quoted(text) + " is not a number");
  if (*value > (negative ? 0x80000000u : 0xFFFFFFFFu)) return bad(place, quoted(text) + " does not fit 32 bits");
  return negative ? uint32_t(0) - uint32_t(*value) : uint32_t(*value);
}

base::Result<uint32_t> parseMemorySize(std::string_view text) {
  std::string place = "--mem=" + std::string(text);
  unsigned shift = 0;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
      case 'K': shift = 10; break;
      case 'm':
      case 'M': shift = 20; break;
      case 'g':
      case 'G': shift = 30; break;
      default: break;
    }
  }
  auto number = parseNumber(text.substr(0, text.size() - (shift != 0)), place);
  if (!number) return number;
  uint64_t bytes = uint64_t(*number) << shift;
  if (bytes == 0 || bytes > (uint64_t(1) << 31)) return bad(place, "the memory must have between 4096 bytes and 2 GiB");
  if (bytes % machine::kPageSize != 0) return bad(place, "the memory's size is not a multiple of 4096");
  return uint32_t(bytes);
}

base::Result<RawFile> parseRaw(const std::string& argument) {
  std::string place = "--raw=" + argument;
  size_t at = argument.rfind('@');
  if (at == std::string::npos) return bad(place, "expected FILE@ADDRESS");
  if (at == 0) return bad(place, "the file's name is missing");
  auto address = parseNumber(argument.substr(at + 1), place);
  if (!address) return address.error();
  return RawFile{argument.substr(0, at), *address};
}

base::Result<Region> parseRegion(const std::string& argument) {
  std::string place = "--dump-mem=" + argument;
  size_t colon = argument.find(':');
  if (colon == std::string::npos) return bad(place, "expected ADDRESS:LENGTH");
  auto address = parseNumber(argument.substr(0, colon), place);
  if (!address) return address.error();
  auto length = parseNumber(argument.substr(colon + 1), place);
  if (!length) return length.error();
  return Region{*address, *length};
}

base::Result<DiskFault> parseDiskFault(const std::string& argument) {
  std::string place = "--disk-fault=" + argument;
  std::string_view text = argument;
  constexpr std::string_view kStays = ",bad";
  const bool stays = text.ends_with(kStays);
  if (stays) text.remove_suffix(kStays.size());
  auto transfer = parseNumber(text, place);
  if (!transfer) return transfer.error();
  if (*transfer == 0) return bad(place, "transfers are counted from 1");
  return DiskFault{*transfer, stays};
}

base::Status applySettings(const std::vector<std::string>& arguments, machine::State& state) {
  bool pcGiven = false, dpcGiven = false;
  for (const std::string& argument : arguments) {
    for (size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
      end = argument.find(',', begin);
      std::string_view item = std::string_view(argument).substr(begin, end - begin);
      std::string place = "--set " + std::string(item);
      size_t equals = item.find('=');
      if (equals == std::string_view::npos) return bad(place, "expected REGISTER=VALUE");
      uint32_t* where = locate(item.substr(0, equals), state);
      if (!where) return bad(place, "there is no register " + quoted(item.substr(0, equals)));
      auto value = parseNumber(item.substr(equals + 1), place);
      if (!value) return value.error();
      if (where == &state.gpr[0] && *value != 0) return bad(place, "r0 is always 0");
      *where = *value;
      pcGiven |= where == &state.pc;
      dpcGiven |= where == &state.dpc;
    }
  }
  if (dpcGiven && !pcGiven) state.pc = state.dpc + 4;
  return base::Ok{};
}

}  // namespace vamp
