// The primitives of CVM (seed 003, 5.2; decisions.md, 28-32): what an abstract kernel may do to its users. u is a process,
// 1..P; V(u) the size of its memory in pages of 4096 bytes. The abstract kernel defines `int i` and
// `int kdispatch(int mca, int edata)`, which must not return: it ends in cvm_start or cvm_wait.
//
// Results: 0 or a value; else the first of these that applies. Nothing has changed then, but with -5 (docs/cvm.md).
#pragma once

#define CVM_PROCESS (-1)  // no such process
#define CVM_NUMBER (-2)   // no such register, device or port
#define CVM_RANGE (-4)    // a range is not inside the process's memory; a size or count is negative or too large
#define CVM_MEMORY (-3)   // no swap slots, or no page tables, for so many pages
#define CVM_LOST (-5)     // a page of a user could not be read from the swap disk

#define P 128

int cvm_start(int u);  // runs u; returns only if there is no such process
int cvm_wait();        // waits for a device interrupt that the global mask lets through; does not return

int cvm_reset(int u);            // registers 0, DPC 0, PC 4, V 0, mask 0
int cvm_clone(int u1, int u2);   // u2 becomes what u1 is: registers, mask, memory
int cvm_alloc(int u, int x);     // x pages more, all zero
int cvm_free(int u, int x);      // the last x pages fewer
int cvm_get_size(int u);         // V(u)

// d bytes from address a1 of u1 to address a2 of u2; ranges that overlap are copied as memmove does.
int cvm_copy(int u1, int a1, int u2, int a2, int d);

int get_vm_gpr(int r, int u);         // r in 0..31; the value of the register, which may look like an error
int set_vm_gpr(int r, int u, int x);  // r0 stays 0

// dev in 1..6, port in 0..1023. (Device 0 is the swap disk, which is not there for the abstract kernel.)
int cvm_in_word(int dev, int port);
int cvm_out_word(int dev, int port, int x);

// n words between the port and u's memory from a, a multiple of 4, on.
int cvm_virt_in(int dev, int port, int u, int a, int n);
int cvm_virt_out(int dev, int port, int u, int a, int n);

// Which interrupts may stop u: bits 6..11 and 14..20 of m, as in SR; the others are ignored. u = 0: which may stop
// anyone. A user runs under the conjunction of its own mask and that one.
int cvm_set_mask(int u, int m);
