// pcb: process control blocks (seed 003, 6.1): the registers of every process that is not running, and where its page
// table is. entry.s knows the order of the fields.
#pragma once

#include "kernel/cvm/cvm.h"

struct pcb {
  int gpr[32];
  int dpc;
  int pc;
  int pto;   // PTO: the page where the process's table begins
  int ptl;   // PTL: V - 1
  int mask;  // which interrupts it lets through, as in SR
  int rm;
  int ieeef;
  int fcc;
  int unused[24];  // an index is a shift
};
#define PCB_SHIFT 8  // the size is 256 bytes

#define KERNEL 0      // its block holds the kernel's gpr[30] and the global mask
#define IDLE (P + 1)  // a user that loops, for cvm_wait
#define PCBS (P + 2)

// What a mask may contain: overflow and the floating-point exceptions, devices 1..7.
#define MASK_BITS 0x1FCFC0

extern struct pcb pcb[PCBS];

// Registers 0, DPC 0, PC 4, mask 0. The memory stays. 1 <= u <= P. Returns 0.
int pcb_reset(int u);

// The registers and the mask of u1, for u2. Returns 0.
int pcb_copy(int u1, int u2);
