// A machine of 24 physical and 32 virtual pages, written by hand: pages 8, 9 data, 10 the stack, 12..19 frames, 22
// mem_next, 23 the page table; for the tests of models and relations.
#pragma once

#include "vm/relate/models/relation.h"

namespace small {

using models::kPageSize;

constexpr uint32_t at(uint32_t page, uint32_t offset = 16) { return page * kPageSize + offset; }

inline models::Layout layout() {
  models::Layout l;
  l.npages = 24, l.vpages = 32;
  l.memTable = 22 * kPageSize, l.memEntries = 24;
  l.ptTable = 23 * kPageSize, l.ptEntries = 32;
  l.poolFirst = 12, l.poolEnd = 20;
  l.stackBegin = 10 * kPageSize, l.stackEnd = 11 * kPageSize;
  l.imageEnd = l.stackEnd;
  l.data.assign(24, false);
  l.data[8] = l.data[9] = true;
  return l;
}

// Translation on; frames 12 and 13 in use, 14..19 free in this order, page 24 mapped to frame 13.
inline models::HW hw(const models::Layout& l) {
  models::HW m(l);
  m.mode = true, m.pto = l.pto(), m.ptl = l.ptl();
  for (uint32_t page = 1; page < 24; ++page) m.d.set(l.memTable + 4 * page, models::kReserved);
  for (uint32_t page = 14; page < 20; ++page) m.d.set(l.memTable + 4 * page, page == 19 ? 0 : page + 1);
  m.d.set(l.memTable, 14);
  m.d.set(l.memTable + 4 * 12, models::kUsed), m.d.set(l.memTable + 4 * 13, models::kUsed);
  for (uint32_t page = 0; page < 24; ++page) m.d.set(l.ptTable + 4 * page, page << 12 | models::kValid);
  m.d.set(l.ptTable + 4 * 24, 13u << 12 | models::kValid);
  for (uint32_t page = 8; page < 20; ++page) m.d.set(page * kPageSize + 16, 0x1000 + page);
  return m;
}

// It in each model, as made from the one below.
struct Chain {
  models::Layout layout = small::layout();
  models::HW hw = small::hw(layout);
  models::PE pe{hw};
  models::ALE ale{pe};
  models::PMAP pmap{ale};
  models::AS as{pmap};
};

}  // namespace small
