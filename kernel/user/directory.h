// The programs of the disk image, as vimg writes them into the memory of process 1 (docs/formats.md).
#pragma once

struct program {
  char name[32];  // empty: the end
  int process;    // dormant, to be cloned
  int pages;
};

#define PROGRAMS 64

extern struct program vimg_directory[PROGRAMS];
