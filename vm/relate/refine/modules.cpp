#include "vm/relate/refine/modules.h"

#include <sstream>

namespace refine {
namespace {

using Words = std::vector<std::string> Module::*;
constexpr std::pair<std::string_view, Words> kLists[] = {{"source", &Module::sources},  {"imports", &Module::imports},
                                                         {"exports", &Module::exports}, {"private", &Module::privates},
                                                         {"owns", &Module::owns},       {"writes", &Module::writes}};

base::Error clash(const std::string& function, const Module& first, const Module& second) {
  auto describe = [](const Module& module) { return module.name + " over " + std::string(modelName(module.model)); };
  return {"function " + function + " is exported by module " + describe(first) + " and by module " + describe(second),
          "name-clash", "line " + std::to_string(second.line)};
}

}  // namespace

base::Result<Modules> Modules::parse(std::string_view text) {
  Modules result;
  std::istringstream lines{std::string(text)};
  std::string line;
  std::vector<bool> hasModel;
  unsigned number = 0;
  auto bad = [&](std::string what, unsigned at) {
    return base::Error{std::move(what), "bad-modules", "line " + std::to_string(at)};
  };
  while (std::getline(lines, line)) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string keyword, word;
    if (!(words >> keyword)) continue;
    if (keyword == "module") {
      if (!(words >> word)) return bad("a module needs a name", number);
      Module module;
      module.name = word, module.line = number;
      result.modules_.push_back(std::move(module));
      hasModel.push_back(false);
      continue;
    }
    if (result.modules_.empty()) return bad("'" + keyword + "' stands before the first module", number);
    Module& module = result.modules_.back();
    if (keyword == "model") {
      words >> word;
      auto model = models::findModel(word);
      if (!model) return bad("'" + word + "' is no memory model", number);
      module.model = *model, hasModel.back() = true;
      continue;
    }
    const auto* list = std::begin(kLists);
    while (list != std::end(kLists) && list->first != keyword) ++list;
    if (list == std::end(kLists)) return bad("unknown keyword '" + keyword + "'", number);
    while (words >> word) (module.*list->second).push_back(word);
  }
  for (size_t i = 0; i < result.modules_.size(); ++i) {
    const Module& module = result.modules_[i];
    if (!hasModel[i]) return bad("module " + module.name + " has no model", module.line);
    for (const auto& function : module.exports)
      if (!result.exporting_.emplace(function, i).second) return clash(function, *result.exporting(function), module);
  }
  return result;
}

const Module* Modules::exporting(std::string_view function) const {
  auto found = exporting_.find(function);
  return found == exporting_.end() ? nullptr : &modules_[found->second];
}

}  // namespace refine
