// life: how processes begin and end.
#pragma once

#include "kernel/abstract/vamos/process.h"

// The calls, made by p. Result or error.
int life_create(struct process *p, int pages);
int life_clone(struct process *p, int id);
int life_fill(struct process *p, int id, int to, int from, int bytes);
int life_start(struct process *p, int id);
int life_kill(struct process *p, int id);
int life_schedule(struct process *p, int id, int priority, int slice);
int life_privilege(struct process *p, int id, int yes);
int life_allow(struct process *p, int from, int to, int yes);

// p has ended, and with it its children and theirs: message is MESSAGE_EXITED, MESSAGE_KILLED or MESSAGE_FAULT, word as there.
int life_end(struct process *p, int message, int word);

// p, which is dormant, is ready.
int life_begin(struct process *p);

// How process 1 ended: the status of the system.
extern int life_status;
