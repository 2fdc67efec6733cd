// swap: the slots of the swap disk (device 0), one for each page of each process, and the driver (decisions.md, 21, 28, 29).
// Slot s is page swap_first + s of the disk; a page has 8 sectors.
//
//   swap_slot_of[k]   the slot that is reserved for the page of entry k of pt_table (its index, pt.h)
//   swap_next[s]      the next free slot, SWAP_END at the end; SWAP_USED: reserved for a page; SWAP_BAD: not to be used again
//   swap_head         the first free slot, SWAP_END if there is none; swap_free of them
//   swap_slots        how many slots there are
#pragma once

#include "layout.h"

#define SWAP_END (-1)
#define SWAP_USED (-2)
#define SWAP_BAD (-3)

extern int swap_slot_of[PT_ENTRIES];
extern int swap_next[MAX_SLOTS];
extern int swap_head;
extern int swap_free;
extern int swap_slots;
extern int swap_first;

// At boot: the slot is used from now on; false if it was already. Then swap_init makes all others free and returns 0.
bool swap_take(int slot);
int swap_init();

int swap_alloc();           // a slot that was free, SWAP_END if none is
int swap_release(int slot);  // a used slot becomes free. Returns 0
int swap_retire(int slot);   // a used slot becomes bad. Returns 0

// Between a frame and a slot. An error of the disk is retried; false: it did not go away. After a failed read the
// frame contains anything.
bool swap_read(int slot, int frame);
bool swap_write(int slot, int frame);

// The same with the page of the disk.
bool swap_read_page(int page, int frame);
