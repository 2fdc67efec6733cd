// `refine link`: certified modules, linked (seed 004, theorems 3 and 4, section 5.3). A module is written over a model
// M with stubs L: the functions that it imports. A stub is replaced by
//   - a procedure over the same model,
//   - a primitive of M that a module over a lower model implements, through the refinements between the two, or
//   - from HW, a procedure over a higher model (an upcall: T_{A-HW} of its specification).
// docs/refine.md shows the certificate.
#pragma once

#include "assembler/base/diagnostics.h"
#include "vm/relate/refine/scope.h"

namespace refine {

struct Stub {
  enum Kind : uint8_t { Procedure, Primitive, Upcall, Runtime } kind;
  std::string name;
  const Module* by = nullptr;                      // null for the runtime's
  std::vector<models::RelationName> through = {};  // from the user's model down to the implementation's, or up
  const ScopeCount* evidence = nullptr;            // Primitive and Upcall, if the scope has it
};
struct LinkedModule {
  const Module* module;
  std::vector<Stub> stubs;
  std::vector<models::RelationName> refinement;  // down to HW
  size_t object = 0;                             // among the inputs
};

// The relations between two models of one chain, from the upper one down; empty if they are on different chains.
std::vector<models::RelationName> path(models::Name upper, models::Name lower);

// Resolves all stubs. Errors, each naming module and layer: [stub-left] nobody exports it and the runtime has no such
// primitive; [no-primitive] a model between the user's and the implementation's has no such primitive; [wrong-layer] a
// call into a higher layer from a model other than HW.
std::vector<LinkedModule> resolve(const Modules& modules, base::Diagnostics& diagnostics);

struct LinkInput {
  std::string name;
  std::vector<uint8_t> bytes;
};
// Holds the objects against the table: who defines each exported function, and that no object calls a module's function
// that it does not import. Errors [missing-function], [name-clash], [undeclared-call].
void checkObjects(const Modules& modules, const std::vector<LinkInput>& inputs, std::vector<LinkedModule>& linked,
                  base::Diagnostics& diagnostics);

// A stub that promises more than its implementation keeps, as the scope or the run found it. [weak-stub]
base::Error weakStub(const Counterexample& found, const std::vector<LinkedModule>& linked);

struct CertificateParts {
  std::string imageName;
  const std::vector<uint8_t>& image;
  const std::vector<LinkInput>& inputs;
  const std::vector<LinkedModule>& linked;
  const ScopeOutcome& scope;
  const ScopeOptions& scopeOptions;
  const RunOutcome& run;
};
std::string certificate(const CertificateParts& parts);

}  // namespace refine
