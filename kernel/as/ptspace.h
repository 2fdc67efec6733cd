// What as asks its client: where the table of an address space lies, and which pages can be requested there (decisions.md, 21:
// "ptspace owns bases"). Each client has its own implementation; BabyVMM's is constant. The functions change nothing.
#pragma once

int ptspace_base(int space);   // in pages from the start of PT_TABLE (pt.h); -1: there is no such space
int ptspace_first(int space);  // the first page that may be requested
int ptspace_end(int space);    // one past the last
