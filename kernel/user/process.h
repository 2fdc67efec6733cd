// What user programs do with processes, a level above vamos.h.
#pragma once

#include "kernel/user/vamos.h"

int self();  // this process
int fork();  // vamos_clone of this process: the child, 0 in the child, or an error

// Waits until this child has ended; m is the kernel's message about it. Other messages of the kernel are lost. Returns m->word[0].
int wait_for(int child, struct message *m);

// "exited 3", "killed by 2", "fault 4", for printf.
const char *ending(const struct message *m);

void sleep(int ticks);
