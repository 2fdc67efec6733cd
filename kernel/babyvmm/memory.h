// The seed's *(e): a word of the address space, low or high, at an address that is a multiple of 4. In C0A alone there
// is no other way to high memory (decisions.md, 22). A page that is not allocated must not be touched.
#pragma once

unsigned ld(unsigned address);
int st(unsigned address, unsigned word);  // returns 0
