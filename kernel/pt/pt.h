// pt: page tables, and the only code that knows what an entry looks like (vamp.md, "Translation"; seed 004, "Page Table
// System"; decisions.md, 21). Page numbers, no addresses.
//
// State: PT_TABLE, an array of PT_ENTRIES words on a page boundary, the only data of this module (layout.h of the client).
// It holds all tables of the client: a table begins at `base`, counted in pages from the array's start, so that
// PTO = PT_TABLE / 4096 + base, and has an entry for each virtual page. BabyVMM has one table, base 0; the CVM
// implementation has one for each process.
//
//   pt_table[1024 base + vpage] = frame << 12 | flags << 10        0: not mapped
//
// The window: entries 0 .. PT_WINDOW-1 of the array map each page to itself after pt_init and for ever.
#pragma once

#include "layout.h"

#define PT_PROTECTED 1  // no stores
#define PT_VALID 2

// The window is identity, valid, not protected; all other entries are not mapped. Returns the number of entries.
int pt_init();

// Entry vpage of the table at base := (frame, flags). Not mapped is frame 0, flags 0. Returns 1.
// Refused, 0 and nothing has changed: an entry of the window or outside the array, a frame outside 0..2^20-1, frame 0 together with flags, flags
// other than the two above. No other entry changes.
int pt_set(int base, int vpage, int frame, int flags);

// The frame that page vpage is mapped to, protected or not; 0 if it is not mapped or there is no such entry. Changes nothing.
int pt_lookup(int base, int vpage);

// For a client that keeps the index 1024 base + vpage of an entry and answers for it: the entry as a value.
extern int pt_table[PT_ENTRIES];
#define PT_ENTRY(frame, flags) ((frame) << 12 | (flags) << 10)
#define PT_FRAME(entry) ((int)((unsigned)(entry) >> 12u))
#define PT_IS_VALID(entry) (((entry) & PT_VALID << 10) != 0)
#define PT_IS_PROTECTED(entry) (((entry) & PT_PROTECTED << 10) != 0)
