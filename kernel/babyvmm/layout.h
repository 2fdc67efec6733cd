// BabyVMM's memory, in pages; docs/babyvmm.md has the picture. The only place where its numbers are.
//
//   0 .. 7           entry and save area (runtime/start/babyvmm.s)
//   8 .. FIRST-1     the image: text, constants, data, stack; FIRST follows from what was linked (boot word)
//   FIRST .. END-1   frames: what mem hands out; with FREE_PAGES only the last FREE_PAGES of them
//   END ..           mem_next, the page table; the end of memory is NPAGES
//   NPAGES ..        high memory, up to VPAGES
//
// NPAGES, and perhaps VPAGES and FREE_PAGES, come from the command line.
#pragma once

#ifndef VPAGES
#define VPAGES (2 * NPAGES)
#endif

#define PAGE_SIZE 4096
#define PAGE_WORDS 1024
#define WORD_PAGES(words) (((words) + PAGE_WORDS - 1) / PAGE_WORDS)

// pt.h
#define PT_ENTRIES VPAGES
#define PT_WINDOW NPAGES
#define PT_PAGE (NPAGES - WORD_PAGES(PT_ENTRIES))
#define PT_TABLE (PT_PAGE * PAGE_SIZE)

// mem.h
#define MEM_PAGES NPAGES
#define MEM_LIMIT MEM_PAGES
#define MEM_PAGE (PT_PAGE - WORD_PAGES(MEM_PAGES))
#define MEM_TABLE (MEM_PAGE * PAGE_SIZE)

#define END_PAGE MEM_PAGE

// runtime/start/babyvmm.s: the address of the word that holds __stack_top, and the numbers of the traps.
#define BOOT_STACK_TOP 8
#define TRAP_EXIT 1
#define TRAP_PUT_CHAR 2
#define TRAP_GET_CHAR 3
#define TRAP_FAULT 4

#define SPACE 0  // the only address space
