// Sample:
//   digraph chain { rankdir=RL; node [shape=plain];
//     HW [label=<<table>..<tr><td port="p8" bgcolor="..">8..31 code</td></tr>..</table>>];
//     AS:p66 -> PMAP:p41;
//   }
#include "vm/relate/refine/report.h"

namespace refine {
namespace {

using models::Layout;
using models::Name;

struct Look {
  std::string text, color;
  bool operator==(const Look&) const = default;
};
const Look kUsable{"allocated", "#cfe8cf"}, kHidden{"hidden", "#e0e0e0"}, kFree{"not allocated", "white"},
    kTable{"page table", "#f5d9a8"};

// A low page as the machine has it.
Look hardware(const Chain& chain, uint32_t page) {
  const Layout& l = chain.layout;
  if (page * models::kPageSize < l.saveEnd) return {"entry and save area", "#e0e0e0"};
  if (l.tablePage(page)) return kTable;
  if (l.memPage(page)) return {"mem_next", "#e8c8c8"};
  if (l.pool(page)) {
    uint32_t entry = chain.hw.d(l.memTable + 4 * page);
    return entry == models::kUsed ? Look{"frame in use", "#cfe8cf"} : Look{"free frame", "white"};
  }
  if (page < l.data.size() && l.data[page]) return {"data", "#cfe8cf"};
  if (l.stack(page * models::kPageSize)) return {"stack", "#d8d8f0"};
  return {"code, not used", "#e0e0e0"};
}

class Picture {
 public:
  explicit Picture(const Chain& chain) : chain_(chain) {}

  template <class F>
  void column(Name model, uint32_t pages, F&& look) {
    std::string name(models::modelName(model));
    text_ += "  " + name + " [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\"><tr><td><b>" + name +
             "</b></td></tr>";
    port_[unsigned(model)].assign(pages, 0);
    for (uint32_t page = 0; page < pages;) {
      Look own = look(page);
      uint32_t end = page + 1;
      while (end < pages && look(end) == own) ++end;
      for (uint32_t p = page; p < end; ++p) port_[unsigned(model)][p] = page;
      text_ += "<tr><td port=\"p" + std::to_string(page) + "\" bgcolor=\"" + own.color + "\">" + std::to_string(page) +
               (end > page + 1 ? ".." + std::to_string(end - 1) : "") + " " + own.text + "</td></tr>";
      page = end;
    }
    text_ += "</table>>];\n";
  }
  void edge(Name from, uint32_t page, Name to, uint32_t target) {
    text_ += "  " + end(from, page) + " -> " + end(to, target) + ";\n";
  }
  std::string text() const { return text_; }

 private:
  std::string end(Name model, uint32_t page) const {
    const auto& ports = port_[unsigned(model)];
    return std::string(models::modelName(model)) + ":p" + std::to_string(page < ports.size() ? ports[page] : 0);
  }
  const Chain& chain_;
  std::string text_;
  std::array<std::vector<uint32_t>, models::kModelCount> port_;
};

}  // namespace

std::string dot(const Chain& chain, const std::string& title) {
  constexpr unsigned kMostEdges = 64;  // more cannot be read
  const Layout& l = chain.layout;
  Picture picture(chain);
  auto quoted = title;
  for (size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 2) quoted.insert(at, "\\");
  picture.column(Name::HW, l.npages, [&](uint32_t page) { return hardware(chain, page); });
  auto low = [&](const auto& model) {
    picture.column(model.kName, l.npages, [&](uint32_t page) {
      if (model.a(page)) return l.tablePage(page) ? kTable : kUsable;
      return l.pool(page) ? kFree : kHidden;
    });
  };
  if (chain.ald) low(*chain.ald);
  if (chain.ale) low(*chain.ale);
  if (chain.pmap)
    picture.column(Name::PMAP, l.vpages, [&](uint32_t page) {
      if (page < l.npages) return chain.pmap->a(page) ? kUsable : l.pool(page) ? kFree : kHidden;
      auto to = chain.pmap->map(page);
      return to.mapped() ? Look{"in frame " + std::to_string(to.frame()), "#cfe0f0"} : Look{"not mapped", "white"};
    });
  if (chain.as)
    picture.column(Name::AS, l.vpages, [&](uint32_t page) {
      if (page >= l.npages) return chain.as->a(page) ? Look{"allocated", "#cfe0f0"} : kFree;
      return chain.as->a(page) ? kUsable : l.pool(page) && !chain.owner(page) ? kFree : kHidden;
    });
  unsigned edges = 0;
  for (uint32_t page = l.npages; chain.pmap && page < l.vpages && edges < kMostEdges; ++page) {
    auto to = chain.pmap->map(page);
    if (!to.mapped()) continue;
    ++edges;
    if (chain.as) picture.edge(Name::AS, page, Name::PMAP, page);
    picture.edge(Name::PMAP, page, Name::ALE, to.frame());
    picture.edge(Name::ALE, to.frame(), Name::HW, to.frame());
  }
  return "digraph chain {\n  label=\"" + quoted + "\"; rankdir=LR; node [shape=plain, fontname=\"sans-serif\"];\n" +
         picture.text() + "}\n";
}

}  // namespace refine
