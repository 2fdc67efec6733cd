// Sample:
//   PMAP (D, A, PM)
//     A    12..15 40 41
//     PM   64 -> 41, 66 -> 40 protected
//     D    0x0000c000 00000007  0x0000c010 ffffffff
#include "vm/relate/models/model.h"

namespace models {
namespace {

std::string head(Name name) { return std::string(modelName(name)) + " (" + std::string(modelState(name)) + ")\n"; }
std::string ranges(const Pages& a, uint32_t end) {
  std::string text;
  for (uint32_t page = 0; page < end; ++page) {
    if (!a(page)) continue;
    uint32_t last = page;
    while (last + 1 < end && a(last + 1)) ++last;
    text += " " + std::to_string(page);
    if (last != page) text += ".." + std::to_string(last);
    page = last;
  }
  return "  A   " + (text.empty() ? " none" : text) + "\n";
}
std::string data(const Data& d, unsigned most) {
  std::string text;
  unsigned count = 0;
  Data::differences(d, Data(0), [&](uint32_t address) {
    if (++count > most) return false;
    text += "  " + hex(address) + " " + hex(d(address)).substr(2);
    return true;
  });
  if (count > most) text += "  ..";
  return "  D  " + (text.empty() ? "  zero" : text) + "\n";
}

}  // namespace

std::string dump(const HW& m, unsigned words) {
  return head(m.kName) + "  MODE " + std::to_string(m.mode) + "  PTO " + std::to_string(m.pto) + "  PTL " +
         std::to_string(m.ptl) + "\n" + data(m.d, words);
}
std::string dump(const PD& m, unsigned words) { return head(m.kName) + data(m.d, words); }
std::string dump(const PE& m, unsigned words) { return head(m.kName) + data(m.d, words); }
std::string dump(const ALD& m, unsigned words) {
  return head(m.kName) + ranges(m.a, m.layout->npages) + data(m.d, words);
}
std::string dump(const ALE& m, unsigned words) {
  return head(m.kName) + ranges(m.a, m.layout->npages) + data(m.d, words);
}
std::string dump(const PMAP& m, unsigned words) {
  std::string maps;
  for (uint32_t page = m.layout->npages; page < m.layout->vpages; ++page)
    if (auto to = m.map(page); to.mapped())
      maps += (maps.empty() ? " " : ", ") + std::to_string(page) + " -> " + std::to_string(to.frame()) +
              (to.isProtected() ? " protected" : "");
  return head(m.kName) + ranges(m.a, m.layout->npages) + "  PM  " + (maps.empty() ? " empty" : maps) + "\n" +
         data(m.d, words);
}
std::string dump(const AS& m, unsigned words) {
  return head(m.kName) + ranges(m.a, m.layout->vpages) + data(m.d, words);
}

}  // namespace models
