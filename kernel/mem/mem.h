// mem: the page frames of physical memory (seed 004, appendix, "mem.c"; decisions.md, 21, 23). Page numbers, no addresses.
//
// State: MEM_TABLE, the only data of this module. layout.h of the client says where it lies, for how many pages it has room
// (MEM_PAGES), and how many there are (MEM_LIMIT):
//
//   mem_next[0]             the first free page, 0 if there is none
//   mem_next[p], p free     the next free page, 0 at the end
//   mem_next[p], p in use   MEM_USED
//   mem_next[p], else       MEM_RESERVED: never handed out, not taken back
//
// Contract: a page is handed out at most once until it is freed. Page 0 and pages outside first..end-1 are never
// handed out. No call changes the contents of any page outside MEM_TABLE. Each call but mem_init takes O(1) steps.
#pragma once

#define MEM_USED (-1)
#define MEM_RESERVED (-2)

// Pages first..end-1 become free, all others reserved; the lowest is handed out first. 1 <= first <= end <= MEM_LIMIT,
// else no page is free. Returns the number of free pages.
int mem_init(int first, int end);

// A page that was free, now in use; its contents are whatever they were. 0 if no page is free: nothing has changed then.
int mem_alloc();

// Makes a page in use free and returns it. Anything else (0, reserved, free already, no page) is refused:
// 0, and nothing has changed. The page freed last is handed out first.
int mem_free(int page);
