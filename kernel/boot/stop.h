// What ends the boot.
#pragma once

#define BOOT_MEMORY 0   // less memory than the tables and two frames need
#define BOOT_DISK 1     // the disk cannot be read
#define BOOT_HEADER 2   // it is no image, or one with impossible sizes
#define BOOT_PROCESS 3  // an initial process does not fit, or shares a slot with another

// A line on the console, then status 125. Does not return.
int boot_stop(int reason);
