// The concrete kernel's memory, in pages; docs/cvm.md has the picture. The only place where its numbers are.
#pragma once

#define PAGE_SIZE 4096
#define PAGE_WORDS 1024
#define WORD_PAGES(words) (((words) + PAGE_WORDS - 1) / PAGE_WORDS)

// At most so many page frames, counted from address 0, and slots; one page of tables is the idle user's.
#define MAX_PAGES 65536
#define MAX_SLOTS 65536
#define PTSPACE_PAGES 257

// Two words below the image, for entry.s.
#define ENTRY_CURRENT 0x7FFC

// The image with heap and stack ends here.
#define TABLES_PAGE 512

// pt.h
#define PT_ENTRIES (PTSPACE_PAGES * PAGE_WORDS)
#define PT_WINDOW 0
#define PT_PAGE TABLES_PAGE
#define PT_TABLE (PT_PAGE * PAGE_SIZE)

// swap.h
#define SLOT_PAGE (PT_PAGE + PTSPACE_PAGES)

// mem.h: pages from boot_pages on are not used.
#define MEM_PAGES MAX_PAGES
#define MEM_LIMIT boot_pages
#define MEM_PAGE (SLOT_PAGE + PTSPACE_PAGES)
#define MEM_TABLE (MEM_PAGE * PAGE_SIZE)
extern int boot_pages;

// pfh.h: four tables
#define PFH_PAGE (MEM_PAGE + WORD_PAGES(MAX_PAGES))
#define PFH_TABLE(i) ((PFH_PAGE + (i) * WORD_PAGES(MAX_PAGES)) * PAGE_SIZE)

#define SWAP_PAGE (PFH_PAGE + 4 * WORD_PAGES(MAX_PAGES))

// Frames: the one that all zero pages share, the idle user's, and what mem hands out.
#define ZERO_FRAME (SWAP_PAGE + WORD_PAGES(MAX_SLOTS))
#define IDLE_FRAME (ZERO_FRAME + 1)
#define FIRST_FRAME (IDLE_FRAME + 1)
