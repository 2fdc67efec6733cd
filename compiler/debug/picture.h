// The heap as a graph: as text with its sharing, and the whole configuration for Graphviz.
#pragma once

#include <string>

#include "compiler/interp/interp.h"

namespace debug {

// From the variables that point into the heap, depth first, each heap variable once; then what no variable leads to. At
// most `limit` heap variables.
std::string heapPicture(const interp::Machine& machine, uint32_t limit);

// Globals, frames and heap variables as records of a directed graph, pointers as its edges.
std::string dotGraph(const interp::Machine& machine);

// Calls visit(path, type, index) for the simple values of a variable, in order: path ".next", "[2].x". False from visit
// ends it.
template <class F>
bool eachSimple(const core::TypeTable& types, core::TypeId id, const std::string& path, uint32_t index, F&& visit) {
  const core::Type& type = types[id];
  if (type.simple()) return visit(path, id, index);
  for (uint32_t i = 0; i < type.count; i++)
    if (!eachSimple(types, type.element, path + '[' + std::to_string(i) + ']', index + i * types[type.element].size,
                    visit))
      return false;
  for (const core::Field& field : type.fields)
    if (!eachSimple(types, field.type, path + '.' + field.name, index + field.index, visit)) return false;
  return true;
}

// Pointers may be in values of the type.
bool holdsPointers(const core::TypeTable& types, core::TypeId type);

}  // namespace debug
