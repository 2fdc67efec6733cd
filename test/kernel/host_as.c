// The address-space model (AS) as a C program for the host: what the kernel's sources are compiled with to know what they
// should print. Shares nothing with kernel/mem, pt, as. Low pages are handed out from the top here, since no kernel may
// depend on the order. An access to a page that is not allocated ends the run.
#include "kernel/as/as.h"
#include "kernel/babyvmm/memory.h"
#include "kernel/mem/mem.h"
#include "layout.h"

extern int exit(int status);
extern int kernel_init(void);

#ifndef FIRST
#error "FIRST is the first page behind the image"
#endif

static unsigned data[VPAGES * PAGE_WORDS];
static char allocated[VPAGES];  // low: handed out by mem_alloc; high: requested
static int in_use;              // frames, for low and high pages

static unsigned *word(unsigned address) {
  unsigned page = address >> 12;
  if (address & 3 || page >= VPAGES || !allocated[page]) exit(99);
  return &data[address >> 2];
}

unsigned ld(unsigned address) { return *word(address); }

int st(unsigned address, unsigned w) {
  *word(address) = w;
  return 0;
}

int mem_alloc() {
  int page = END_PAGE - 1;
  if (in_use == END_PAGE - FIRST) return 0;
  while (allocated[page]) page--;
  allocated[page] = 1;
  in_use++;
  return page;
}

int mem_free(int page) {
  if (page < FIRST || page >= END_PAGE || !allocated[page]) return 0;
  allocated[page] = 0;
  in_use--;
  return page;
}

int as_request(int space, int vpage) {
  if (space || vpage < NPAGES || vpage >= VPAGES || allocated[vpage] || in_use == END_PAGE - FIRST) return 0;
  allocated[vpage] = 1;
  in_use++;
  return vpage;
}

int as_release(int space, int vpage) {
  if (space || vpage < NPAGES || vpage >= VPAGES || !allocated[vpage]) return 0;
  allocated[vpage] = 0;
  in_use--;
  return vpage;
}

int main() { return kernel_init(); }
