// process: the table of processes, and rings of processes.
#pragma once

#include "kernel/abstract/vamos/calls.h"
#include "kernel/cvm/cvm.h"

struct process {
  int id;     // 1..P; its virtual machine has the same number
  int state;  // STATE_..
  struct process *next;  // in the ring it is in: the ready ones of its priority (READY), the senders of its partner
  struct process *prev;  // (SENDING), the dead children of its parent (DEAD), the unused ones (FREE)

  int priority;
  int slice;  // ticks that it may run while others of its priority wait
  int left;   // of these
  int used;   // ticks that found it running

  int from;         // RECEIVING: whose messages it takes, an id, KERNEL or ANYBODY
  bool requests;    // SENDING: it will receive from its partner then
  bool has_buffer;  // SENDING, RECEIVING: r17 and r18 are its buffer, which lies in its memory
  struct process *partner;  // SENDING: to whom
  struct process *senders;  // ring of those who wait to send to it

  bool timed;  // it waits for a limited time, and is in the list of time.c0:
  int ticks;   // after the one before it in the list
  struct process *sooner;
  struct process *later;

  struct process *parent;  // NULL: none
  struct process *dead;    // ring of its dead children
  int word0;               // DEAD: what its parent will be told
  int word2;
  int interrupts;          // bit d: device d wants its driver, which is this process
  bool privileged;
  bool open;               // everybody may send to it
  bool may_send[P + 1];    // to whom, beside those
};

extern struct process process_table[P + 1];  // process_table[0] is not used
extern struct process *process_current;      // who runs, or ran last; NULL: nobody
extern int process_living;                   // READY, SENDING or RECEIVING

// Makes the table: a process is what has memory; 1 will be ready, others dormant.
int process_begin();

// The process with this number; NULL: there is none, or it is dead. Any number will do.
struct process *process_find(int id);

// An unused process, now DORMANT, a child of `parent` with its scheduling parameters, and with the right to send to it and
// to get messages from it. NULL: none is left.
struct process *process_new(struct process *parent);

// Back to the unused ones.
int process_delete(struct process *p);

// May p decide about q?
bool process_controls(struct process *p, struct process *q);

// A ring is named by its first process, NULL if it is empty. These return the ring as it is then.
struct process *ring_append(struct process *ring, struct process *p);  // p, in no ring, becomes the last
struct process *ring_remove(struct process *ring, struct process *p);  // p is in the ring
