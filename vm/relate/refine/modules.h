// The modules of a kernel: which function is written over which model (seed 004, figure 6). A table of text lines, e.g.
// kernel/babyvmm/modules.txt:
//
//   module as
//     model   PMAP
//     source  kernel/as/as.c0a
//     imports mem_alloc mem_free pt_set pt_lookup
//     exports as_request as_release
//     owns    mem_next            data of its own that no other module may touch
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assembler/base/result.h"
#include "vm/relate/models/model.h"

namespace refine {

struct Module {
  std::string name;
  models::Name model = models::Name::HW;
  std::vector<std::string> sources, imports, exports, privates, owns, writes;
  unsigned line = 0;
};

class Modules {
 public:
  // Errors [bad-modules] with "line 12" as place: unknown keyword or model, a line before the first module, a module
  // without model; [name-clash]: a function that two modules export.
  static base::Result<Modules> parse(std::string_view text);

  const std::vector<Module>& all() const { return modules_; }
  // The module that exports a function; null if there is none: such a function belongs to its caller's layer.
  const Module* exporting(std::string_view function) const;

 private:
  std::vector<Module> modules_;
  std::map<std::string, size_t, std::less<>> exporting_;
};

}  // namespace refine
