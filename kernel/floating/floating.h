// floating: the floating-point registers of processes. They are switched when another process than their owner is started, and only
// then (decisions.md, 32), so a system call and a page fault leave them where they are.
//
// State: floating_registers[32 u + k] is f_k of u, unless u is floating_owner: then the unit has it. Nobody is 0, whose block takes
// what the unit happens to hold.
#pragma once

#define FLOATING_NOBODY 0

extern int floating_owner;

// The unit's registers become those of u, which owns them from now on; its owner's are kept. 0 <= u < PCBS. Returns 0.
int floating_switch(int u);

// The registers of u become 0. 1 <= u <= P. Returns 0.
int floating_clear(int u);

// The registers of u1, for u2. 1 <= u1, u2 <= P. Returns 0.
int floating_copy(int u1, int u2);
