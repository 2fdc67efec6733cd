// Causes of interrupts, as bits of mca, and devices (vamp.md), as far as abstract kernels care.
#pragma once

#define CAUSE_RESET 0x1
#define CAUSE_TRAP 0x20
#define CAUSE_TIMER 0x4000
#define CAUSE_DEVICES 0x1FC000                // 14..20, what a mask can let through
#define CAUSE_LOST (-0x7FFFFFFF - 1)          // bit 31: a page could not be read (decisions.md, 29)
#define CAUSE_FAULTS (CAUSE_LOST + 0x1FDE)    // 1..4, 6..12, 31: the process did something that it may not, or was struck

#define TIMER 1
#define TIMER_CONTROL 0
#define TIMER_PERIOD 1
#define TIMER_ACKNOWLEDGE 3
#define TIMER_ON 7                            // enabled, interrupts, reload

#define HOST 6
#define HOST_STATUS 0
#define HOST_PUT 1
#define HOST_GET 4
