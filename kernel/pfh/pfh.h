// pfh: which pages of the processes are in memory (seed 003, 3.3 and 6.1; decisions.md, 27, 29). A page of a process is, by its
// entry (pt.h),
//
//   out    not valid                                its contents are in its slot
//   zero   the zero frame, protected                it contains zeros; so does the zero frame
//   clean  another frame, protected                 the slot contains the same
//   dirty  a frame, not protected                   the slot contains anything
//
// Frames in use form a ring through 0, in the order in which their pages came. The oldest is given up first, but never pfh_kept: the
// frame that the last call brought in or gave out. So two frames suffice for an instruction that needs two pages.
//
//   pfh_space[f], pfh_page[f]   the process and its page in frame f
//   pfh_next[f], pfh_prev[f]    the ring; pfh_next[0] is the oldest, pfh_prev[0] the youngest; 0 if there is none
//
// A frame that is free contains zeros.
#pragma once

#include "layout.h"

#define PFH_OUTSIDE (-4)  // no page of the process
#define PFH_LOST (-5)     // the page cannot be read, or no frame can be had for it since nothing can be written

extern int pfh_space[MAX_PAGES];
extern int pfh_page[MAX_PAGES];
extern int pfh_next[MAX_PAGES];
extern int pfh_prev[MAX_PAGES];
extern int pfh_kept;

// u was interrupted by a page fault at this virtual address. Makes the page readable if it is out, else writable. Returns its
// frame, or one of the above.
int pfh_fault(int u, int address);

// Page vpage < V(u) is read or written by a primitive. Returns its frame, or PFH_LOST. The frame stays until the call after next.
int pfh_read(int u, int vpage);
int pfh_write(int u, int vpage);

// Pages first..end-1 of u, for which there are tables and slots, become zero pages; returns 0. And are given up, with their slots.
int pfh_add(int u, int first, int end);
int pfh_drop(int u, int first, int end);

// As at boot: a page whose contents are in this slot, which is its own from now on; or zeros. Returns 0.
int pfh_place(int u, int vpage, int slot, bool zero);
