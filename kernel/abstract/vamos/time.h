// time: those who wait for a limited time, in the order of their ends; each knows how many ticks it comes after the one before it.
#pragma once

#include "kernel/abstract/vamos/process.h"

extern int time_ticks;              // since the start, modulo 2^31
extern struct process *time_first;  // who is next; NULL: nobody

// p, which is not in the list, is to be woken after so many ticks, 1 or more.
int time_start(struct process *p, int ticks);

// p, which is in the list, no longer.
int time_stop(struct process *p);

// A tick passes.
int time_tick();

// Somebody whose time is over, no longer in the list; NULL: there is no other.
struct process *time_over();
