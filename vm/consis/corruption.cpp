// --corrupt: how the checker is checked (docs/consis.md).
#include <charconv>

#include "vm/consis/lockstep.h"

namespace consis {
namespace {

template <class T>
bool number(std::string_view text, T& value) {
  int base = 10;
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2), base = 16;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (negative) value = T(0) - value;
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

base::Result<Corruption> parseCorruption(std::string_view text) {
  auto bad = [&](std::string why) {
    return base::Error{std::move(why) +
                           "; wanted STEP:reg=N,value=V, STEP:spr=NAME,value=V, STEP:mem=ADDRESS,value=V, "
                           "STEP:byte=ADDRESS,value=V, STEP:dpc=V or STEP:pc=V",
                       "bad-corrupt", "--corrupt=" + std::string(text)};
  };
  size_t colon = text.find(':');
  if (colon == text.npos) return bad("no step");
  Corruption corruption;
  if (text.starts_with('-') || !number(text.substr(0, colon), corruption.step)) return bad("the step is no number");
  std::string_view rest = text.substr(colon + 1);
  size_t equals = rest.find('=');
  if (equals == rest.npos) return bad("no '='");
  std::string_view what = rest.substr(0, equals);
  rest = rest.substr(equals + 1);
  if (what == "dpc" || what == "pc") {
    corruption.kind = what == "pc" ? Corruption::Pc : Corruption::Dpc;
    return number(rest, corruption.value) ? base::Result<Corruption>(corruption) : bad("the value is no number");
  }
  if (what == "reg" || what == "spr") corruption.kind = Corruption::Register;
  else if (what == "mem") corruption.kind = Corruption::Word;
  else if (what == "byte") corruption.kind = Corruption::Byte;
  else return bad("cannot change '" + std::string(what) + "'");
  size_t comma = rest.find(",value=");
  if (comma == rest.npos) return bad("no ',value='");
  const std::string_view place = rest.substr(0, comma);
  if (what == "spr") {
    auto spr = isa::findSpr(place);
    if (!spr || !isa::sprExists(*spr)) return bad("no special register");
    corruption.kind = Corruption::Special, corruption.where = *spr;
  } else if (!number(place, corruption.where)) {
    return bad("the place is no number");
  }
  if (!number(rest.substr(comma + 7), corruption.value)) return bad("the value is no number");
  if (corruption.kind == Corruption::Register && (corruption.where == 0 || corruption.where > 31))
    return bad("registers are 1..31");
  if (corruption.kind == Corruption::Word && corruption.where % 4) return bad("the address is no multiple of 4");
  return corruption;
}

std::string printCorruption(const Corruption& corruption) {
  std::string text = std::to_string(corruption.step) + ":";
  switch (corruption.kind) {
    case Corruption::Register: text += "reg=" + std::to_string(corruption.where) + ",value="; break;
    case Corruption::Special: text += "spr=" + std::string(isa::sprName(corruption.where)) + ",value="; break;
    case Corruption::Word: text += "mem=" + hex(corruption.where) + ",value="; break;
    case Corruption::Byte: text += "byte=" + hex(corruption.where) + ",value="; break;
    case Corruption::Dpc: text += "dpc="; break;
    case Corruption::Pc: text += "pc="; break;
  }
  return text + hex(corruption.value);
}

}  // namespace consis
