// boot: from the header of the swap disk to the initial processes (docs/formats.md, "Disk images"; decisions.md, 33).
#pragma once

extern int boot_pages;  // pages of memory that are used, counted from address 0

// Reads the memory's size and the disk's header; afterwards processes 1.. are there, all their pages in their slots or zero.
// A disk that is no image, or does not fit, stops the machine: a line on the console, status 125.
int boot();
