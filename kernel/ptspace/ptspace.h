// ptspace: the page tables of all processes, in one array that begins on a page boundary (seed 003, 6.1; decisions.md, 28).
// A process's table is a run of pages of pt_table, one for each 1024 pages of its memory, and the same pages of
// swap_slot_of. Where it begins, is in pcb[u].pto; it moves when the process grows and there is no room behind.
//
//   ptspace_owner[t]   the process to which page t belongs, PTSPACE_FREE if none; page 0 is the idle user's
//
// Page t + 1 of the array is used only if t < ptspace_limit. A request fails only if the sum over all processes is too large.
#pragma once

#include "kernel/pcb/pcb.h"
#include "layout.h"

#define PTSPACE_FREE (-1)

extern int ptspace_owner[PTSPACE_PAGES];
extern int ptspace_limit;  // pages that users may have together
extern int ptspace_free;   // of these, nobody's

// Pages of tables for a memory of `size` pages.
#define PTSPACE_NEED(size) (((size) + PAGE_WORDS - 1) / PAGE_WORDS)

// Where u's table begins: in pages from the array's start, in entries.
#define PTSPACE_BASE(u) (pcb[u].pto - PT_PAGE)
#define PTSPACE_INDEX(u) (PTSPACE_BASE(u) * PAGE_WORDS)

// All tables are empty but the idle user's, which maps its page 0. `limit` as above. Returns 0.
int ptspace_init(int limit);

// V(u) := size; entries below both sizes keep their contents. 1: done; 0: no room, nothing has changed. 0 <= size.
int ptspace_resize(int u, int size);
