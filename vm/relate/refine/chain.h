// The models of one machine, held together: every load, store and primitive is done on each model that it concerns, and
// every relation is checked that is not suspended (decisions.md, 23).
//
//   translation off:  HW - PD - ALD          (initialisation)
//   translation on:   HW - PE - ALE - PMAP - AS
//
// Code is written over one model, its layer. An access is checked in the layer's model and in those below. A call from
// a layer into code of a lower one is a primitive of every model between: they are suspended until it returns, then do
// the primitive in one step. A call from HW into a higher layer constructs the models from the machine's state.
#pragma once

#include <array>
#include <functional>
#include <tuple>

#include "vm/relate/models/primitive.h"
#include "vm/relate/models/relation.h"

namespace refine {

using models::Name;

// Why a run is rejected, in the words of a layer.
struct Failure {
  enum Kind : uint8_t {
    Undefined,      // an operation without semantics
    Different,      // a relation does not hold
    WrongValue,     // a model loads another value than the machine
    Precondition,   // p of a primitive
    Specification,  // g of a primitive
    NoState,        // an upcall, and no abstract state is related to the machine's
    Interrupted,    // the machine took an interrupt where the models have none
    Memory,         // HW's D is not the machine's memory
  } kind = Undefined;
  Name model = Name::HW;  // the layer in whose words
  std::string rule;       // stable: "allocated", "AS-PMAP", "g of as_request"
  std::string text;       // one sentence
};
std::string_view kindName(Failure::Kind kind);
using Fails = std::optional<Failure>;

// The part of a call's state before it that its end will need.
struct Pending {
  template <class M>
  using State = std::optional<models::CallState<M>>;
  std::tuple<State<models::HW>, State<models::PD>, State<models::ALD>, State<models::ALE>, State<models::PMAP>,
             State<models::AS>>
      before;
  template <class M>
  State<M>& of() {
    return std::get<State<M>>(before);
  }
};

struct Counters {
  uint64_t loads = 0, stores = 0;
  uint64_t stack = 0;    // of these, on the stack S, which is no part of the models above PD and PE
  uint64_t devices = 0;  // accesses of system-mode code to devices
  std::array<uint64_t, models::kModelCount> accesses{};    // loads and stores done on each model
  std::array<uint64_t, models::kRelationCount> checks{};   // incremental
  std::array<uint64_t, models::kRelationCount> full{};     // of whole states
  std::array<uint64_t, models::kModelCount> primitives{};  // calls checked against each model's library
};

class Chain {
 public:
  explicit Chain(models::Layout layout);
  Chain(const Chain&) = delete;  // the models point at the layout
  Chain& operator=(const Chain&) = delete;

  models::Layout layout;
  models::HW hw;
  std::optional<models::PD> pd;
  std::optional<models::ALD> ald;
  std::optional<models::PE> pe;
  std::optional<models::ALE> ale;
  std::optional<models::PMAP> pmap;
  std::optional<models::AS> as;
  Counters counters;

  bool live(Name model) const;
  bool suspended(Name model) const { return suspended_[unsigned(model)]; }
  // The highest live model.
  Name top() const;

  // From here on the memory pool is first..end-1 (mem_init).
  void setPool(uint32_t first, uint32_t end);

  // Constructs the models up to `model` from HW; NoState if some relation does not hold.
  Fails construct(Name model);
  // Drops all models but HW.
  void drop();

  // `size` bytes at va were loaded or stored by code of `layer`. `value`: the bytes, zero-extended; nullopt: unknown.
  Fails load(Name layer, uint32_t va, unsigned size, std::optional<uint32_t> value);
  Fails store(Name layer, uint32_t va, unsigned size, uint32_t value);
  // System-mode code, while the models above HW stand still (a trap). `leave` lets PE follow in the save area.
  Fails systemStore(uint32_t address, unsigned size, uint32_t value);
  Fails leaveSystem();

  // A call of `function` by code of layer `from` into code of layer `to`, and its end.
  Fails enter(std::string_view function, Name from, Name to, const std::vector<uint32_t>& arguments, Pending& pending);
  Fails leave(std::string_view function, Name to, uint32_t result, Pending& pending);

  // Every relation that is not suspended, on whole states; the composed one too.
  Fails checkFull();
  // The incremental checks that are due.
  Fails check();

  const models::FreeList& freeList() const { return pe ? aleRelation_.freeList() : aldRelation_.freeList(); }
  uint32_t owner(uint32_t frame) const { return asRelation_.owner(frame); }

 private:
  template <class F>
  void eachRelation(F&& f);
  void touchWord(uint32_t physical);
  void touchPage(uint32_t page);
  template <class M>
  Fails enterModel(std::string_view function, Name from, Name to, const std::vector<uint32_t>& arguments,
                   std::optional<M>& model, Pending& pending);
  template <class M>
  Fails leaveModel(std::string_view function, Name to, uint32_t result, std::optional<M>& model, Pending& pending);
  template <class M>
  void touchChanges(const M& before, const M& after);

  std::array<bool, models::kModelCount> suspended_{};
  models::Restricted<models::PD> pdRelation_;
  models::Restricted<models::PE> peRelation_;
  models::Allocated<models::ALD, models::PD> aldRelation_;
  models::Allocated<models::ALE, models::PE> aleRelation_;
  models::PageMap pmapRelation_;
  models::Space asRelation_;
};

// Whether a is above b on one of the two chains.
bool above(Name a, Name b);

Fails differs(const models::Found& found);

}  // namespace refine
