// The relations of a checked run, made when both machines of the lockstep are known. Private to Check.
#pragma once

#include "vm/relate/konsis/check.h"

namespace konsis {

struct Check::Relations {
  Relations(const Subject& subject, const Pair& pair, const cvm::Machine& cvm, const SwapDisk& disk, Counters& counters)
      : kalloc(subject.image, pair.abstract, cvm.ca(), counters),
        b(subject.data, pair.concrete, disk, counters),
        ownership(subject.data, pair.concrete, b, counters),
        read(subject.data, pair.concrete),
        entry(pair.aba.frameFunction(1)) {}

  Kalloc kalloc;
  RelationB b;
  Ownership ownership;
  Reader read;
  uint32_t entry;  // init2
};

}  // namespace konsis
