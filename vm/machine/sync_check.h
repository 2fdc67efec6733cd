// The synchronisation conditions (seed 003, section 3.4): where a pipelined VAMP might not do what this one does. A fetch must not read a word,
// nor use a page-table entry, that an earlier instruction stored to, unless one between them drains the pipe: rfe, or one with an interrupt. And
// user mode is entered by rfe only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "vm/machine/machine.h"

namespace machine {

// Each pair of places is found once.
struct SyncFinding {
  enum Kind : uint8_t { Code, Table, Mode } kind;
  uint64_t storeTime, fetchTime;   // State::steps before the instruction; of Mode both of the movi2s
  uint32_t storePlace, fetchPlace;  // virtual addresses
  bool storeByUser, fetchByUser;   // their modes
  uint32_t address;                // the word, physical; of Mode 0
  uint64_t count = 1;              // how often
};

class SyncCheck : public Observer {
 public:
  SyncCheck(const Machine& machine, Observer* next) : machine_(machine), before_(machine.state), next_(next), pages_(machine.memorySize() / kPageSize) {}

  const std::vector<SyncFinding>& findings() const { return findings_; }

  bool onStep(const State& after, const Event& event) override;

 private:
  struct Store {
    uint64_t number = 0;  // of the step, from 1; 0: none
    uint32_t place = 0;
    bool user = false;
  };
  using Page = std::array<Store, kPageSize / 4>;

  void fetched(const Event& event);
  void stored(const Event& event);
  // A fetch depends on this word of memory.
  void uses(SyncFinding::Kind kind, uint32_t address, const Event& event);
  void found(const SyncFinding& finding);

  const Machine& machine_;
  State before_;
  Observer* next_;
  std::vector<std::unique_ptr<Page>> pages_;  // the last store to each word
  uint64_t drained_ = 0;                      // number of the last step that drained the pipe
  std::vector<SyncFinding> findings_;
  std::map<std::tuple<SyncFinding::Kind, uint32_t, uint32_t>, size_t> known_;  // by kind and places: index of the finding
};

}  // namespace machine
