// entry: into system mode and back (seed 003, 6.1). entry.s is init1.
#pragma once

extern int cup;  // the process that runs, or ran last

// The bottom of every kernel run: page faults are made good and the user goes on; reset boots; anything else is the
// abstract kernel's. Never returns.
int init2();

// Back to user mode: u runs on from pcb[u]. 1 <= u <= P + 1. Never returns.
int entry_start(int u);
