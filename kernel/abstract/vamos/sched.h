// sched: the ready processes. The highest priority runs; among equals each has its slice in turn, so that a ready process of the
// highest priority waits at most the sum of the others' slices.
#pragma once

#include "kernel/abstract/vamos/process.h"

// p, which is in no ring, becomes ready: the last of its priority.
int sched_ready(struct process *p);

// p, which is ready, will not be: the caller says what it is.
int sched_remove(struct process *p);

// Both at once. Of equal priority, `to` takes p's place, and what is left of its slice.
int sched_hand_over(struct process *p, struct process *to);

// p, which is ready, lets the others of its priority go first.
int sched_yield(struct process *p);

// A tick found p running.
int sched_tick(struct process *p);

// Another priority and slice, whatever the state of p.
int sched_change(struct process *p, int priority, int slice);

// Who is to run is sched_ring[sched_top]; NULL: nobody is ready.
extern struct process *sched_ring[PRIORITIES];
extern int sched_top;  // the highest priority whose ring is not empty; 0 if all are
