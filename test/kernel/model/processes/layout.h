// A second client of mem, pt and as, as the CVM implementation is one: several tables in one array, no window.
#pragma once

#define NPAGES 128
#define PAGE_SIZE 4096
#define PAGE_WORDS 1024

#define PT_ENTRIES 5000
#define PT_WINDOW 0
#define PT_PAGE 100
#define PT_TABLE (PT_PAGE * PAGE_SIZE)

#define MEM_PAGES 96
#define MEM_LIMIT MEM_PAGES
#define MEM_PAGE 99
#define MEM_TABLE (MEM_PAGE * PAGE_SIZE)

#define END_PAGE 96
